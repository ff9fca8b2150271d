"""Amounts in whole units, how they are said and how typed ones are read. Pure, apart from the language.

Credits are hundredths of a credit, money is fen, time is minutes: whole numbers everywhere, never floats. Credits are
an honour and never money: they are shown without a sign of currency.
"""

import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.core.errors import Refusal

HUNDREDTHS = 100  # of a credit, and fen in a yuan
MOST_CREDITS = 10_000_000 * HUNDREDTHS  # of one act; more is a slip of the finger
MOST_FEN = 10_000_000_000 * HUNDREDTHS
MOST_MINUTES = 480  # of one entry (志愿者服务记录: eight hours of a day)
_DECIMAL = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,15}))?")


def credits_words(amount: int) -> str:
    """Credits as people read them: 1250 → `12.5`, 100000 → `1,000`, -5 → `-0.05`."""
    whole, rest = divmod(abs(amount), HUNDREDTHS)
    decimals = f".{rest:02d}".rstrip("0").rstrip(".")
    return f"{'-' if amount < 0 else ''}{whole:,}{decimals}"


def yuan(fen: int) -> str:
    """Money in yuan with its fen: 12345 → `123.45`, 100000000 → `1,000,000.00`."""
    whole, rest = divmod(abs(fen), HUNDREDTHS)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def hours_words(minutes: int) -> str:
    """A length of service: 95 → `1 小时 35 分`, in the language of the page."""
    hours, rest = divmod(abs(minutes), 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": f"{hours:,}"})
    if rest or not hours:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return ("-" if minutes < 0 else "") + " ".join(parts)


def read_credits(typed: object, field: str = "amount", *, zero: bool = False, most: int = MOST_CREDITS) -> int:
    """Hundredths of a credit from what a person typed: `12.5` → 1250. Raises Refusal at `field`; see `_read`."""
    return _read(typed, field, zero, most, _("Credits have two decimals at most."))


def read_yuan(typed: object, field: str = "price", *, zero: bool = False, most: int = MOST_FEN) -> int:
    """Fen from a typed sum in yuan: `123.45` → 12345. Raises Refusal at `field`; see `_read`."""
    return _read(typed, field, zero, most, _("A sum has two decimals at most."))


def read_minutes(typed: object, field: str = "minutes", *, zero: bool = False, most: int = MOST_MINUTES) -> int:
    """Whole minutes from what a person typed: `95`, `1:35`. Raises Refusal at `field`; see `_read`."""
    said = typed if isinstance(typed, str) else str(typed) if type(typed) is int else ""
    clock = re.fullmatch(r"([0-9]{1,5}):([0-5][0-9])", _plain(said))
    if clock:
        return within(int(clock[1]) * 60 + int(clock[2]), field, zero=zero, most=most)
    if "." in _plain(said):
        raise Refusal(_("Minutes are whole numbers."), field=field, code="decimals")
    return _read(typed, field, zero, most * HUNDREDTHS, _("Minutes are whole numbers.")) // HUNDREDTHS


def within(amount: object, field: str = "amount", *, zero: bool = False, most: int = MOST_CREDITS) -> int:
    """An amount that is a whole number above zero (or zero, where allowed), and not too large. Raises Refusal.

    A float is refused even if it is whole: where one came from, the next won't be.
    """
    if type(amount) is not int:
        raise Refusal(_("This is not a whole number."), field=field, code="no_number")
    if amount < 0 or (amount == 0 and not zero):
        raise Refusal(_("Give a number above zero."), field=field, code="too_small")
    if amount > most:
        raise Refusal(_("This number is too large."), field=field, code="too_large")
    return amount


def _read(typed: object, field: str, zero: bool, most: int, finer: str) -> int:
    """A typed decimal number in hundredths: full-width digits, commas between thousands and spaces are understood.

    Raises Refusal at `field`: code `no_number` (words, a float), `decimals`, `too_small` (below or at zero),
    `too_large`.
    """
    if type(typed) is int:
        return within(typed * HUNDREDTHS, field, zero=zero, most=most)
    said = _plain(typed) if isinstance(typed, str) else ""
    if re.fullmatch(r"[-−]\s*" + _DECIMAL.pattern, said):
        raise Refusal(_("Give a number above zero."), field=field, code="too_small")
    found = _DECIMAL.fullmatch(_ungrouped(said))
    if found is None:
        raise Refusal(_("Write a number, such as 12.5."), field=field, code="no_number")
    decimals = (found[2] or "").rstrip("0")
    if len(decimals) > 2:
        raise Refusal(finer, field=field, code="decimals")
    return within(int(found[1]) * HUNDREDTHS + int(decimals.ljust(2, "0")), field, zero=zero, most=most)


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip().replace("。", ".").replace("：", ":")


def _ungrouped(said: str) -> str:
    """Without the commas of `12,345.60`; other commas stay, and the number is refused."""
    return said.replace(",", "") if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", said) else said

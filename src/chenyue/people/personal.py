"""Personal data in one spelling, for finding it again by blind index. Pure."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from chenyue.core import crypto
from chenyue.core.errors import Refusal
from chenyue.core.text import clean, fold

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK = "10X98765432"


def phone(typed: str) -> str:
    """A telephone number in one spelling: digits only, without +86; an extension after 转 stays after `-`.

    `１３８ 0000-0001`, `+86 13800000001` and `8613800000001` are all `13800000001`.
    Raises Refusal (field `phone`) for what can't be a number; the empty string stays empty.
    """
    text = unicodedata.normalize("NFKC", clean(typed)).strip()
    if not text:
        return ""
    main, *extension = re.split(r"转|分机|ext\.?", text, maxsplit=1, flags=re.IGNORECASE)
    digits = re.sub(r"\D", "", main)
    for prefix in ("0086", "86"):
        rest = digits.removeprefix(prefix)
        # Landlines with a country code keep their area code without the zero: 86 531 … → 0531 …
        if rest != digits and len(rest) >= 10:
            digits = rest if re.fullmatch(r"1[3-9]\d{9}", rest) or rest.startswith("0") else "0" + rest
            break
    if not 5 <= len(digits) <= 15 or re.search(r"[^\d\s()+\-.–—·]", main):
        raise Refusal(_("This is not a telephone number."), field="phone", code="bad_phone")
    inner = re.sub(r"\D", "", extension[0]) if extension else ""
    return f"{digits}-{inner}" if inner else digits


def name(typed: str) -> str:
    """A name as stored: cleaned, one space between words."""
    return re.sub(r"\s+", " ", clean(typed))[:60]


def id_number(typed: str) -> str:
    """An 18-digit resident ID number, checked. Raises Refusal (field `id_number`)."""
    text = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", clean(typed))).upper()
    if not text:
        return ""
    if not re.fullmatch(r"\d{17}[\dX]", text) or text[17] != _check_digit(text):
        raise Refusal(_("This ID number is mistyped: its last digit doesn't fit."), field="id_number", code="bad_id")
    return text


def _check_digit(text: str) -> str:
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True)) % 11]


def phone_index(typed: str) -> str:
    """The blind index of a telephone number; empty for what isn't one."""
    try:
        return crypto.blind_index(phone(typed), "phone")
    except Refusal:
        return ""


def name_index(typed: str) -> str:
    """The blind index of a name, whatever its width, case, spaces or script."""
    return crypto.blind_index(re.sub(r"[\s·•]", "", fold(name(typed))), "name")


def id_index(typed: str) -> str:
    """The blind index of an ID number; empty for what isn't one."""
    try:
        return crypto.blind_index(id_number(typed), "id")
    except Refusal:
        return ""

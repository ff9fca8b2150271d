"""The rotating code of an activity: a new one each thirty seconds, from a secret that never leaves the server. Pure.

A code names its window (the number of thirty seconds since 1970) and carries a keyed fingerprint of it, cut to 80 bits.
Nothing but the server's clock counts: what a telephone believes the time to be changes nothing.
"""

import hashlib
import hmac
import secrets
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal

SECONDS = 30  # of a window
GRACE = 2  # windows after its own in which a code still counts as read now: opening a page takes a moment
AHEAD = 1  # windows before its own: two machines of one office may differ by seconds
DIGITS = string.digits + string.ascii_lowercase
LENGTH = 20  # hex digits of the fingerprint
TYPED = 6  # digits of the code that is typed where no camera reads


@dataclass(frozen=True)
class Reading:
    """A true code: its window, its moment (when that window began), and whether it was read a while ago."""

    window: int
    at: datetime
    late: bool


def new_secret() -> str:
    """A secret for an activity (256 bits)."""
    return secrets.token_hex(32)


def window_of(at: datetime) -> int:
    """The number of the window that a moment lies in."""
    return int(at.timestamp()) // SECONDS


def begin(window: int) -> datetime:
    """The moment a window begins."""
    return datetime.fromtimestamp(window * SECONDS, UTC)


def code(secret: str, number: str, window: int) -> str:
    """The code of this activity in this window, fit for an address."""
    return f"{_base36(window)}-{_fingerprint(secret, number, window, 'read')[:LENGTH]}"


def typed_code(secret: str, number: str, window: int) -> str:
    """The same as six digits, for whoever has no camera. Guessing is limited by whoever asks."""
    found = int(_fingerprint(secret, number, window, "typed"), 16) % 10**TYPED
    return f"{found:0{TYPED}d}"


def read(secret: str, number: str, given: str, at: datetime, late_hours: int) -> Reading:
    """What a code says at this moment of the server.

    Raises Refusal: `forged` for none of this activity's, `future` for one that isn't shown yet, `old` for one read
    more than `late_hours` ago.
    """
    window = _window(given)
    if window is None or not hmac.compare_digest(code(secret, number, window), given.strip().lower()):
        raise Refusal(_("This is no code of this activity. Scan the one that is shown now."), code="forged")
    return _reading(window, at, late_hours)


def read_typed(secret: str, number: str, given: str, at: datetime) -> Reading:
    """The same for six typed digits: only those that are shown now, or were a moment ago. Raises Refusal `forged`."""
    now, digits = window_of(at), "".join(c for c in given if c in string.digits)
    for window in range(now + AHEAD, now - GRACE - 1, -1):
        if hmac.compare_digest(typed_code(secret, number, window), digits):
            return _reading(window, at, 0)
    raise Refusal(
        _("These digits aren't shown any more. Type the ones that stand there now."), field="digits", code="forged"
    )


def _reading(window: int, at: datetime, late_hours: int) -> Reading:
    now, moment = window_of(at), begin(window)
    if window > now + AHEAD:
        raise Refusal(_("This code isn't shown yet. Scan the one that is shown now."), code="future")
    if window >= now - GRACE:
        return Reading(window, min(moment, at), late=False)
    if at - moment > timedelta(hours=late_hours):
        raise Refusal(_("This code is too old. Ask the organiser to write you on the list instead."), code="old")
    return Reading(window, moment, late=True)


def _window(given: str) -> int | None:
    head, dash, rest = given.strip().lower().partition("-")
    if not dash or not 1 <= len(head) <= 8 or len(rest) != LENGTH or not set(head) <= set(DIGITS):
        return None
    return int(head, 36)


def _base36(number: int) -> str:
    found = ""
    while number:
        number, digit = divmod(number, 36)
        found = DIGITS[digit] + found
    return found or "0"


def _fingerprint(secret: str, number: str, window: int, use: str) -> str:
    said = f"volunteering.{use}:{number}:{window}"
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()

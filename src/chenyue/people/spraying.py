"""Against a few common passwords tried on many user names, from one address or from many.

The lock for one name at one address (django-axes) doesn't see that. So wrong passwords are also counted for each
address and for the whole office, and from a limit on only browsers may try in which that member has signed in
before: a colleague behind the same router as a careless or hostile neighbour works on. Such a browser holds a
signed mark with fingerprints of user names; its wrong passwords are counted for that name alone, so that a stolen
mark is no free ticket. All counts end by themselves.

Why these limits: 200 members behind one router who all sign in on new computers within a quarter of an hour, a
sixth of all tries wrong, make 40 wrong ones; 60 are reached on 3 such mornings in 1,000 (tests). Whoever tries
passwords gets at most 200 a day from one address, and 600 a day from any number of them.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from chenyue.core import cookies, crypto
from chenyue.core.errors import Refusal
from chenyue.core.limits import Limit, address, note, reached
from chenyue.people import devices

COOKIE = cookies.named("chenyue_known")
LASTS = 180 * 24 * 3600  # seconds
HELD = 12  # members of one browser: the computer of a reception room has several
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
ADDRESS = (Limit("sign-in", 60, QUARTER), Limit("sign-in-day", 200, DAY))
OFFICE = (Limit("sign-in-office", 150, QUARTER), Limit("sign-in-office-day", 600, DAY))
KNOWN = Limit("sign-in-known", 20, timedelta(hours=1))


class TooMany(Refusal):
    """Too many wrong passwords; the right one isn't tried either."""

    status = 429

    def __init__(self) -> None:
        sentence = _(
            "Many wrong passwords were tried in a short time. Sign in at a computer on which you have signed in "
            "before, or wait a quarter of an hour. If it goes on, tell whoever manages the members in your office."
        )
        super().__init__(sentence, code="too_many")


def guard(request: HttpRequest, username: str, at: datetime) -> None:
    """Raise TooMany where no more passwords are tried. No statement; before the password is hashed, which is dear."""
    if knows(request, username) and not reached(KNOWN, username, at):
        return
    counted = [*((limit, address(request)) for limit in ADDRESS), *((limit, "all") for limit in OFFICE)]
    if any(reached(limit, who, at) for limit, who in counted):
        raise TooMany


def failed(request: HttpRequest, username: str, at: datetime) -> None:
    """Count a wrong password, or one for a name that doesn't exist."""
    if knows(request, username) and not reached(KNOWN, username, at):
        note(KNOWN, username, at)
        return
    for limit in ADDRESS:
        note(limit, address(request), at)
    for limit in OFFICE:
        note(limit, "all", at)


def knows(request: HttpRequest, username: str) -> bool:
    """Whether this member has signed in from this browser before."""
    return _fingerprint(username) in _marks(request)


def remember(request: HttpRequest, answer: HttpResponse, username: str) -> HttpResponse:
    """Mark the browser: this member has signed in here."""
    marks = [_fingerprint(username), *(m for m in _marks(request) if m != _fingerprint(username))][:HELD]
    devices.set_cookie(answer, COOKIE, signing.dumps(marks, salt=COOKIE), LASTS)
    return answer


def _marks(request: HttpRequest) -> list[str]:
    try:
        return list(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LASTS))
    except signing.BadSignature:
        return []


def _fingerprint(username: str) -> str:
    return crypto.blind_index(username.strip().lower(), COOKIE)[:16]

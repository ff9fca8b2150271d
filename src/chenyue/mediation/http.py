"""What the views of mediation share: who asks, when, which mediation, acting once, and guesses at codes."""

from datetime import timedelta

from django.http import FileResponse, HttpRequest
from django.utils import timezone

from chenyue.core import http, limits
from chenyue.core.acting import acted, done, now, page, posted, sent
from chenyue.core.errors import NotFound
from chenyue.core.http import personal
from chenyue.core.kept_files import Opened
from chenyue.mediation import seeing
from chenyue.mediation.models import Mediation, Party
from chenyue.people.http import member_of

__all__ = ["acted", "done", "find", "member_of", "now", "page", "party_of", "personal", "posted", "sent", "served"]

GUESSES = limits.Limit("mediation-code", 15, timedelta(minutes=15))  # wrong codes from one address


def find(request: HttpRequest, number: str, to: str = "see") -> Mediation:
    """The mediation of this number; see `seeing.mediation_for`."""
    return seeing.mediation_for(member_of(request), number, to=to)


def party_of(request: HttpRequest, code: str) -> Party:
    """The party whose page this is. Wrong codes are counted: after too many nothing opens from this address."""
    at = timezone.now()
    if limits.reached(GUESSES, limits.address(request), at):
        raise NotFound
    try:
        return seeing.party_for_code(code)
    except NotFound:
        limits.note(GUESSES, limits.address(request), at)
        raise


def served(found: Opened) -> FileResponse:
    """A stored file, kept nowhere on the way; see `core.http.served`."""
    return personal(http.served(found))

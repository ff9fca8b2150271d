"""What the views of mediation share: who asks, when, which mediation, acting once, and answering a refusal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from chenyue.core import http, limits
from chenyue.core.acting import done, now, page, sent
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.kept_files import Opened
from chenyue.mediation import seeing
from chenyue.mediation.models import Mediation, Party
from chenyue.people.http import member_of

__all__ = ["acted", "done", "find", "member_of", "now", "page", "party_of", "personal", "posted", "sent", "served"]

A = TypeVar("A", bound=HttpResponseBase)
GUESSES = limits.Limit("mediation-code", 15, timedelta(minutes=15))  # wrong codes from one address


def posted(request: HttpRequest) -> Any:
    """What a form was sent with: None for a form that is shown first, an empty form sent is still sent."""
    return request.POST if request.method == "POST" else None


def find(request: HttpRequest, number: str, to: str = "see") -> Mediation:
    """The mediation of this number; see `seeing.mediation_for`."""
    return seeing.mediation_for(member_of(request), number, to=to)


def acted(request: HttpRequest, scope: str, act: Callable[[], Any], said: Any = "") -> bool:
    """Run `act` once for a button; what is refused is said above the page that follows."""

    def run() -> dict[str, Any]:
        act()
        return {}

    try:
        http.once(request, scope, run, sent(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return False
    if said:
        messages.success(request, str(said))
    return True


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


def personal(answer: A) -> A:
    """A page behind a party's code, or of what is sealed: nobody on the way keeps it, no search engine finds it."""
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def served(found: Opened) -> FileResponse:
    """A stored file with the type it was sniffed as; never run, never guessed by the browser, kept nowhere."""
    inline = found.content_type.startswith("image/") or found.content_type == "application/pdf"
    answer = FileResponse(found.file, content_type=found.content_type, filename=found.name, as_attachment=not inline)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    personal(answer)
    return answer

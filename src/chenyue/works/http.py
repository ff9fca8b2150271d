"""What the views of works share: who asks, when, which project, acting once, and answering a refusal."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone

from chenyue.core import http, limits
from chenyue.core.acting import done, now, page, sent
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.kept_files import Opened
from chenyue.people.http import member_of
from chenyue.works.models import Project
from chenyue.works.queries import project_for

__all__ = [
    "acted",
    "done",
    "find",
    "guess",
    "may_guess",
    "member_of",
    "now",
    "page",
    "personal",
    "posted",
    "sent",
    "served",
    "today",
    "uploaded",
]


def today(at: datetime | None = None) -> date:
    """The day on the office's wall."""
    return timezone.localtime(at or timezone.now()).date()


def posted(request: HttpRequest) -> Any:
    """What a form was sent with: None for a form that is shown first, an empty form sent is still sent."""
    return request.POST if request.method == "POST" else None


def uploaded(request: HttpRequest) -> Any:
    """The files that came with a form; None for a form that is shown first."""
    return request.FILES if request.method == "POST" else None


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


def served(found: Opened) -> FileResponse:
    """A stored file with the type it was sniffed as; never run, never guessed by the browser."""
    inline = found.content_type.startswith("image/") or found.content_type == "application/pdf"
    answer = FileResponse(found.file, content_type=found.content_type, filename=found.name, as_attachment=not inline)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def find(request: HttpRequest, number: str, to: str = "see") -> Project:
    """The project of this number. NotFound for who may not see it, NotAllowed for who sees it but may not do that."""
    project = project_for(member_of(request), number, to)
    prefetch_related_objects([project], "estates")
    return project


GUESSES = limits.Limit("works-code", 15, timedelta(minutes=15))  # wrong codes of letters from one address


def may_guess(request: HttpRequest) -> bool:
    """Whether this address may still try codes."""
    return not limits.reached(GUESSES, limits.address(request), timezone.now())


def personal(answer: HttpResponse) -> HttpResponse:
    """A page behind the code of a letter: nobody on the way keeps it, no search engine finds it."""
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def guess(request: HttpRequest) -> None:
    """A code opened nothing: count it."""
    limits.note(GUESSES, limits.address(request), timezone.now())

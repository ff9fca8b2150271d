"""What the views of works share: who asks, when, which project, acting once, and guesses at codes."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from chenyue.core import limits
from chenyue.core.acting import acted, done, now, page, posted, sent
from chenyue.core.http import personal, served
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


def uploaded(request: HttpRequest) -> Any:
    """The files that came with a form; None for a form that is shown first."""
    return request.FILES if request.method == "POST" else None


def find(request: HttpRequest, number: str, to: str = "see") -> Project:
    """The project of this number. NotFound for who may not see it, NotAllowed for who sees it but may not do that."""
    project = project_for(member_of(request), number, to)
    prefetch_related_objects([project], "estates")
    return project


GUESSES = limits.Limit("works-code", 15, timedelta(minutes=15))  # wrong codes of letters from one address


def may_guess(request: HttpRequest) -> bool:
    """Whether this address may still try codes."""
    return not limits.reached(GUESSES, limits.address(request), timezone.now())


def guess(request: HttpRequest) -> None:
    """A code opened nothing: count it."""
    limits.note(GUESSES, limits.address(request), timezone.now())

"""Why this date: the promises of a case in plain sentences, from the inputs that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.cases.models import Assignment, AssignmentRole, Case, Extension, Pause
from chenyue.cases.verbs import moment
from chenyue.workdays import clock as workclock
from chenyue.workdays.queries import calendar
from chenyue.workdays.spans import Span

NAMES = {
    "accept": gettext_lazy("Accept by"),
    "contact": gettext_lazy("First contact by"),
    "resolve": gettext_lazy("Answer by"),
}


@dataclass(frozen=True)
class Explained:
    """A promise: until when, when it was kept, and how the date came about."""

    code: str
    name: Promise
    due_at: datetime
    done_at: datetime | None
    sentences: list[str]


def explain(
    case: Case,
    *,
    assignments: Sequence[Assignment] | None = None,
    pauses: Sequence[Pause] | None = None,
    granted: Extension | Literal[False] | None = None,
) -> list[Explained]:
    """The promises that were made, in order. What isn't given is read (three statements at most).

    `granted` False: it is known that the promise was never extended.
    """
    if pauses is None:
        pauses = list(Pause.objects.filter(case=case, round=case.round).order_by("starts_at"))
    if granted is None:
        mine = Extension.objects.filter(case=case, round=case.round, state=Extension.State.GRANTED)
        granted = mine.order_by("-decided_at").first()
    stops = [(p.starts_at, p.ended_at or p.until) for p in pauses]
    sent = _sent_at(case, assignments)
    promises = [
        ("accept", case.accept_by, sent, [], case.accept_due_at, case.accepted_at, None),
        ("contact", case.contact_by, case.clock_started_at, stops, case.contact_due_at, case.contacted_at, None),
        ("resolve", case.resolve_by, case.clock_started_at, stops, case.resolve_due_at, case.answered_at, granted),
    ]
    return [
        Explained(code, NAMES[code], due, done, _sentences(span, start, stretches, due, extension or None))
        for code, span, start, stretches, due, done, extension in promises
        if due is not None
    ]


def _sent_at(case: Case, assignments: Sequence[Assignment] | None) -> datetime | None:
    found = Assignment.objects.filter(case=case, active=True) if assignments is None else assignments
    lead = next((a for a in found if a.active and a.role == AssignmentRole.LEAD), None)
    return lead.sent_at if lead else case.dispatched_at


def _sentences(
    span: str, start: datetime | None, stops: list[workclock.Pause], due: datetime, granted: Extension | None
) -> list[str]:
    found = workclock.explain(start, Span.parse(span), stops, calendar()) if span and start else []
    if granted is not None and granted.decided_at is not None:
        decided = moment(granted.decided_at.isoformat())
        found.append(_("Extended on %(day)s: %(reason)s") % {"day": decided, "reason": granted.reason})
        found.append(_("So it is due on %(day)s.") % {"day": moment(due.isoformat())})
    return found

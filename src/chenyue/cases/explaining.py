"""Why this date: the promises of a case in plain sentences, from the inputs that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    granted: Extension | None = None,
) -> list[Explained]:
    """The promises that were made, in order. What isn't given is read (three statements at most)."""
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
        Explained(code, NAMES[code], due, done, _sentences(span, start, stretches, due, extension))
        for code, span, start, stretches, due, done, extension in promises
        if due is not None
    ]


def _sent_at(case: Case, assignments: Sequence[Assignment] | None) -> datetime | None:
    if assignments is None:
        assignments = Assignment.objects.filter(case=case, active=True, role=AssignmentRole.LEAD)[:1]
    lead = next((a for a in assignments if a.active and a.role == AssignmentRole.LEAD), None)
    return lead.sent_at if lead else case.dispatched_at


def _sentences(
    span: str, start: datetime | None, stops: list[workclock.Pause], due: datetime, granted: Extension | None
) -> list[str]:
    found = []
    if span and start:
        found = workclock.explain(start, Span.parse(span), stops, calendar())
    if granted is not None and granted.decided_at is not None:
        found.append(
            _("Extended on %(day)s: %(reason)s") % {"day": moment(granted.decided_at.isoformat()), "reason": granted.reason}
        )
        found.append(_("So it is due on %(day)s.") % {"day": moment(due.isoformat())})
    return found

"""The clocks of a case: three promises, the look at a new case, the review of a return.

Due moments are columns, computed once when an input changes; the inputs stay (spans, start, pauses,
extensions), so that a screen can say why this date. What must happen next is stored as well
(`next_at`, `next_step`); `ticks.py` asks for it.

| clock | runs from | until |
|---|---|---|
| triage | received | dispatched, settled or declined |
| accept | sent to the unit (anew for each lead unit) | accepted |
| contact, resolve | dispatched; emergencies: received; a new round: reopened | contacted; answered |
| review | a unit returned the case | reviewed |

A pause stops contact and resolve. Emergencies run by the wall (the catalogue sees to their spans).

What was told longer than `NEWS` before it was filed (a pile of old letters, another system's cases) is
history: nobody can be late with what the office didn't have. No clock runs and nothing is taken for a
danger of this hour until a person takes the case up; its promises begin at that moment.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chenyue.cases.lifecycle import State
from chenyue.cases.models import Appeal, Case, Extension, Pause
from chenyue.catalogue.models import Urgency
from chenyue.core import office
from chenyue.workdays import clock as workclock
from chenyue.workdays.calendar import Calendar
from chenyue.workdays.queries import calendar as office_calendar
from chenyue.workdays.spans import Span, Unit

TRIAGE, ACCEPT, CONTACT, RESOLVE, REVIEW, RESUME = "triage", "accept", "contact", "resolve", "review", "resume"
WARN, DUE, LATE = "warn", "due", "late"
STEPS = (WARN, DUE, LATE)
NEWS = timedelta(days=30)  # longer ago than any usual promise
PUT_OFF = timedelta(hours=1)  # for a case whose step failed
Stretch = tuple[datetime, datetime]


def is_news(told: Case | Appeal, at: datetime) -> bool:
    """Whether what is told is still news at `at`; else no promise can run from when it was told."""
    return at - told.received_at <= NEWS


def since(case: Case, at: datetime) -> datetime:
    """From when promises run that begin at `at` for a new case: since it was received, unless that is long ago."""
    return case.received_at if is_news(case, at) else at


def begin_triage(case: Case, at: datetime | None = None) -> None:
    """Start the clock of a new case from `at` (else from when it was received); an emergency's promises run at once."""
    case.triage_due_at = _due(office.get("triage_within")[case.urgency], at or case.received_at, case)
    forget(case, TRIAGE)
    if case.urgency == Urgency.EMERGENCY:
        begin_round(case, at or case.received_at)


def begin_round(case: Case, at: datetime) -> None:
    """Start contact and resolve of a round; an emergency's first round goes on as it has since it was received."""
    if case.urgency == Urgency.EMERGENCY and case.round == 1:
        at = case.clock_started_at or since(case, at)
    case.clock_started_at = at
    case.promise_provisional = False
    case.contact_due_at = _due(case.contact_by, at, case)
    case.resolve_due_at = _due(case.resolve_by, at, case)


def begin_accept(case: Case, at: datetime) -> None:
    """Start the accept clock of the unit that was just given the case."""
    case.accepted_at = None
    case.accept_due_at = _due(case.accept_by, at, case)
    forget(case, ACCEPT)


def begin_review(case: Case, at: datetime) -> datetime:
    """Start the clock of the dispatcher who reviews a return; when it is due."""
    due = workclock.due(at, Span.parse(office.get("review_return_within")), [], office_calendar()).at
    case.review_due_at = due
    forget(case, REVIEW)
    return due


def hasten(case: Case, at: datetime) -> None:
    """A case that turned out to be an emergency: new promises by the wall from now on, never later than before."""
    was_contact, was_resolve = case.contact_due_at, case.resolve_due_at
    case.clock_started_at = at
    contact, resolve = _due(case.contact_by, at, case), _due(case.resolve_by, at, case)
    case.contact_due_at = min((d for d in (was_contact, contact) if d), default=None)
    case.resolve_due_at = min((d for d in (was_resolve, resolve) if d), default=None)


def forget(case: Case, *clocks: str) -> None:
    """Drop the steps that were taken for these clocks: they run anew."""
    case.steps_done = [step for step in case.steps_done if step.split(":")[0] not in clocks]


def _due(span: str, start: datetime, case: Case, pauses: Iterable[Stretch] = ()) -> datetime | None:
    if not span:
        return None
    found = workclock.due(start, Span.parse(span), list(pauses), office_calendar())
    case.promise_provisional = case.promise_provisional or found.provisional
    return found.at


def recompute(case: Case, pauses: list[Pause], granted: Extension | None) -> None:
    """Contact and resolve after a pause began, ended, or changed its end; a kept or moved promise is respected."""
    if case.clock_started_at is None:
        return
    stretches = [(p.starts_at, p.ended_at or p.until) for p in pauses]
    case.promise_provisional = False
    if case.contacted_at is None:
        case.contact_due_at = _due(case.contact_by, case.clock_started_at, case, stretches)
    if granted is None:
        case.resolve_due_at = _due(case.resolve_by, case.clock_started_at, case, stretches)
        return
    due = granted.new_due_at
    for starts, ends in sorted(stretches):
        if starts >= (granted.decided_at or granted.asked_at):
            due = shifted(due, starts, ends, case.resolve_by)
    case.resolve_due_at = due


def shifted(due: datetime, starts: datetime, ends: datetime, span: str) -> datetime:
    """A due moment when the clock stood still from `starts` to `ends`; one that had passed stays."""
    if due <= starts or ends <= starts:
        return due
    if _by_wall(span):
        return due + (ends - starts)
    days = office_calendar()
    # A due moment that somebody set by hand may lie outside working time.
    return max(due, days.add_working(ends, days.working_seconds(starts, due)))


def _by_wall(span: str) -> bool:
    return not span or Span.parse(span).unit in (Unit.MINUTES, Unit.HOURS, Unit.DAYS)


def _back(due: datetime, span: str, share: float) -> datetime:
    """The moment at which only `share` of the span is left before `due`."""
    parsed = Span.parse(span)
    if parsed.by_the_wall:
        return due - timedelta(seconds=parsed.seconds * share)
    if parsed.unit is Unit.DAYS:
        return due - timedelta(days=parsed.amount * share)
    days = office_calendar()
    full = parsed.seconds if parsed.unit is Unit.WORKING_HOURS else parsed.amount * _day(days)
    early = due - timedelta(days=parsed.amount * 2 + 14)  # far enough back for any run of holidays
    ahead = days.working_seconds(early, due) - int(full * share)
    return days.add_working(early, max(ahead, 0))


def _day(days: Calendar) -> int:
    """Seconds of work in a day."""
    moments = [(a.hour * 3600 + a.minute * 60, b.hour * 3600 + b.minute * 60) for a, b in days.hours]
    return sum(b - a for a, b in moments)


def running(case: Case) -> list[tuple[str, datetime, str]]:
    """The clocks that run now: name, due moment, span."""
    state, found = State(case.state), []
    urgency = case.urgency
    if state == State.RECEIVED and case.triage_due_at:
        found.append((TRIAGE, case.triage_due_at, office.get("triage_within")[urgency]))
    if state == State.ASSIGNED and case.accept_due_at and case.accepted_at is None:
        found.append((ACCEPT, case.accept_due_at, case.accept_by))
    if state in (State.RECEIVED, State.ASSIGNED, State.HANDLING):
        if case.contact_due_at and case.contacted_at is None:
            found.append((CONTACT, case.contact_due_at, case.contact_by))
        if case.resolve_due_at:
            found.append((RESOLVE, case.resolve_due_at, case.resolve_by))
    if case.review_due_at:
        found.append((REVIEW, case.review_due_at, office.get("review_return_within")))
    return found


def moments(case: Case) -> list[tuple[datetime, str, str]]:
    """When each running clock warns, is due, and goes higher: (moment, clock, step), earliest first."""
    share = 1 - float(office.get("warn_share"))
    after = office.get("escalate_after")[case.urgency]
    found: list[tuple[datetime, str, str]] = []
    for name, due, span in running(case):
        found.append((_back(due, span, share) if span else due, name, WARN))
        found.append((due, name, DUE))
        found.append((workclock.due(due, Span.parse(after), [], office_calendar()).at, name, LATE))
    return sorted(found)


def schedule(case: Case, at: datetime) -> None:
    """Store what must happen next. Steps whose moment moved into the future may be taken again."""
    ahead, waiting = [], set()
    for moment, name, step in moments(case):
        key = f"{name}:{step}"
        if moment > at:
            waiting.add(key)
        elif key in case.steps_done:
            continue
        ahead.append((moment, key))
    case.steps_done = [key for key in case.steps_done if key not in waiting]
    if case.state == State.WAITING and case.waiting_until:
        ahead.append((case.waiting_until, RESUME))
    case.next_at, case.next_step = min(ahead) if ahead else (None, "")


def due_steps(case: Case, at: datetime) -> list[tuple[str, str]]:
    """The steps to take now: of each clock only the gravest that is due (a thawed case makes no storm)."""
    gravest: dict[str, str] = {}
    for moment, name, step in moments(case):
        if moment <= at and f"{name}:{step}" not in case.steps_done:
            gravest[name] = step
    return list(gravest.items())


def take(case: Case, clock: str, step: str) -> None:
    """Note that a step was taken, and with it the lesser ones of the same clock."""
    done = STEPS[: STEPS.index(step) + 1]
    case.steps_done = [*case.steps_done, *(k for s in done if (k := f"{clock}:{s}") not in case.steps_done)]

"""What a case adds to the counts of days, as it stands now. Pure.

Everything is taken from the rows of the case itself and, for what came again, from other cases of the same reporters:
whoever recounts a case also recounts those. Private cases (about staff, or told in confidence) add nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from chenyue.cases.lifecycle import OPEN, State
from chenyue.insight.lifecycle import Axis, Measure

RULE = 1  # of what a case adds; where kept counts were made by another, everything is counted anew
AGAIN = timedelta(days=90)  # the same person, house and matter within so many days: came again
NORMAL = "normal"


class Told(NamedTuple):
    """An appeal: when, and by whom (None: anonymous)."""

    at: datetime
    reporter: int | None


class Given(NamedTuple):
    """A unit's part, or its objection to one."""

    at: datetime
    unit: int


class Asked(NamedTuple):
    """A callback that ended. `reason`: why somebody tried to leave it out, "" where nobody did."""

    at: datetime
    reason: str
    contacted: bool
    solved: bool
    grade: str


class Other(NamedTuple):
    """Another case of a reporter of this one."""

    id: int
    reporter: int
    building: int | None
    category: int | None
    at: datetime


@dataclass(frozen=True)
class Known:
    """A case with its rows, as far as they are counted."""

    id: int
    community: int | None
    category: int | None
    channel: str
    lead: int | None
    building: int | None
    state: str
    sensitivity: str
    received_at: datetime
    contacted_at: datetime | None
    contact_due_at: datetime | None
    resolve_due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    told: tuple[Told, ...] = ()
    given: tuple[Given, ...] = ()
    returned: tuple[Given, ...] = ()
    settled: tuple[datetime, ...] = ()
    reopened: tuple[datetime, ...] = ()
    asked: tuple[Asked, ...] = ()
    others: tuple[Other, ...] = ()


class Add(NamedTuple):
    """One count: what, on which day, of which unit (None: the case's lead), how many."""

    measure: str
    day: date
    unit: int | None = None
    n: int = 1


def adds_of(case: Known, zone: tzinfo) -> list[Add]:
    """All that this case counts for."""
    if case.sensitivity != NORMAL:
        return []
    found = [*_received(case, zone), *_promised(case, zone), *_ended(case, zone)]
    for given in case.given:
        found.append(Add(Measure.SENT, _day(given.at, zone), given.unit))
    for given in case.returned:
        found.append(Add(Measure.RETURNED, _day(given.at, zone), given.unit))
    found += [Add(Measure.AT_ONCE, _day(at, zone)) for at in case.settled]
    found += [Add(Measure.REOPENED, _day(at, zone)) for at in case.reopened]
    for asked in case.asked:
        found += _asked(asked, zone)
    return found


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _received(case: Known, zone: tzinfo) -> Iterable[Add]:
    if case.state != State.JOINED:  # what was joined to another is that other one
        yield Add(Measure.RECEIVED, _day(case.received_at, zone))
        if _came_again(case):
            yield Add(Measure.REPEATED, _day(case.received_at, zone))
    for told in case.told:
        yield Add(Measure.APPEALS, _day(told.at, zone))


def _came_again(case: Known) -> bool:
    """Whether one of its reporters had told of the same matter at the same house not long before."""
    if case.building is None or case.category is None:
        return False
    mine = {told.reporter for told in case.told if told.reporter is not None}
    return any(
        other.id != case.id
        and other.reporter in mine
        and (other.building, other.category) == (case.building, case.category)
        and timedelta() < case.received_at - other.at <= AGAIN
        for other in case.others
    )


def _promised(case: Known, zone: tzinfo) -> Iterable[Add]:
    if case.contact_due_at and case.contacted_at:
        kept = case.contacted_at <= case.contact_due_at
        yield Add(Measure.CONTACT_KEPT if kept else Measure.CONTACT_LATE, _day(case.contacted_at, zone))
    due = case.resolve_due_at
    if due is None:
        return
    # Overdue at the end of a day: what came in until then, less what went out. See `followup.rates` for the rule.
    since = max(_day(due, zone), _day(case.received_at, zone))
    if case.state in OPEN:
        yield Add(Measure.OVERDUE_IN, since)
    elif case.answered_at and (out := _day(case.answered_at, zone)) > since:
        yield Add(Measure.OVERDUE_IN, since)
        yield Add(Measure.OVERDUE_OUT, out)


def _ended(case: Known, zone: tzinfo) -> Iterable[Add]:
    if case.answered_at and case.state not in (State.JOINED, *OPEN):
        yield Add(Measure.ANSWERED, _day(case.answered_at, zone))
    if case.state == State.DECLINED:
        yield Add(Measure.DECLINED, _day(case.closed_at or case.received_at, zone))
    elif case.closed_at and case.state != State.JOINED:
        if case.resolve_due_at is None:
            measure = Measure.CLOSED_FREE
        else:
            late = case.answered_at is not None and case.answered_at > case.resolve_due_at
            measure = Measure.CLOSED_LATE if late else Measure.CLOSED_ON_TIME
        yield Add(measure, _day(case.closed_at, zone))


def _asked(asked: Asked, zone: tzinfo) -> Iterable[Add]:
    """Which reasons leave somebody out is the definition's to say: each reason is counted apart."""
    behind, day = f".{asked.reason}" if asked.reason else "", _day(asked.at, zone)
    yield Add(Measure.ASKED + behind, day)
    if asked.contacted:
        yield Add(Measure.CONTACTED + behind, day)
    if asked.solved:
        yield Add(Measure.SOLVED + behind, day)
    if asked.grade:
        yield Add(asked.grade + behind, day)


class Cell(NamedTuple):
    """A place in the table of counts."""

    grain: str
    axis: str
    measure: str
    day: date
    key: str


def short(case: Known, adds: Iterable[Add]) -> str:
    """Kept beside the case, so that what it added can be taken back.

    `community,category,channel,lead|measure:day:unit:n;…`
    """
    head = ",".join(str(part or "") for part in (case.community, case.category, case.channel, case.lead))
    return head + "|" + ";".join(f"{a.measure}:{a.day.toordinal()}:{a.unit or ''}:{a.n}" for a in adds)


def cells(kept: str) -> Counter[Cell]:
    """The cells that a kept text adds to, each day's and its month's."""
    found: Counter[Cell] = Counter()
    put(found, kept)
    return found


_ALL, _COMMUNITY, _CATEGORY, _CHANNEL, _LEAD = (axis.value for axis in Axis)


def put(sums: Counter[Cell], kept: str, sign: int = 1) -> None:
    """Add what a kept text adds, or take it away (`sign` -1). A full recount does little else: no detours here."""
    if not kept:
        return
    head, _bar, tail = kept.partition("|")
    community, category, channel, lead = head.split(",")
    four = ((_ALL, ""), (_COMMUNITY, community), (_CATEGORY, category), (_CHANNEL, channel))
    for line in filter(None, tail.split(";")):
        measure, ordinal, unit, n = line.split(":")
        day = date.fromordinal(int(ordinal))
        month, amount = day.replace(day=1), sign * int(n)
        for axis, key in (*four, (_LEAD, unit or lead)):
            cell = _new(Cell, ("d", axis, measure, day, key))
            sums[cell] = sums.get(cell, 0) + amount
            cell = _new(Cell, ("m", axis, measure, month, key))
            sums[cell] = sums.get(cell, 0) + amount


_new = tuple.__new__  # half the time of calling the class

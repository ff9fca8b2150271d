"""The month as a grid: days downwards, venues and times across; what stands, or what a plan drafts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from chenyue.reception import queries, timetable
from chenyue.reception.lifecycle import PlanState, SittingState
from chenyue.reception.models import Plan, RosterPerson, Shift, Sitting
from chenyue.reception.rostering import drafts, planning
from chenyue.reception.rostering.drafts import Trouble
from chenyue.workdays.queries import calendar


@dataclass(frozen=True)
class Chip:
    """A name in a cell."""

    person_id: int
    name: str
    lead: bool
    pinned: bool = False
    absent: bool = False
    stands_in: bool = False
    mine: bool = False
    shift_id: int | None = None


@dataclass
class Cell:
    """A sitting in the grid."""

    sitting: Sitting
    chips: list[Chip] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    changeable: bool = False

    @property
    def missing(self) -> int:
        """How many members are still to be found."""
        return max(0, self.sitting.members_needed - sum(not chip.absent for chip in self.chips))


@dataclass
class Row:
    """A day."""

    day: date
    holiday: str = ""
    rest: bool = False
    make_up: bool = False
    today: bool = False
    cells: list[Cell | None] = field(default_factory=list)

    @property
    def monday(self) -> bool:
        return self.day.weekday() == 0


@dataclass(frozen=True)
class Column:
    """A venue at a time of day."""

    venue: str
    hours: str


@dataclass
class Grid:
    first: date
    last: date
    columns: list[Column]
    rows: list[Row]
    plan: Plan | None
    changeable: bool
    elsewhere: list[Trouble] = field(default_factory=list)  # broken rules about no sitting of the grid

    @property
    def provisional(self) -> bool:
        """Whether the holidays of these days aren't known yet."""
        return calendar().is_provisional(self.first, self.last)

    @property
    def sittings(self) -> int:
        return sum(cell is not None for row in self.rows for cell in row.cells)

    @property
    def troubled(self) -> int:
        """Sittings with a broken rule."""
        return sum(bool(cell and cell.troubles) for row in self.rows for cell in row.cells)


def month(day: date) -> tuple[date, date]:
    """First and last day of the month of a day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def open_plan(first: date, last: date) -> Plan | None:
    """The plan that is being made for some of these days."""
    rows = Plan.objects.filter(first__lte=last, last__gte=first, state__in=planning.OPEN)
    return rows.select_related("asked_by", "rules").order_by("-pk").first()


def grid(first: date, last: date, at: datetime, *, plan: Plan | None = None, viewer: int | None = None) -> Grid:
    """The grid of some days. With a plan, its draft in its own days, judged; else what stands, published or not."""
    sittings = list(queries.sittings_between(first, last).exclude(state=SittingState.CANCELLED))
    keys = sorted({_key(s): None for s in sittings}, key=lambda key: key[:3])
    place = {key[2:4]: i for i, key in enumerate(keys)}
    cal = calendar()
    changeable = plan is not None and plan.state == PlanState.READY
    rows = {}
    day = first
    while day <= last:
        holiday = cal.names.get(day, "") if timetable.is_holiday(cal, day) else ""
        row = Row(day, holiday, not cal.is_workday(day), day in cal.make_ups, day == timezone.localtime(at).date())
        row.cells = [None] * len(keys)
        rows[day] = row
        day += timedelta(days=1)
    people = {p.pk: p for p in RosterPerson.objects.select_related("member")} if plan else {}
    for sitting in sittings:
        cell = Cell(sitting)
        drafted = plan is not None and plan.first <= sitting.day <= plan.last and sitting.starts_at > at
        cell.changeable = changeable and drafted and sitting.state == SittingState.PLANNED
        if drafted and plan is not None:
            cell.chips = list(_drafted(plan, sitting, people))
        else:
            cell.chips = [_chip(shift, viewer) for shift in sitting.shifts.all()]
        rows[sitting.day].cells[place[_key(sitting)[2:4]]] = cell
    columns = [Column(key[4], key[5]) for key in keys]
    found = Grid(first, last, columns, list(rows.values()), plan, changeable)
    if plan is not None and plan.draft:
        _judge(found, plan, at)
    return found


def _key(sitting: Sitting) -> tuple[int, str, int, str, str, str]:
    """Venue first, then time of day: columns of one venue stand together."""
    local, ends = timezone.localtime(sitting.starts_at), timezone.localtime(sitting.ends_at)
    venue = sitting.venue
    return (
        venue.order,
        f"{venue.pk:06d}{local:%H:%M}",
        venue.pk,
        f"{local:%H:%M}",
        venue.name,
        f"{local:%H:%M}–{ends:%H:%M}",
    )


def _chip(shift: Shift, viewer: int | None) -> Chip:
    member = shift.person.member
    return Chip(
        shift.person_id, member.name, shift.lead, shift.pinned, shift.absent_at is not None,
        shift.source == "stand_in", member.pk == viewer, shift.pk,
    )  # fmt: skip


def _drafted(plan: Plan, sitting: Sitting, people: dict[int, RosterPerson]) -> Iterable[Chip]:
    for person_id, lead in plan.draft.get(str(sitting.pk), []):
        if person_id in people:
            pinned = [sitting.pk, person_id] in plan.pins
            yield Chip(int(person_id), people[int(person_id)].member.name, bool(lead), pinned)


def _judge(found: Grid, plan: Plan, at: datetime) -> None:
    """Write broken rules into the cells that they are about."""
    cells = {cell.sitting.pk: cell for row in found.rows for cell in row.cells if cell is not None}
    by_sitting: dict[int, list[str]] = defaultdict(list)
    for trouble in drafts.Judge.of(plan, at).troubles():
        here = [pk for pk in trouble.sittings if pk in cells]
        for pk in here:
            by_sitting[pk].append(trouble.words)
        if not trouble.sittings:
            found.elsewhere.append(trouble)
    for pk, words in by_sitting.items():
        cells[pk].troubles = list(dict.fromkeys(words))

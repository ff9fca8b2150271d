"""From rows to the neutral words of the solver core: the sittings, the people and the rules of some days."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from chenyue.reception import timetable
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import Leave, RosterPerson, Shift, Sitting, Wish
from chenyue.reception.rostering import ledger
from chenyue.reception.rostering.rules import OfficeRules, turn_of
from chenyue.reception.solving import problem as neutral
from chenyue.workdays.calendar import Calendar
from chenyue.workdays.queries import calendar

LOOK_BACK = timedelta(days=14)  # turns before the first planned day that gaps and rows of days can reach
LOOK_ON = timedelta(days=7)  # turns that are published for the days after
MONTH = 30.4  # days


@dataclass(frozen=True)
class Built:
    """A problem, and the rows its ids stand for. Shift ids are ids of sittings, person ids of roster people."""

    problem: neutral.Problem
    sittings: dict[str, Sitting]  # all of the horizon
    people: dict[str, RosterPerson]
    planned: list[str]  # ids of the sittings that are to be planned
    published: neutral.Assignment  # every turn that stands, in the whole horizon
    begins: date  # day 0

    def standing(self) -> neutral.Assignment:
        """The turns that stand at the sittings of the range."""
        wanted = set(self.planned)
        return neutral.Assignment(frozenset(t for t in self.published.turns if t.shift in wanted))

    def around(self) -> neutral.Assignment:
        """The turns that stand before and after the range: they stay."""
        wanted = set(self.planned)
        return neutral.Assignment(frozenset(t for t in self.published.turns if t.shift not in wanted))


def build(
    first: date,
    last: date,
    *,
    at: datetime,
    replans: bool = False,
    pins: Iterable[tuple[int, int]] = (),
    checks: bool = False,
    rules: OfficeRules | None = None,
) -> Built:
    """The problem of rostering `first` to `last`. About twelve statements, whatever the range.

    `replans`: what stands may change at a price, what is past may not. `checks`: for judging single changes: nobody
    must have a least number of turns, and nothing is frozen. `pins` are pairs (sitting id, person id).
    """
    rules = rules or ledger.current()[1]
    begins, ends = first - LOOK_BACK, last + LOOK_ON
    rows = _sittings(begins, ends)
    day_of = {str(s.pk): s.day for s in rows}
    people = {str(p.pk): p for p in ledger.people()}
    turns = _turns(rows, people)
    cal = calendar()
    planned = [str(s.pk) for s in rows if first <= s.day <= last and s.state == SittingState.PLANNED]
    inside = set(planned)
    shifts = [_shift(s, begins, rules, cal, plain=str(s.pk) not in inside) for s in rows]
    today = timezone.localtime(at).date()
    frozen = 0 if checks else max(0, min((today + timedelta(days=1) - begins).days, (ends - begins).days + 1))
    keep = replans or checks
    standing = [t for t in turns if keep or t.shift not in inside or (day_of[t.shift] - begins).days < frozen]
    after = {t for t in turns if day_of[t.shift] > last}
    pinned = after | {neutral.Turn(str(person), str(sitting)) for sitting, person in pins}
    problem = neutral.Problem(
        days=tuple(_days(begins, ends, cal)),
        shifts=tuple(shifts),
        people=tuple(_people(people, first, last, begins, rows, rules, checks, Counter(p.person for p in after))),
        rules=rules.neutral(),
        wishes=tuple(_wishes(people, rows, inside, rules)),
        pins=frozenset(p for p in pinned if p.person in people),
        published=neutral.Assignment(frozenset(standing)),
        first=(first - begins).days,
        frozen=frozen,
    )
    by_id = {str(s.pk): s for s in rows}
    return Built(problem, by_id, people, planned, neutral.Assignment(frozenset(turns)), begins)


def _sittings(first: date, last: date) -> list[Sitting]:
    rows = Sitting.objects.filter(day__range=(first, last)).exclude(state=SittingState.CANCELLED)
    return list(rows.select_related("venue").order_by("starts_at", "venue__order", "pk"))


def _turns(rows: list[Sitting], people: Mapping[str, RosterPerson]) -> set[neutral.Turn]:
    shifts = Shift.objects.filter(sitting__in=[s.pk for s in rows], absent_at=None)
    pairs = shifts.values_list("person_id", "sitting_id")
    return {neutral.Turn(str(person), str(sitting)) for person, sitting in pairs if str(person) in people}


def part(sitting: Sitting) -> str:
    """`early`, `day` or `evening`."""
    return timetable.part_of(timezone.localtime(sitting.starts_at).time())


def _shift(sitting: Sitting, begins: date, rules: OfficeRules, cal: Calendar, *, plain: bool) -> neutral.Shift:
    """`plain`: a sitting before or after the range only reminds of its turns, and needs nobody."""
    turn = turn_of(sitting.day, part(sitting), rules, cal)
    skills = [*rules.skills, *([sitting.venue.dialect] if sitting.venue.dialect else [])]
    return neutral.Shift(
        id=str(sitting.pk),
        day=(sitting.day - begins).days,
        kind=turn.kind,
        venue=str(sitting.venue_id),
        minutes=int((sitting.ends_at - sitting.starts_at).total_seconds() // 60),
        least=0 if plain else sitting.members_needed,
        most=None if plain else sitting.members_needed,
        leads=1 if rules.lead and not plain else None,
        skills=() if plain else tuple((skill, 1) for skill in dict.fromkeys(skills)),
        points=turn.points,
        marks=turn.marks,
    )


def _days(begins: date, ends: date, cal: Calendar) -> Iterable[neutral.Day]:
    day = begins
    while day <= ends:
        week = (day - begins + timedelta(days=begins.weekday())).days // 7
        weekend = week if day.weekday() >= 5 else None
        yield neutral.Day(day, cal.is_workday(day), timetable.is_holiday(cal, day), weekend)
        day += timedelta(days=1)


def _people(
    people: Mapping[str, RosterPerson],
    first: date,
    last: date,
    begins: date,
    rows: list[Sitting],
    rules: OfficeRules,
    checks: bool,
    after: Mapping[str, int],
) -> Iterable[neutral.Person]:
    """`after`: turns that stand after the range, which count among the planned ones."""
    off = absences(first, last)
    history = ledger.before(first, rules)
    length = (last - first).days + 1
    for pk, person in people.items():
        away = off.get(person.pk, set())
        there = 1 - len([d for d in away if first <= d <= last]) / length
        least = 0 if checks else math.floor(person.min_turns * length / MONTH * there + 0.05)
        yield neutral.Person(
            id=pk,
            name=person.member.name,
            lead=person.lead,
            unit=str(person.member.unit_id or ""),
            skills=frozenset([*person.skills, *person.dialects]),
            off=frozenset((d - begins).days for d in away if d >= begins),
            barred=frozenset(str(s.pk) for s in rows if barred(person, s)),
            familiar=frozenset(str(v.pk) for v in person.venues.all()),
            history=history.get(person.pk, {}),
            share=(person.share or 100) / 100,
            least=least + after.get(pk, 0) if least else 0,
            most=math.ceil(person.max_turns * length / MONTH - 0.05) + after.get(pk, 0),
        )


def absences(first: date, last: date) -> dict[int, set[date]]:
    """Days of leave of each person, from two weeks before `first` to a week after `last`. One statement."""
    begins, ends = first - LOOK_BACK, last + LOOK_ON
    off: dict[int, set[date]] = defaultdict(set)
    for leave in Leave.objects.filter(cancelled_at=None, first__lte=ends, last__gte=begins):
        day = max(leave.first, begins)
        while day <= min(leave.last, ends):
            off[leave.person_id].add(day)
            day += timedelta(days=1)
    return off


def barred(person: RosterPerson, sitting: Sitting) -> bool:
    """Whether a person can never come at the time of a sitting."""
    when = part(sitting)
    return f"{sitting.day.weekday()}:{when}" in person.barred or f"*:{when}" in person.barred


def _wishes(
    people: Mapping[str, RosterPerson], rows: list[Sitting], inside: set[str], rules: OfficeRules
) -> Iterable[neutral.Wish]:
    """One wish for each sitting that it speaks of: a wish for a day is met by any turn on it, so it is shared out."""
    for wish in Wish.objects.filter(person_id__in=[int(pk) for pk in people]).order_by("pk"):
        spoken = [s for s in rows if str(s.pk) in inside and _speaks(wish, s)]
        for sitting in spoken:
            weight = wish.weight * rules.price_wish
            if wish.wanted:  # only one turn a day is possible: n sittings share one wish
                weight = max(1, weight // sum(other.day == sitting.day for other in spoken))
            yield neutral.Wish(str(wish.person_id), str(sitting.pk), weight, wish.wanted)


def _speaks(wish: Wish, sitting: Sitting) -> bool:
    if wish.day is not None and wish.day != sitting.day:
        return False
    if wish.weekday is not None and wish.weekday != sitting.day.weekday():
        return False
    return not wish.part or wish.part == part(sitting)

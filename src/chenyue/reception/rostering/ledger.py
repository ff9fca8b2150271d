"""The year's ledger: who took how many turns, weighted, for everybody to see."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet, Sum
from django.utils import timezone

from chenyue.reception import timetable
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import LedgerCorrection, RosterPerson, RosterRules, Shift
from chenyue.reception.rostering.rules import OfficeRules, turn_of
from chenyue.workdays.queries import calendar

TURN = 10  # tenths of a turn
WORST = 40  # per cent off the fair share, on average, at which the quality of a roster is 0


@dataclass
class Account:
    """A person's turns in a stretch of a year. Points are tenths of a turn, marks whole turns."""

    person: RosterPerson
    turns: int = 0
    points: int = 0  # corrections included
    corrected: int = 0  # of these, what corrections brought
    marks: Counter[str] = field(default_factory=Counter)  # early, day, evening, weekend, holiday, monday

    @property
    def weight(self) -> float:
        """Weighted turns."""
        return self.points / TURN

    @property
    def correction(self) -> float:
        """Weighted turns that corrections brought."""
        return self.corrected / TURN

    @property
    def early(self) -> int:
        return self.marks["early"]

    @property
    def evening(self) -> int:
        return self.marks["evening"]

    @property
    def weekend(self) -> int:
        return self.marks["weekend"]

    @property
    def holiday(self) -> int:
        return self.marks["holiday"]

    @property
    def fair(self) -> float:
        """Weighted turns as of somebody with a full load, for comparing."""
        return self.weight * 100 / (self.person.share or 100)


@dataclass(frozen=True)
class Fairness:
    """How evenly a group of people is loaded: `spread` and `off` in weighted turns and per cent."""

    people: int
    average: float
    spread: float  # between who has most and who has least
    off: float  # average distance from the average, in per cent of it
    score: int  # 0–100; 100 when everybody has the same


def current() -> tuple[RosterRules | None, OfficeRules]:
    """The newest version of the rules, and what it says; as shipped if an office hasn't set any."""
    row = RosterRules.objects.order_by("-version").first()
    return row, OfficeRules.of(row.data if row else {})


def people(*, active: bool = True) -> QuerySet[RosterPerson]:
    """Those who take turns, leads first, with member, unit and the venues they know."""
    rows = RosterPerson.objects.select_related("member__unit").prefetch_related("venues")
    if active:
        rows = rows.filter(active=True, member__is_active=True)
    return rows.order_by("-lead", "member__name", "pk")


def accounts(first: date, last: date, *, rules: OfficeRules | None = None, everybody: bool = False) -> list[Account]:
    """The account of each person for the days `first` to `last`, both included; five statements.

    A turn counts when its sitting is published and wasn't cancelled, and the person wasn't absent; what is still to
    come counts as planned. Corrections count for the year of `first`, from its beginning.
    """
    rules = rules or current()[1]
    found = {p.pk: Account(p) for p in people(active=not everybody)}
    shifts = Shift.objects.filter(sitting__day__range=(first, last), absent_at=None, person_id__in=found)
    shifts = shifts.exclude(sitting__state=SittingState.CANCELLED).exclude(sitting__published_at=None)
    rows = shifts.values_list("person_id", "sitting__day", "sitting__starts_at")
    cal = calendar()
    weighed = {}
    for person_id, day, starts_at in rows:
        key = (day, timetable.part_of(timezone.localtime(starts_at).time()))
        if key not in weighed:
            weighed[key] = turn_of(*key, rules, cal)
        turn, account = weighed[key], found[person_id]
        account.turns += 1
        account.points += turn.points
        account.marks.update({turn.kind, *turn.marks})
    _correct(found, first.year)
    return list(found.values())


def _correct(found: dict[int, Account], year: int) -> None:
    sums = LedgerCorrection.objects.filter(year=year, person_id__in=found).values_list("person_id")
    for person_id, turns in sums.annotate(Sum("turns")):
        found[person_id].corrected = round(turns * TURN)
        found[person_id].points += found[person_id].corrected


def of_year(year: int) -> list[Account]:
    """The accounts of a whole year, with what is published ahead."""
    return accounts(date(year, 1, 1), date(year, 12, 31))


def before(day: date, rules: OfficeRules) -> dict[int, dict[str, int]]:
    """The history that a plan beginning on `day` carries over: person → tally → amount; the year's days before it."""
    last = day - timedelta(days=1)
    rows = accounts(date(day.year, 1, 1), last, rules=rules) if last.year == day.year else []
    history: dict[int, dict[str, int]] = defaultdict(dict)
    for account in rows:
        history[account.person.pk] = {"points": account.points, **account.marks}
    return history


def fairness(rows: Iterable[Account]) -> Fairness:
    """How even the loads of these people are; part-time people are compared as if they had a full load."""
    loads = [account.fair for account in rows if account.person.share]
    if not loads:
        return Fairness(0, 0, 0, 0, 100)
    average = sum(loads) / len(loads)
    off = 100 * sum(abs(load - average) for load in loads) / len(loads) / average if average else 0.0
    score = max(0, min(100, round(100 * (1 - off / WORST))))
    return Fairness(len(loads), round(average, 1), round(max(loads) - min(loads), 1), round(off, 1), score)

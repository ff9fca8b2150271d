"""What boards read: the kept counts of one key, day by day, with the days on which nothing was counted at all.

Each function is one or two statements whose cost doesn't grow with the number of cases. The index of counts leads with
the measure, so each statement names the measures it wants.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum

from chenyue.cases.filters import STILL_OPEN
from chenyue.cases.models import Case
from chenyue.followup.models import LeftOut
from chenyue.insight.facts import NORMAL
from chenyue.insight.figures import FIELD
from chenyue.insight.gaps import Gaps as Gaps
from chenyue.insight.gaps import each_day
from chenyue.insight.gaps import gaps as gaps
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.models import DayCount, Follow
from chenyue.timeline.models import Entry

DAY = timedelta(days=1)
STALE = timedelta(minutes=5)  # the counts follow each minute
ASKED = (
    Measure.ASKED, Measure.CONTACTED, Measure.SOLVED, Measure.SATISFIED, Measure.BASICALLY, Measure.DISSATISFIED,
)  # fmt: skip
EVERY = (*Measure.values, *(f"{measure}.{reason}" for measure in ASKED for reason in LeftOut.values))
Days = dict[date, dict[str, int]]


@dataclass(frozen=True)
class Fresh:
    """How far the counts have come. `counted`: there are any; `at`: they hold everything until then."""

    counted: bool
    at: datetime | None
    stale: bool = False


def fresh(at: datetime) -> Fresh:
    """Whether counts are there, and up to when. Two statements."""
    mark = Follow.objects.filter(whole_at__isnull=False).values_list("entry", "at").first()
    if mark is None:
        return Fresh(False, None)
    # Nothing unread: the counts are right now, however long ago they were touched.
    unread = Entry.objects.filter(pk__gt=mark[0]).order_by("pk").values_list("at", flat=True).first()
    if unread is None:
        return Fresh(True, at)
    upto = min(at, max(unread, mark[1] or unread))
    return Fresh(True, upto, at - upto > STALE)


def daily(axis: str, key: str, since: date, until: date) -> Days:
    """Counts of a key, each day from `since` until before `until`. One statement."""
    rows = DayCount.objects.filter(
        grain="d", axis=axis, key=key, measure__in=EVERY, day__gte=since, day__lt=until
    ).values_list("day", "measure", "value")
    found: Days = defaultdict(dict)
    for day, measure, value in rows:
        found[day][measure] = value
    return found


def summed(days: Days, since: date, until: date) -> dict[str, int]:
    """The sum of these days by measure."""
    found: dict[str, int] = defaultdict(int)
    for day, held in days.items():
        if since <= day < until:
            for measure, value in held.items():
                found[measure] += value
    return found


def split(measure: str, axis: str, since: date, until: date) -> dict[str, dict[date, int]]:
    """One measure by key of an axis and day. One statement."""
    rows = DayCount.objects.filter(grain="d", axis=axis, measure=measure, day__gte=since, day__lt=until)
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for key, day, value in rows.values_list("key", "day", "value"):
        found[key][day] = value
    return found


def overdue_before(day: date, axis: str, key: str) -> int:
    """How many were open and overdue when the day before was over. One statement, over months and this month's days."""
    first = day.replace(day=1)
    days = Q(grain="m", day__lt=first) | Q(grain="d", day__gte=first, day__lt=day)
    rows = DayCount.objects.filter(days, axis=axis, key=key, measure__in=(Measure.OVERDUE_IN, Measure.OVERDUE_OUT))
    held = dict(rows.values_list("measure").annotate(Sum("value")).order_by())
    return int(held.get(Measure.OVERDUE_IN, 0)) - int(held.get(Measure.OVERDUE_OUT, 0))


@dataclass(frozen=True)
class Now:
    """What is open at a moment: asked of the open cases themselves, which are few among all."""

    open: int
    late: int
    today: int  # due later on this day


def open_now(axis: str, key: str, at: datetime, day_ends: datetime) -> Now:
    """The open cases of a key. One statement over open cases only."""
    rows = Case.objects.filter(STILL_OPEN, sensitivity=NORMAL, received_at__lte=at)
    if axis != Axis.ALL:
        rows = rows.filter(**{FIELD[Axis(axis)]: key})
    due = Q(resolve_due_at__gte=at, resolve_due_at__lt=day_ends)
    found = rows.aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(resolve_due_at__lt=at)), today=Count("pk", filter=due)
    )
    return Now(found["all"], found["late"], found["today"])


def values(days: Days, measures: Iterable[str], each: Sequence[date], without: frozenset[date]) -> list[int | None]:
    """The sum of measures on each day; None where there is no data."""
    wanted = tuple(measures)
    return [None if day in without else sum(days.get(day, {}).get(name, 0) for name in wanted) for day in each]


def weeks(of: dict[date, int], mondays: Sequence[date], until: date, without: frozenset[date]) -> list[int | None]:
    """Sums of weeks; None where a whole week (as far as it lies before `until`) is without data."""
    found: list[int | None] = []
    for monday in mondays:
        days = each_day(monday, min(monday + DAY * 7, until))
        workdays = [day for day in days if day not in without]
        found.append(sum(of.get(day, 0) for day in days) if workdays else None)
    return found

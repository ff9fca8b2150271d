"""Days of which there is no data: marked on pictures, never shown as zero."""

from dataclasses import dataclass
from datetime import date, timedelta

from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.models import DayCount
from chenyue.insight.outages import outages

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gaps:
    """Days without data. `outages`: those after the first count; `days`: these and all before it."""

    days: frozenset[date] = frozenset()
    outages: tuple[date, ...] = ()


def gaps(since: date, until: date) -> Gaps:
    """Days of which there is no data: before the first count, and outages (see `insight.outages`).

    `until`, the first day after, is at most today. Two statements.
    """
    office = DayCount.objects.filter(grain="d", axis=Axis.ALL, key="", measure=Measure.APPEALS, value__gt=0)
    first = office.order_by("day").values_list("day", flat=True).first()
    if first is None:
        return Gaps(frozenset(each_day(since, until)))
    told = dict(office.filter(day__gte=since, day__lt=until).values_list("day", "value"))
    out = outages(told, max(first, since), until - DAY)
    return Gaps(frozenset(out) | {day for day in each_day(since, until) if day < first}, tuple(sorted(out)))


def each_day(since: date, until: date) -> list[date]:
    """The days from one until before another."""
    return [since + DAY * n for n in range((until - since).days)]

"""The city's counts: each office sends its own figures of whole months, as numbers only.

Few of a kind might be recognised: what is less than `SMALL` is shown as such, and sums leave it out, so that nobody
can reckon it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from chenyue.city import register
from chenyue.city.models import MonthCount
from chenyue.core.whose import within
from chenyue.insight.figures import counts
from chenyue.insight.lifecycle import Axis, Measure

SMALL = 5
MONTHS = 13  # a year, and the month that it is compared with
SHOWN = (
    Measure.RECEIVED, Measure.APPEALS, Measure.ANSWERED, Measure.AT_ONCE, Measure.CLOSED_ON_TIME, Measure.CLOSED_LATE,
    Measure.DECLINED, Measure.REOPENED, Measure.SOLVED, Measure.SATISFIED,
)  # fmt: skip


def months_until(day: date) -> list[date]:
    """First days of the month of this day and of those before it, the newest first."""
    found = [day.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def send_counts(at: datetime) -> int:
    """Put this office's counts of the last months into the city's table; how many numbers."""
    here = register.mine()
    if here is None:
        return 0
    rows = []
    for month in months_until(timezone.localdate(at)):
        until = (month + timedelta(days=32)).replace(day=1)
        kept = counts(month, until, Axis.ALL, [str(measure) for measure in SHOWN]).get("", {})
        rows += [MonthCount(office=here.code, month=month, measure=m, value=max(0, v)) for m, v in kept.items()]
    with within(""):
        MonthCount.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["office", "month", "measure"], update_fields=["value"]
        )
    return len(rows)


@dataclass(frozen=True)
class Row:
    """An office (or all together) and its numbers, in the order of `SHOWN`; None: fewer than are shown."""

    name: str
    values: tuple[int | None, ...]


def table(month: date) -> list[Row]:
    """All offices in a month, and the sum of what is shown, last."""
    with within(""):
        rows = list(MonthCount.objects.filter(month=month).values_list("office", "measure", "value"))
    held = {(office, measure): value for office, measure, value in rows}
    found = [
        Row(office.name, tuple(shown(held.get((office.code, str(m)), 0)) for m in SHOWN))
        for office in register.offices()
        if any((office.code, str(m)) in held for m in SHOWN)
    ]
    return [*found, Row("", tuple(_sum(row.values[n] for row in found) for n in range(len(SHOWN))))] if found else []


def shown(value: int) -> int | None:
    """The number, or None if it is so small that it might tell of somebody. Nothing at all tells of nobody."""
    return value if value == 0 or value >= SMALL else None


def _sum(values: Iterable[int | None]) -> int:
    return sum(value for value in values if value is not None)

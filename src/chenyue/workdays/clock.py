"""Promises that can stand still: when they fall due, and in plain sentences why then. Pure.

Time in a pause doesn't count. For minutes, hours and working hours that is exact to the second.
For days a day counts if the clock runs when its working hours end: a pause within one day costs
nothing, a pause overnight leaves that day out, and the day of return counts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from chenyue.workdays.calendar import DAY, Calendar, Due
from chenyue.workdays.spans import Span, Unit

Pause = tuple[datetime, datetime]


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses in order, without overlaps and empty ones."""
    found: list[Pause] = []
    for begin, end in sorted(p for p in pauses if p[0] < p[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def due(start: datetime, span: Span, pauses: Sequence[Pause], calendar: Calendar) -> Due:
    """When a promise made at `start` falls due, with the time of `pauses` left out."""
    stops = merged(pauses)
    if not stops:
        return calendar.add(start, span)
    if span.unit in (Unit.WORKING_DAYS, Unit.DAYS):
        return _due_in_days(start, span, stops, calendar)
    return _due_in_seconds(start, span, stops, calendar)


def _due_in_seconds(start: datetime, span: Span, stops: list[Pause], calendar: Calendar) -> Due:
    left, runs_from = span.seconds, start
    for begin, end in stops:
        if end <= runs_from:
            continue
        ran = _elapsed(runs_from, begin, span, calendar)
        if left <= ran:
            break
        left, runs_from = left - ran, end
    if span.by_the_wall:
        return Due(calendar.local(runs_from + timedelta(seconds=left)), provisional=False)
    at = calendar.add_working(runs_from, left)
    return Due(at, calendar.is_provisional(calendar.local(start).date(), at.date()))


def _elapsed(start: datetime, end: datetime, span: Span, calendar: Calendar) -> int:
    if end <= start:
        return 0
    return int((end - start).total_seconds()) if span.by_the_wall else calendar.working_seconds(start, end)


def _due_in_days(start: datetime, span: Span, stops: list[Pause], calendar: Calendar) -> Due:
    first = calendar.local(start).date()
    working = span.unit is Unit.WORKING_DAYS

    def runs(day: date) -> bool:
        closing = calendar.closing(day)
        return not any(begin < closing <= end for begin, end in stops)

    day, left = first, span.amount
    while left:
        day += DAY
        if runs(day) and (not working or calendar.is_workday(day)):
            left -= 1
    while not (calendar.is_workday(day) and runs(day)):
        day += DAY
    return Due(calendar.closing(day), calendar.is_provisional(first, day))

"""Promises that can stand still: when they fall due, and in plain sentences why then. Pure.

Time in a pause doesn't count. For minutes, hours and working hours that is exact to the second.
For days a day counts if the clock runs when its working hours end: a pause within one day costs
nothing, a pause overnight leaves that day out, and the day of return counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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


def explain(start: datetime, span: Span, pauses: Sequence[Pause], calendar: Calendar) -> list[str]:
    """Sentences in the reader's language: from when, what is counted, what is left out, and the end."""
    end = due(start, span, pauses, calendar)
    first, last = calendar.local(start).date(), end.at.date()
    return [
        _("Counted from %(moment)s: %(span)s.") % {"moment": _moment(start, calendar), "span": span.words},
        _how(span, calendar),
        *(() if span.by_the_wall else _days(first, last, span, calendar)),
        *_stops(pauses, end.at, calendar),
        _("So it is due on %(moment)s.") % {"moment": _moment(end.at, calendar)},
        *(_unknown(first, last, calendar) if end.provisional else ()),
    ]


def _how(span: Span, calendar: Calendar) -> str:
    if span.by_the_wall:
        return _("The clock runs day and night, holidays too.")
    hours = pgettext("list", ", ").join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in calendar.hours)
    if span.unit is Unit.WORKING_HOURS:
        return _("Only working hours count: %(hours)s.") % {"hours": hours}
    close = f"{calendar.hours[-1][1]:%H:%M}"
    if span.unit is Unit.WORKING_DAYS:
        return _("Only working days count, not the first day; the last one ends at %(time)s.") % {"time": close}
    return _("All days count, but not the first; if the last is a day of rest, the next working day stands in.")


def _days(first: date, last: date, span: Span, calendar: Calendar) -> Iterator[str]:
    """Holidays and make-up days between the two, by the names they have."""
    days = [first + DAY * i for i in range((last - first).days + 1)]
    if span.unit is not Unit.DAYS and (off := [d for d in days if d in calendar.holidays]):
        yield _("Holidays left out: %(days)s.") % {"days": _listed(off, calendar)}
    if worked := [d for d in days if d in calendar.make_ups]:
        yield _("Weekends worked: %(days)s.") % {"days": _listed(worked, calendar)}


def _listed(days: Sequence[date], calendar: Calendar) -> str:
    named = ((formats.date_format(day, _day_format()), calendar.names.get(day, "")) for day in days)
    return pgettext("list", ", ").join(f"{day} {name}".rstrip() for day, name in named)


def _stops(pauses: Sequence[Pause], end: datetime, calendar: Calendar) -> Iterator[str]:
    for begin, until in merged(pauses):
        if begin < end:
            yield _("It stood still from %(begin)s to %(end)s.") % {
                "begin": _moment(begin, calendar),
                "end": _moment(until, calendar),
            }


def _unknown(first: date, last: date, calendar: Calendar) -> Iterator[str]:
    for year in range(first.year, last.year + 1):
        if year not in calendar.known_years:
            yield _("The holidays of %(year)d aren't announced yet: the date may still move.") % {"year": year}


def _day_format() -> str:
    return _("j N Y")


def _moment(moment: datetime, calendar: Calendar) -> str:
    local = calendar.local(moment)
    return f"{formats.date_format(local.date(), _day_format())} {local:%H:%M}"

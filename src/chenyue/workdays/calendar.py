"""The working calendar: which days are worked, in which hours, and sums of both. Pure.

A year without a table is never silently taken for Monday–Friday: what rests on it is provisional.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chenyue.workdays.spans import Span, Unit

DAY = timedelta(days=1)
CHINA = ZoneInfo("Asia/Shanghai")
DEFAULT_HOURS = ((time(8, 30), time(12)), (time(14), time(17, 30)))
# 全国年节及纪念日放假办法 (2024-11-10), art. 2: those days off whose date is the same each year.
# They stand in for a year whose notice isn't out; the festivals of the moon can't.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class Due(NamedTuple):
    """A moment, and whether it rests on a year whose days aren't known yet."""

    at: datetime
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Days that differ from Monday–Friday, the years they are known for, and the hours of work."""

    holidays: frozenset[date] = frozenset()
    make_ups: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()
    hours: tuple[tuple[time, time], ...] = DEFAULT_HOURS
    names: Mapping[date, str] = field(default_factory=dict)  # of holidays, for explanations
    zone: ZoneInfo = CHINA

    def __post_init__(self) -> None:
        if not self.hours:
            raise ValueError("a calendar needs working hours")

    # Days

    def is_known(self, day: date) -> bool:
        """Whether the table of this day's year is in."""
        return day.year in self.known_years

    def is_workday(self, day: date) -> bool:
        """Whether the office works on this day; a guess where `is_known` says no."""
        if day in self.make_ups:
            return True
        if day.weekday() >= 5 or day in self.holidays:
            return False
        return self.is_known(day) or (day.month, day.day) not in FIXED_HOLIDAYS

    def next_workday(self, day: date) -> date:
        """This day if it is worked, else the first one after it that is."""
        while not self.is_workday(day):
            day += DAY
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th workday after `day`, which isn't counted itself."""
        day = day if count else self.next_workday(day)
        for _ in range(count):
            day = self.next_workday(day + DAY)
        return day

    def legal_deadline(self, day: date, days: int) -> date:
        """The last day of a legal period of `days` that begins by an event on `day`.

        The day itself isn't counted (民法典 201); a last day of rest moves to the next workday (203).
        A weekend that is worked as a make-up day is no day of rest.
        """
        return self.next_workday(day + days * DAY)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a sum over these days touches a year that isn't known."""
        return any(year not in self.known_years for year in range(first.year, last.year + 1))

    # Moments

    def local(self, moment: datetime) -> datetime:
        """The moment on the office's wall clock."""
        return moment.astimezone(self.zone)

    def closing(self, day: date) -> datetime:
        """The end of working hours on this day, whether it is worked or not."""
        return datetime.combine(day, self.hours[-1][1], self.zone)

    def stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of working time from `start` on, without end; the first may be cut by `start`."""
        start = self.local(start)
        day = start.date()
        while True:
            if self.is_workday(day):
                for opens, closes in self.hours:
                    begin, end = datetime.combine(day, opens, self.zone), datetime.combine(day, closes, self.zone)
                    if end > start:
                        yield max(begin, start), end
            day += DAY

    def working_seconds(self, start: datetime, end: datetime) -> int:
        """Seconds of working time from `start` to `end`; 0 if `end` isn't later."""
        if end <= start:
            return 0
        total = timedelta()
        for begin, close in self.stretches(start):
            if begin >= end:
                break
            total += min(close, end) - begin
        return int(total.total_seconds())

    def add_working(self, start: datetime, seconds: int) -> datetime:
        """The moment at which `seconds` of working time after `start` are over."""
        left = timedelta(seconds=seconds)
        if not left:
            return self.local(start)
        for begin, end in self.stretches(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("working time has no end")

    def add(self, start: datetime, span: Span) -> Due:
        """When a promise made at `start` falls due.

        Minutes and hours run by the wall, working hours in working time. Days end with the working
        hours of their last day; the day of `start` isn't counted.
        """
        began = self.local(start)
        if span.by_the_wall:
            return Due(self.local(start + timedelta(seconds=span.seconds)), provisional=False)
        if span.unit is Unit.WORKING_HOURS:
            at = self.add_working(began, span.seconds)
        elif span.unit is Unit.WORKING_DAYS:
            at = self.closing(self.add_workdays(began.date(), span.amount))
        else:
            at = self.closing(self.legal_deadline(began.date(), span.amount))
        return Due(at, self.is_provisional(began.date(), at.date()))

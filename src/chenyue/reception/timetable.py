"""Which sittings a day has: weekly openings, the calendar, and days that differ. Pure.

A reception is not bound to workdays: an opening says itself on which weekdays it is held and whether on public
holidays too. A make-up day is worked like any workday, so an opening of all workdays is held on it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.workdays.calendar import DAY, Calendar

WEEKDAYS = (
    gettext_lazy("Mon"), gettext_lazy("Tue"), gettext_lazy("Wed"), gettext_lazy("Thu"), gettext_lazy("Fri"),
    gettext_lazy("Sat"), gettext_lazy("Sun"),
)  # fmt: skip
WORKWEEK = frozenset(range(5))
NOON = time(12)
EVENING = time(17)
EARLY, DAYTIME, LATE = "early", "day", "evening"
FEWEST = timedelta(minutes=15)  # a sitting that is shorter is a slip of the pen
LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Weekly:
    """A weekly opening between two dates."""

    weekdays: frozenset[int]  # 0 = Monday
    starts: time
    ends: time
    since: date
    until: date | None = None
    on_holidays: bool = False
    members_needed: int | None = None


@dataclass(frozen=True)
class Change:
    """A day that differs. Closed without hours: all day; closed with hours: what touches them; else open then."""

    closed: bool
    starts: time | None = None
    ends: time | None = None
    reason: str = ""


@dataclass(frozen=True, order=True)
class Slot:
    """A sitting that a day should have."""

    starts: time
    ends: time
    members_needed: int | None = None


def part_of(starts: time) -> str:
    """`early` before noon, `evening` from five on, else `day`."""
    if starts < NOON:
        return EARLY
    return LATE if starts >= EVENING else DAYTIME


def is_holiday(calendar: Calendar, day: date) -> bool:
    """Whether a day belongs to a public holiday: the days off by notice and the rest days that run into them."""
    if calendar.is_workday(day):
        return False
    if _named(calendar, day):
        return True
    return any(_run_meets(calendar, day, step) for step in (DAY, -DAY))


def _named(calendar: Calendar, day: date) -> bool:
    return day.weekday() in WORKWEEK and not calendar.is_workday(day)


def _run_meets(calendar: Calendar, day: date, step: timedelta) -> bool:
    day += step
    while not calendar.is_workday(day):
        if _named(calendar, day):
            return True
        day += step
    return False


def held(weekly: Weekly, day: date, calendar: Calendar) -> bool:
    """Whether a weekly opening is held on a day, but for changes of that day."""
    if day < weekly.since or (weekly.until is not None and day > weekly.until):
        return False
    if is_holiday(calendar, day):
        return weekly.on_holidays and day.weekday() in weekly.weekdays
    if day.weekday() in weekly.weekdays:
        return True
    return day in calendar.make_ups and weekly.weekdays >= WORKWEEK


def slots(weeklies: Iterable[Weekly], changes: Collection[Change], day: date, calendar: Calendar) -> list[Slot]:
    """The sittings of one venue on one day, by their beginning.

    Hours that a change opens are held in any case, and take the place of weekly ones that they touch.
    """
    opened = [Slot(c.starts, c.ends) for c in changes if not c.closed and c.starts and c.ends]
    closed = [c for c in changes if c.closed]
    usual = [
        Slot(w.starts, w.ends, w.members_needed)
        for w in weeklies
        if held(w, day, calendar)
        and not any(_touch(w.starts, w.ends, s.starts, s.ends) for s in opened)
        and not any(_closes(c, w.starts, w.ends) for c in closed)
    ]
    by_start = {slot.starts: slot for slot in usual}
    by_start.update((slot.starts, slot) for slot in opened)
    return sorted(by_start.values(), key=lambda slot: slot.starts)


def _touch(a: time, b: time, c: time, d: time) -> bool:
    return a < d and c < b


def _closes(change: Change, starts: time, ends: time) -> bool:
    if change.starts is None or change.ends is None:
        return True
    return _touch(starts, ends, change.starts, change.ends)


def overlapping(weeklies: Iterable[Weekly]) -> tuple[Weekly, Weekly] | None:
    """Two weekly openings of a venue that would be held at the same time on some day, if there are any."""
    found = sorted(weeklies, key=lambda w: (w.starts, w.ends, w.since))
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            if _touch(one.starts, one.ends, other.starts, other.ends) and _meet(one, other):
                return one, other
    return None


def _meet(one: Weekly, other: Weekly) -> bool:
    if not one.weekdays & other.weekdays:
        return False
    return one.since <= (other.until or date.max) and other.since <= (one.until or date.max)


def moments(slot: Slot, day: date, calendar: Calendar) -> tuple[datetime, datetime]:
    """When a slot begins and ends on a day, on the office's wall clock."""
    return datetime.combine(day, slot.starts, calendar.zone), datetime.combine(day, slot.ends, calendar.zone)


def weekday_words(days: Iterable[int]) -> str:
    """`Mon–Fri`, `every day`, or the days one by one."""
    found = sorted(set(days))
    if found == list(range(7)):
        return _("every day")
    if len(found) > 2 and found == list(range(found[0], found[-1] + 1)):
        return f"{WEEKDAYS[found[0]]}–{WEEKDAYS[found[-1]]}"
    return "、".join(str(WEEKDAYS[day]) for day in found)

"""Rules of the site: how long a notice hangs, how early a stop is told, when noise is allowed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chenyue.workdays.calendar import CHINA, Calendar
from chenyue.workdays.spans import Span, Unit
from chenyue.works.lifecycle import PhaseKind, PhaseState

STOPS = frozenset({PhaseKind.WATER_OFF, PhaseKind.POWER_OFF, PhaseKind.GAS_OFF, PhaseKind.ROAD})
LONGEST = timedelta(days=3 * 366)  # a phase beyond that is a mistyped year
MIDNIGHT = time(0, 0)

# Which state of a phase may follow which; back again, because a button is pressed too early sometimes.
PHASE_MOVES: dict[str, tuple[str, ...]] = {
    PhaseState.PLANNED: (PhaseState.RUNNING, PhaseState.CANCELLED),
    PhaseState.RUNNING: (PhaseState.DONE, PhaseState.PLANNED, PhaseState.CANCELLED),
    PhaseState.DONE: (PhaseState.RUNNING,),
    PhaseState.CANCELLED: (),
}


@dataclass(frozen=True)
class Stretch:
    """Days, and the hours on each of them; None: the whole day."""

    starts_on: date
    ends_on: date
    from_time: time | None = None
    to_time: time | None = None

    @property
    def begins(self) -> datetime:
        """Its first moment on the office's wall."""
        return datetime.combine(self.starts_on, self.from_time or MIDNIGHT, CHINA)

    def within(self, other: "Stretch") -> bool:
        """Whether nothing of it lies outside the other: no longer, no earlier, no later."""
        if self.starts_on < other.starts_on or self.ends_on > other.ends_on:
            return False
        begins = other.from_time is None or (self.from_time is not None and self.from_time >= other.from_time)
        return begins and (other.to_time is None or (self.to_time is not None and self.to_time <= other.to_time))


def earliest_stop(told: datetime, hours: int) -> datetime:
    """The first moment at which water, power, gas or a road may be closed that people are told of now."""
    return told + timedelta(hours=hours)


def noise_allowed(starts: time, ends: time, hours: Sequence[Sequence[str]]) -> bool:
    """Whether loud works lie within one of the project's stretches of loud hours; without any, any hour will do."""
    return not hours or any(
        time.fromisoformat(first) <= starts and ends <= time.fromisoformat(last) for first, last in hours
    )


def hours_in_words(hours: Sequence[Sequence[str]]) -> str:
    """`08:00–12:00、14:00–18:00`."""
    return "、".join(f"{first}–{last}" for first, last in hours)


def last_day(first: date, span: Span, calendar: Calendar) -> date:
    """The last day of a display that begins on `first`.

    The first day isn't counted (民法典 201); a period of days that ends on a day of rest ends on the next
    workday (203); workdays are counted as such.
    """
    if span.unit is Unit.WORKING_DAYS:
        return calendar.add_workdays(first, span.amount)
    return calendar.legal_deadline(first, span.amount)

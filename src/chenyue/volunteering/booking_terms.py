"""How bookings are graded: what late and missed ones lose, when somebody pauses, what looks odd. Pure.

The terms stand in the contract as data; what an office leaves out is `DEFAULTS`. Everything is graded: the first
missed booking is a warning, later ones cost credits, and only then comes a pause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
DEFAULTS: dict[str, Any] = {
    "late": [[2, 50]],  # hours before the start → percent given back; later than the last: `last_percent`
    "last_percent": 0,
    "missed": [100, 50, 0],  # percent given back for the first, second, … missed one within `strike_days`
    "strike_days": 180,
    "pause_from": 3,  # missed ones within `strike_days` after which nothing can be booked …
    "pause_days": 30,  # … for so long after the last of them
    "appeal_days": 7,  # what would be lost stays held so long, and while an appeal is open
    "call_hours": 12,  # somebody on the waiting list who is called has so long to say yes
    "waive_days": 3,  # nobody recorded anything: after so many days the credits go back and nothing is owed
}
# What looks odd when a supplier redeems; an office's own stand in its settings (thresholds.odd_now). Minutes unless
# said otherwise.
ODD: dict[str, Any] = {
    "early": 60,  # before the slot begins
    "late": 180,  # after the slot ends
    "many": 5,  # of one supplier within `within`, more than the slots could serve at once
    "within": 5,
    "night": ["21:30", "06:00"],
}


@dataclass(frozen=True)
class Terms:
    """The graded rules of one contract. Percents are of the credits held, given back."""

    free_hours: int = 24
    late: tuple[tuple[int, int], ...] = ((2, 50),)
    last_percent: int = 0
    missed: tuple[int, ...] = (100, 50, 0)
    strike_days: int = 180
    pause_from: int = 3
    pause_days: int = 30
    appeal_days: int = 7
    call_hours: int = 12
    waive_days: int = 3


def terms_of(held: Mapping[str, Any], free_hours: int) -> Terms:
    """The terms that a contract holds, filled up with the defaults. Raises ValueError for what can't be meant."""
    data = DEFAULTS | dict(held)
    late = tuple(sorted(((int(h), int(p)) for h, p in data["late"]), reverse=True))
    missed = tuple(int(percent) for percent in data["missed"])
    percents = [*missed, *(percent for _hours, percent in late), int(data["last_percent"])]
    days = {name: int(data[name]) for name in ("strike_days", "pause_from", "pause_days", "appeal_days")}
    more = {name: int(data[name]) for name in ("call_hours", "waive_days")}
    if not missed or any(not 0 <= percent <= 100 for percent in percents):
        raise ValueError("percents are 0 to 100")
    if any(n < 0 for n in (*days.values(), *more.values())) or any(hours < 0 for hours, _percent in late):
        raise ValueError("nothing is below zero")
    return Terms(int(free_hours), late, int(data["last_percent"]), missed, **days, **more)


def lost_of(credits: int, percent_back: int) -> int:
    """Hundredths that are lost when so many percent are given back; the fraction goes to the person."""
    return credits * (100 - percent_back) // 100


def percent_for_cancelling(terms: Terms, starts_at: datetime, at: datetime) -> int:
    """Percent of the credits that cancelling now gives back: all in time, less the later it is."""
    before = starts_at - at
    if before >= timedelta(hours=terms.free_hours):
        return 100
    for hours, percent in terms.late:
        if before >= timedelta(hours=hours):
            return percent
    return terms.last_percent


def percent_for_missing(terms: Terms, earlier: Sequence[datetime], at: datetime) -> int:
    """Percent given back for one that was missed, after those missed earlier (starts of their slots)."""
    counted = sum(at - timedelta(days=terms.strike_days) <= start <= at for start in earlier)
    return terms.missed[min(counted, len(terms.missed) - 1)]


def paused_until(terms: Terms, missed: Sequence[datetime], at: datetime) -> datetime | None:
    """Until when nobody books for this person, by the starts of what they missed; None if they may book."""
    if not terms.pause_from:
        return None
    counted = sorted(start for start in missed if at - timedelta(days=terms.strike_days) <= start <= at)
    if len(counted) < terms.pause_from:
        return None
    until = counted[-1] + timedelta(days=terms.pause_days)
    return until if at < until else None


def month_of(moment: datetime) -> tuple[datetime, datetime]:
    """The office's calendar month that a moment lies in: its beginning, and the beginning of the next."""
    local = moment.astimezone(OFFICE_ZONE)
    first = datetime(local.year, local.month, 1, tzinfo=OFFICE_ZONE)
    return first, datetime(local.year + local.month // 12, local.month % 12 + 1, 1, tzinfo=OFFICE_ZONE)


def is_elder(birth: date | None, birth_year: int | None, age: int, on: date) -> bool:
    """Whether somebody has reached an age. Of whom only the year is known: in the year in which they reach it."""
    if birth is not None:
        had = (on.month, on.day) >= (birth.month, birth.day)
        return on.year - birth.year - (not had) >= age
    return birth_year is not None and on.year - birth_year >= age


def odd(
    redeemed_at: datetime, starts_at: datetime, ends_at: datetime, recent: int, capacity: int, rules: Mapping[str, Any]
) -> list[str]:
    """What looks odd about redeeming now: early, late, night, many. `recent`: others of the supplier just before.

    Nothing here refuses: it is asked of a second person instead.
    """
    found = []
    if redeemed_at < starts_at - timedelta(minutes=rules["early"]):
        found.append("early")
    if redeemed_at > ends_at + timedelta(minutes=rules["late"]):
        found.append("late")
    clock = f"{redeemed_at.astimezone(OFFICE_ZONE):%H:%M}"
    begins, ends = rules["night"]
    if (begins <= clock < ends) if begins <= ends else (clock >= begins or clock < ends):
        found.append("night")
    if recent >= max(int(rules["many"]), capacity):
        found.append("many")
    return found

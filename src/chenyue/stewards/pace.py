"""What a day of visits looks like when nobody can have made it. Pure: it flags for a person to look at, no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

TOO_FAST, TOO_MANY, AT_NIGHT, SENT_LATE = "too_fast", "too_many", "at_night", "sent_late"
LATE = timedelta(days=2)  # a draft that waited longer is seldom told by memory
NIGHT = (22, 6)  # hours between which nobody knocks at doors


@dataclass(frozen=True)
class Knock:
    """A visit of the day as far as the pace is concerned; `at` in the office's own time."""

    at: datetime
    building_id: int
    room: str


def flags(knock: Knock, others: Iterable[Knock], *, seconds: int, a_day: int, sent_at: datetime) -> list[str]:
    """What is odd about a visit beside the same person's other visits of that day.

    `seconds`: from one door to the next at least; `a_day`: visits in a day at most.
    """
    found, day = [], [other for other in others if other.at.date() == knock.at.date()]
    elsewhere = [other for other in day if (other.building_id, other.room) != (knock.building_id, knock.room)]
    if any(abs(other.at - knock.at) < timedelta(seconds=seconds) for other in elsewhere):
        found.append(TOO_FAST)
    if len(day) + 1 > a_day:
        found.append(TOO_MANY)
    if knock.at.hour >= NIGHT[0] or knock.at.hour < NIGHT[1]:
        found.append(AT_NIGHT)
    if sent_at - knock.at > LATE:
        found.append(SENT_LATE)
    return found

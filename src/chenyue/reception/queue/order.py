"""The one line of booked visitors and those who just came. Pure.

Each stands at a moment: the booked time, or the arrival. Who goes earlier (elderly, disabled, pregnant, urgent, booked)
stands some minutes before it. The line is by that moment, then by number. So priority ages by itself: whoever waits is
never passed by somebody who came more than the longest head start later. Who wasn't heard last time stands before all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chenyue.reception.queue.rules import BOOKED, QueueRules

UNHEARD = "unheard"
FIRST = timedelta(days=1)  # before anybody of the same sitting
STEP = timedelta(microseconds=1)


@dataclass(frozen=True)
class Standing:
    """A visitor in the line: `line_at` as in `rules.line_at`; `booked` if the booked time was kept."""

    number: int
    line_at: datetime
    priority: str = ""
    booked: bool = False


def head_start(standing: Standing, rules: QueueRules) -> timedelta:
    """How much earlier a visitor stands than they came."""
    if standing.priority == UNHEARD:
        return FIRST
    given = rules.head_start.get(standing.priority, 0) if standing.priority else 0
    booked = rules.head_start.get(BOOKED, 0) if standing.booked else 0
    return timedelta(minutes=max(given, booked))


def place_of(standing: Standing, rules: QueueRules) -> tuple[datetime, int]:
    """What the line is sorted by."""
    return standing.line_at - head_start(standing, rules), standing.number


def in_order(line: Iterable[Standing], rules: QueueRules) -> list[Standing]:
    """The line, first the one who is heard next."""
    return sorted(line, key=lambda standing: place_of(standing, rules))


def come_back(standing: Standing, line: list[Standing], rules: QueueRules) -> datetime:
    """The `line_at` of somebody who missed the call and is back: behind the next `rules.behind` visitors of the line.

    With fewer in the line, behind the last of them; never before their own old place.
    """
    ahead = in_order(line, rules)[: rules.behind]
    if not ahead:
        return standing.line_at
    behind = place_of(ahead[-1], rules)[0] + head_start(standing, rules) + STEP
    return max(standing.line_at, behind)


def reason(standing: Standing, rules: QueueRules) -> str:
    """Why somebody stands earlier than they came: `priority`, `booked`, `unheard` or nothing; and how many minutes."""
    if standing.priority == UNHEARD:
        return UNHEARD
    ahead = head_start(standing, rules)
    if not ahead:
        return ""
    mine = timedelta(minutes=rules.head_start.get(standing.priority, 0)) if standing.priority else timedelta()
    return standing.priority if mine >= ahead else BOOKED

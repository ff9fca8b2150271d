"""What an office may settle about its queues, as data; the printed rule is made from the same numbers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

REPRESENTATIVES = 5  # at most, of a group with one matter (信访工作条例 20)
BOOKED = "booked"


@dataclass(frozen=True)
class QueueRules:
    """Minutes unless said otherwise. Changed by the office setting `queue`."""

    # Who goes earlier stands as if they had come so much earlier: it ages by itself, and nobody who waits is ever
    # passed by somebody who came later than the longest of these.
    head_start: Mapping[str, int] = field(
        default_factory=lambda: {"urgent": 20, "disabled": 15, "pregnant": 15, "elderly": 10, BOOKED: 10}
    )
    early: int = 30  # before the sitting begins, the door gives tickets
    late: int = 10  # after a booked time, the place is that of somebody who just came
    page: int = 3  # after a call without answer, "not there" is offered
    slot: int = 15  # between bookings at one window
    behind: int = 2  # visitors, who are heard before somebody who comes back to the call they missed
    least_talk: int = 5  # what must be left of the sitting for a visit to begin
    settle: int = 15  # after the opening, windows that nobody uses no longer count
    draws: int = 400
    least_history: int = 30  # past visits, below which the usual wait of a sitting to come is reckoned, not looked up

    @property
    def longest_head_start(self) -> int:
        """How much later somebody may come and still be heard before a visitor who waits."""
        return max(self.head_start.values(), default=0)


def read(data: Mapping[str, Any]) -> QueueRules:
    """The rules with what an office changed; unknown names and wrong values are passed over."""
    known = {f.name: f for f in fields(QueueRules)}
    given: dict[str, Any] = {}
    for name, value in data.items():
        if name == "head_start" and isinstance(value, Mapping):
            changed = {str(k): v for k, v in value.items() if isinstance(v, int) and 0 <= v <= 240}
            given[name] = {**QueueRules().head_start, **changed}
        elif name in known and isinstance(value, int) and value >= 0:
            given[name] = value
    return QueueRules(**given)


def takes_walk_ins(starts_at: datetime, ends_at: datetime, at: datetime, rules: QueueRules) -> bool:
    """Whether the door gives tickets at this moment, as far as the hours go."""
    return starts_at - timedelta(minutes=rules.early) <= at < ends_at


def keeps_booking(booked_for: datetime, at: datetime, rules: QueueRules) -> bool:
    """Whether somebody who arrives now still stands at their booked time."""
    return at <= booked_for + timedelta(minutes=rules.late)


def line_at(booked_for: datetime | None, arrived_at: datetime, rules: QueueRules) -> datetime:
    """Where a visitor stands before priority: at the booked time, or when they came."""
    if booked_for is not None and keeps_booking(booked_for, arrived_at, rules):
        return booked_for
    return arrived_at


def must_stop(high: float, at: datetime, ends_at: datetime, rules: QueueRules) -> bool:
    """The last-ticket rule: in one case of five or more a newcomer would be called too late. `high`: seconds, P80."""
    return at + timedelta(seconds=high) > ends_at - timedelta(minutes=rules.least_talk)

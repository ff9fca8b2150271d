"""How many minutes count: from in and out, on the server, breaks subtracted, travel left out. Pure.

民政部令第67号: hours are what was served; the way there and back isn't.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.volunteering.thresholds import Thresholds


@dataclass(frozen=True)
class Counted:
    """From when until when, whole minutes without the break, and whether they were cut at the most there may be."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    cut: bool = False


@dataclass(frozen=True)
class Plan:
    """What was planned: coming early isn't serving longer."""

    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0


def between(starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes from one moment to another, rounded down; below zero for the wrong order."""
    return (ends_at - starts_at) // timedelta(minutes=1)


def scanned(came_at: datetime, left_at: datetime, plan: Plan, limits: Thresholds) -> Counted:
    """Minutes of somebody who scanned in and out. Raises Refusal `short` where nothing is left to count."""
    if between(came_at, left_at) < limits.shortest_minutes:
        raise Refusal(
            _("Only %(n)d minutes passed since you came. Scan again when you leave.")
            % {"n": max(0, between(came_at, left_at))},
            code="short",
        )
    starts_at = max(came_at, plan.starts_at)
    return _counted(starts_at, left_at, plan.break_minutes, limits)


def typed(starts_at: datetime, ends_at: datetime, break_minutes: int, limits: Thresholds) -> Counted:
    """Minutes that somebody types. Raises Refusal at its field: wrong order, nothing left, more than there may be."""
    if ends_at <= starts_at:
        raise Refusal(_("It ends before it begins."), field="ends_at", code="negative")
    if not 0 <= break_minutes < 24 * 60:
        raise Refusal(_("A break has no minutes below zero."), field="break_minutes", code="negative")
    found = _counted(starts_at, ends_at, break_minutes, limits)
    if found.cut:
        raise Refusal(
            _("%(n)d minutes are more than an entry may hold: %(most)d at most. Write each day by itself.")
            % {"n": between(starts_at, ends_at) - break_minutes, "most": limits.most_minutes},
            field="ends_at",
            code="too_long",
        )
    return found


def _counted(starts_at: datetime, ends_at: datetime, break_minutes: int, limits: Thresholds) -> Counted:
    left = between(starts_at, ends_at) - break_minutes
    if left < 1:
        raise Refusal(
            _("Without the break and the time before the start no minutes are left to count."),
            field="break_minutes",
            code="short",
        )
    return Counted(starts_at, ends_at, min(left, limits.most_minutes), cut=left > limits.most_minutes)

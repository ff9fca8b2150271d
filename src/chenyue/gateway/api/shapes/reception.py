"""Tickets, turns and swaps in plain values: numbers and states of visitors, never their names or their matter."""

from typing import Any

from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import DayChange, Leave, Shift, Swap, Ticket, Wish

Shape = dict[str, Any]


def ticket(row: Ticket) -> Shape:
    """A ticket as it stands."""
    return {
        "id": row.pk, "ticket": row.label, "sitting_id": row.sitting_id, "state": row.state, "window": row.window,
        "priority": row.priority, "party": row.party, "booked_for": row.booked_for, "arrived_at": row.arrived_at,
    }  # fmt: skip


def brief(row: Ticket) -> Shape:
    """A ticket in the line of a sitting."""
    return {"id": row.pk, "ticket": row.label, "window": row.window}


def turn(row: Shift) -> Shape:
    """Somebody's turn. Why somebody doesn't come stays with those who plan."""
    return {
        "id": row.pk, "sitting_id": row.sitting_id, "starts_at": row.sitting.starts_at, "ends_at": row.sitting.ends_at,
        "venue": row.sitting.venue.name, "member": {"id": row.person.member_id, "name": row.person.member.name},
        "lead": row.lead, "absent": row.absent_at is not None,
        "held": row.sitting.state != SittingState.CANCELLED,
    }  # fmt: skip


def swap(row: Swap) -> Shape:
    """Who asked whom for which turn, and what came of it."""
    return {
        "id": row.pk, "turn_id": row.shift_id, "in_return": row.other_shift_id, "state": row.state,
        "asks": row.shift.person.member.name, "asked": row.other.member.name, "words": row.words,
        "asked_at": row.asked_at, "agreed_at": row.agreed_at, "decided_at": row.decided_at,
    }  # fmt: skip


def leave(row: Leave) -> Shape:
    """Days on which somebody can't be planned."""
    return {
        "id": row.pk, "member_id": row.person.member_id, "kind": row.kind, "first": row.first, "last": row.last,
        "words": row.words,
    }  # fmt: skip


def wish(row: Wish) -> Shape:
    """Rather, or rather not."""
    return {
        "id": row.pk, "wanted": row.wanted, "day": row.day, "weekday": row.weekday, "part": row.part,
        "weight": row.weight,
    }  # fmt: skip


def day_change(row: DayChange) -> Shape:
    """A day that differs; no venue: all of them."""
    return {
        "id": row.pk, "venue_id": row.venue_id, "day": row.day, "closed": row.closed, "starts": row.starts,
        "ends": row.ends, "reason": row.reason,
    }  # fmt: skip

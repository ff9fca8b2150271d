"""States of sittings, tickets, rosters and swaps, and which may follow which. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Conflict, Sentence

S = TypeVar("S", bound=StrEnum)


class SittingState(StrEnum):
    """One opening of a venue."""

    PLANNED = "planned"  # published or not, nobody has been let in yet
    OPEN = "open"  # people are received
    CLOSED = "closed"
    CANCELLED = "cancelled"


class TicketState(StrEnum):
    """A place in a queue. `HELD`: called and not there; `UNHEARD`: the sitting ended first."""

    BOOKED = "booked"
    WAITING = "waiting"
    CALLED = "called"
    IN_VISIT = "in_visit"
    DONE = "done"
    HELD = "held"
    LEFT = "left"
    MOVED = "moved"
    UNHEARD = "unheard"
    CANCELLED = "cancelled"


class PlanState(StrEnum):
    """A roster being made."""

    ASKED = "asked"
    RUNNING = "running"
    READY = "ready"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
    PUBLISHED = "published"
    DROPPED = "dropped"


class SwapState(StrEnum):
    """One member asks another to take a shift."""

    ASKED = "asked"
    AGREED = "agreed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


SITTINGS: Mapping[SittingState, frozenset[SittingState]] = {
    SittingState.PLANNED: frozenset({SittingState.OPEN, SittingState.CANCELLED}),
    SittingState.OPEN: frozenset({SittingState.CLOSED, SittingState.CANCELLED}),
    SittingState.CLOSED: frozenset(),
    SittingState.CANCELLED: frozenset({SittingState.PLANNED}),  # undone before its time
}
TICKETS: Mapping[TicketState, frozenset[TicketState]] = {
    TicketState.BOOKED: frozenset({TicketState.WAITING, TicketState.CANCELLED, TicketState.LEFT, TicketState.UNHEARD}),
    TicketState.WAITING: frozenset(
        {TicketState.CALLED, TicketState.LEFT, TicketState.MOVED, TicketState.UNHEARD, TicketState.CANCELLED}
    ),
    TicketState.CALLED: frozenset(
        {TicketState.IN_VISIT, TicketState.HELD, TicketState.WAITING, TicketState.LEFT, TicketState.MOVED,
         TicketState.UNHEARD}
    ),  # back to waiting: the call is undone
    TicketState.IN_VISIT: frozenset({TicketState.DONE, TicketState.MOVED, TicketState.CALLED}),
    TicketState.HELD: frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.LEFT, TicketState.UNHEARD}),
    TicketState.DONE: frozenset({TicketState.IN_VISIT}),  # undone
    TicketState.LEFT: frozenset({TicketState.WAITING, TicketState.HELD, TicketState.BOOKED}),  # undone
    TicketState.MOVED: frozenset(),
    TicketState.UNHEARD: frozenset(),
    TicketState.CANCELLED: frozenset({TicketState.BOOKED, TicketState.WAITING}),  # undone
}  # fmt: skip
PLANS: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.ASKED: frozenset({PlanState.RUNNING, PlanState.DROPPED, PlanState.FAILED}),
    PlanState.RUNNING: frozenset({PlanState.READY, PlanState.IMPOSSIBLE, PlanState.FAILED, PlanState.DROPPED}),
    PlanState.READY: frozenset({PlanState.PUBLISHED, PlanState.DROPPED, PlanState.ASKED}),
    # From the best that was found, or a repair that is taken: ready after all.
    PlanState.IMPOSSIBLE: frozenset({PlanState.DROPPED, PlanState.ASKED, PlanState.READY}),
    PlanState.FAILED: frozenset({PlanState.DROPPED, PlanState.ASKED}),
    PlanState.PUBLISHED: frozenset(),
    PlanState.DROPPED: frozenset(),
}
SWAPS: Mapping[SwapState, frozenset[SwapState]] = {
    SwapState.ASKED: frozenset({SwapState.AGREED, SwapState.REFUSED, SwapState.WITHDRAWN}),
    SwapState.AGREED: frozenset({SwapState.APPROVED, SwapState.REFUSED, SwapState.WITHDRAWN}),
    SwapState.APPROVED: frozenset(),
    SwapState.REFUSED: frozenset(),
    SwapState.WITHDRAWN: frozenset(),
}
WORDS: Mapping[str, Mapping[StrEnum, Sentence]] = {
    "sitting": {
        SittingState.PLANNED: pgettext_lazy("sitting", "Planned"),
        SittingState.OPEN: pgettext_lazy("sitting", "Open"),
        SittingState.CLOSED: pgettext_lazy("sitting", "Closed"),
        SittingState.CANCELLED: pgettext_lazy("sitting", "Cancelled"),
    },
    "ticket": {
        TicketState.BOOKED: _("Booked"),
        TicketState.WAITING: pgettext_lazy("ticket", "Waiting"),
        TicketState.CALLED: _("Called"),
        TicketState.IN_VISIT: _("Being heard"),
        TicketState.DONE: _("Heard"),
        TicketState.HELD: _("Set aside"),
        TicketState.LEFT: _("Has left"),
        TicketState.MOVED: _("Handed to a unit"),
        TicketState.UNHEARD: _("Not heard yet: first place next time"),
        TicketState.CANCELLED: pgettext_lazy("ticket", "Cancelled"),
    },
    "plan": {
        PlanState.ASKED: pgettext_lazy("roster", "Asked for"),
        PlanState.RUNNING: _("Being computed"),
        PlanState.READY: _("Ready to look at"),
        PlanState.IMPOSSIBLE: _("Impossible as asked"),
        PlanState.FAILED: pgettext_lazy("roster", "Failed"),
        PlanState.PUBLISHED: _("Published"),
        PlanState.DROPPED: _("Dropped"),
    },
    "swap": {
        SwapState.ASKED: pgettext_lazy("swap", "Asked"),
        SwapState.AGREED: _("Agreed, to be approved"),
        SwapState.APPROVED: _("Approved"),
        SwapState.REFUSED: pgettext_lazy("swap", "Refused"),
        SwapState.WITHDRAWN: pgettext_lazy("swap", "Withdrawn"),
    },
}
# In the queue, or with somebody: what a sitting still owes.
LIVE = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.IN_VISIT, TicketState.HELD})


def must_follow(table: Mapping[S, frozenset[S]], before: str, after: S) -> None:
    """Raises Conflict unless `after` may follow `before` in one of the tables above."""
    kind = type(after)
    if after not in table[kind(before)]:
        raise Conflict(_("Somebody else has changed this meanwhile. Look at how it stands now."))


def choices(kind: str) -> list[tuple[str, Sentence]]:
    """The states of a kind of thing with their words, for a model field."""
    return [(str(state), word) for state, word in WORDS[kind].items()]

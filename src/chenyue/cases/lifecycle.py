"""States of a case, the moves between them, and the one table that allows them. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    """Where a case stands. `KIND` types each one, so that figures never name states."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"
    JOINED = "joined"


STATE_WORDS = {
    State.RECEIVED: _("Received"),
    State.ASSIGNED: _("Assigned"),
    State.HANDLING: _("Being handled"),
    State.WAITING: _("Suspended"),
    State.ANSWERED: _("Answered"),
    State.CLOSED: _("Closed"),
    State.DECLINED: _("Declined"),
    State.JOINED: _("Joined to another"),
}

OPEN = (State.RECEIVED, State.ASSIGNED, State.HANDLING, State.WAITING)
WORKING = (State.ASSIGNED, State.HANDLING, State.WAITING)
ENDED = (State.CLOSED, State.DECLINED, State.JOINED)


class Move(StrEnum):
    """What can be done to a case."""

    TRIAGE = "triage"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    RETURN = "return"
    UPHOLD_RETURN = "uphold_return"
    REFUSE_RETURN = "refuse_return"
    REASSIGN = "reassign"
    CONTACT = "contact"
    SETTLE = "settle"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    REMIND = "remind"
    SUPERVISE = "supervise"
    WHISTLE = "whistle"
    ANSWER = "answer"
    REWORK = "rework"
    EXPLAIN = "explain"
    CLOSE = "close"
    REOPEN = "reopen"
    DECLINE = "decline"
    JOIN = "join"
    SPLIT = "split"
    WITHDRAW = "withdraw"


MOVE_WORDS = {
    Move.TRIAGE: _("Triage"),
    Move.DISPATCH: _("Dispatch"),
    Move.ACCEPT: _("Accept"),
    Move.RETURN: _("Return"),
    Move.UPHOLD_RETURN: _("Uphold the return"),
    Move.REFUSE_RETURN: _("Refuse the return"),
    Move.REASSIGN: _("Reassign"),
    Move.CONTACT: _("Record a contact"),
    Move.SETTLE: _("Settle at once"),
    Move.SUSPEND: _("Put on hold"),
    Move.RESUME: _("Resume"),
    Move.EXTEND: _("Extend"),
    Move.REMIND: _("Remind"),
    Move.SUPERVISE: _("Supervise"),
    Move.WHISTLE: _("Whistle the units together"),
    Move.ANSWER: _("Answer"),
    Move.REWORK: _("Send back for rework"),
    Move.EXPLAIN: _("Explain a refused answer"),
    Move.CLOSE: _("Close"),
    Move.REOPEN: _("Reopen"),
    Move.DECLINE: _("Decline"),
    Move.JOIN: _("Join to another case"),
    Move.SPLIT: _("Split off"),
    Move.WITHDRAW: _("Take an appeal back"),
}


@dataclass(frozen=True)
class Edge:
    """From which states a move is allowed, where it leads (None: stays), and the permission it asks."""

    sources: tuple[State, ...]
    target: State | None
    permission: str


TABLE: dict[Move, Edge] = {
    Move.TRIAGE: Edge(OPEN, None, "case.triage"),
    Move.DISPATCH: Edge((State.RECEIVED,), State.ASSIGNED, "case.dispatch"),
    Move.ACCEPT: Edge((State.ASSIGNED,), State.HANDLING, "case.work"),
    Move.RETURN: Edge((State.ASSIGNED, State.HANDLING), None, "case.work"),
    Move.UPHOLD_RETURN: Edge(WORKING, State.ASSIGNED, "case.review_return"),
    Move.REFUSE_RETURN: Edge(WORKING, None, "case.review_return"),
    Move.REASSIGN: Edge(WORKING, State.ASSIGNED, "case.dispatch"),
    Move.CONTACT: Edge(OPEN, None, "case.work"),
    Move.SETTLE: Edge((State.RECEIVED,), State.ANSWERED, "case.settle"),
    Move.SUSPEND: Edge((State.HANDLING,), State.WAITING, "case.suspend"),
    Move.RESUME: Edge((State.WAITING,), State.HANDLING, "case.work"),
    Move.EXTEND: Edge(WORKING, None, "case.extend"),
    Move.REMIND: Edge(OPEN, None, "case.supervise"),
    Move.SUPERVISE: Edge(OPEN, None, "case.supervise"),
    Move.WHISTLE: Edge(OPEN, None, "case.whistle"),
    Move.ANSWER: Edge((State.HANDLING,), State.ANSWERED, "case.work"),
    Move.REWORK: Edge((State.ANSWERED,), State.HANDLING, "case.review_answer"),
    Move.EXPLAIN: Edge((State.ANSWERED,), None, "case.review_answer"),
    Move.CLOSE: Edge((State.ANSWERED,), State.CLOSED, "case.close"),
    Move.REOPEN: Edge((State.ANSWERED, State.CLOSED, State.DECLINED), State.ASSIGNED, "case.reopen"),
    Move.DECLINE: Edge((State.RECEIVED, State.ASSIGNED), State.DECLINED, "case.dispatch"),
    Move.JOIN: Edge(OPEN, State.JOINED, "case.join"),
    Move.SPLIT: Edge((*OPEN, State.ANSWERED, State.JOINED), None, "case.join"),
    Move.WITHDRAW: Edge(OPEN, None, ""),  # its reporter's alone, by the receipt; no permission gives it
}


def allowed(state: str, move: Move) -> bool:
    """Whether the table allows this move from this state (the rules ask more)."""
    return State(state) in TABLE[move].sources


def moves_from(state: str) -> list[Move]:
    """All moves that the table allows from a state, in the order of the table."""
    return [move for move in TABLE if allowed(state, move)]

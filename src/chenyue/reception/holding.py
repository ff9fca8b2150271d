"""What the holder of a ticket may do with it by its link: arrive, go, stay after all, come back to a missed call."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import Ticket
from chenyue.reception.queue import actions as queue
from chenyue.reception.queue.doors import changing
from chenyue.reception.queue.tickets import by_token, slots

SORRY = timedelta(minutes=10)  # so long, going can be taken back
SHOWN = timedelta(days=30)  # so long, a link still says what became of the ticket
GONE = (TicketState.LEFT, TicketState.CANCELLED)


def leave(*, token: str, by: Actor, at: datetime) -> Ticket:
    """Give the place back: a booked one is cancelled, who is here leaves. Pressing twice changes nothing."""
    ticket = _ticket(token)
    if ticket.state in GONE:
        return ticket
    act = queue.cancel if ticket.state == TicketState.BOOKED else queue.leave
    return act(token=token, by=by, at=at)


def may_stay(ticket: Ticket, at: datetime) -> bool:
    """Whether going can still be taken back."""
    ended = ticket.ended_at
    running = ticket.sitting.state in (SittingState.PLANNED, SittingState.OPEN) and at < ticket.sitting.ends_at
    return ticket.state in GONE and ended is not None and at - ended <= SORRY and running


def stay(*, token: str, by: Actor, at: datetime) -> Ticket:
    """Take going back: one's own place in the line again, or one's booked time if nobody has taken it meanwhile."""
    found = _ticket(token)
    with changing(found.sitting_id, by, at, anybody=True) as held:
        row = held.ticket(found)
        if row.state not in GONE:
            return row
        row.sitting = held.sitting
        if not may_stay(row, at):
            raise Conflict(_("This can't be taken back any more. Please take a new ticket, or ask the staff."))
        booked = row.booked_for is not None and row.arrived_at is None
        if booked and all(s.at != row.booked_for or not s.free for s in slots(held.sitting, held.tickets, at)):
            raise Refusal(_("Somebody else has your booked time by now. Please choose another one."), code="slot")
        held.to(row, TicketState.BOOKED if booked else TicketState.WAITING, ended_at=None, window=None)
        held.say("ticket.undone", row, was="left")
    return row


def arrive(*, token: str, by: Actor, at: datetime) -> Ticket:
    """Say that one is here; who is in the line already stays there."""
    ticket = _ticket(token)
    return ticket if ticket.state == TicketState.WAITING else queue.check_in(ticket=ticket, by=by, at=at)


def come_back(*, token: str, by: Actor, at: datetime) -> Ticket:
    """Back after a missed call; pressing twice changes nothing."""
    ticket = _ticket(token)
    return ticket if ticket.state == TicketState.WAITING else queue.come_back(token=token, by=by, at=at)


ACTS = {"leave": leave, "stay": stay, "arrive": arrive, "back": come_back}


def _ticket(token: str) -> Ticket:
    """The ticket behind a link; too old ones are known to nobody. Raises NotFound."""
    return by_token(token)


def shown(ticket: Ticket, at: datetime) -> Ticket:
    """The ticket, if its link still says anything. Raises NotFound."""
    if at - ticket.sitting.ends_at > SHOWN:
        raise NotFound
    return ticket

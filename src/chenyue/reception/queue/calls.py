"""Calling, hearing, setting aside, handing on; and taking each of these back."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.notify.actions import notice
from chenyue.people.models import Member, Unit
from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import Sitting, Ticket
from chenyue.reception.queue import standing
from chenyue.reception.queue.doors import Held, changing
from chenyue.reception.queue.standing import AT_WINDOW

UNDONE = ("called", "held", "in_visit", "done", "left", "cancelled")


def call_next(*, sitting: Sitting | int, window: int, by: Actor, at: datetime) -> Ticket | None:
    """Call whoever is heard next to a window; None if nobody waits.

    Two who press at once get two visitors, each their own. A window with a visitor of a colleague at it is passed over
    for a free one: look at the ticket's `window`. Raises Refusal while one's own visitor is still at the window.
    """
    with changing(sitting, by, at) as held:
        held.must_be(SittingState.OPEN)
        line = standing.waiting(held.tickets, held.rules)
        free = _window(held, window)
        return _call(held, line[0], free) if line else None


def call(*, ticket: Ticket, window: int, by: Actor, at: datetime) -> Ticket:
    """Call one visitor out of turn: who was set aside is back at the door, or a member decides. Written down."""
    with changing(ticket.sitting_id, by, at) as held:
        held.must_be(SittingState.OPEN)
        row = held.ticket(ticket)
        return _call(held, row, _window(held, window))


def _window(held: Held, wanted: int) -> int:
    """The wanted window, or a free one if a colleague has a visitor there. Raises Refusal, Conflict."""
    if not 1 <= wanted <= max(1, held.sitting.venue.windows):
        raise Refusal(_("This venue has no window of this number."), field="window", code="window")
    taken = {t.window: t for t in held.tickets if t.state in AT_WINDOW}
    there = taken.get(wanted)
    if there is None:
        return wanted
    if there.server_id == held.member.pk:
        raise Conflict(_("%(label)s is still with you. Finish, or set aside, first.") % {"label": there.label})
    for window in range(1, held.sitting.venue.windows + 1):
        if window not in taken:
            return window
    raise Conflict(_("There is a visitor at each window: %(label)s is at yours.") % {"label": there.label})


def _call(held: Held, ticket: Ticket, window: int) -> Ticket:
    was = ticket.state
    held.to(
        ticket, TicketState.CALLED, window=window, server=held.member, called_at=held.at, calls=ticket.calls + 1
    )  # fmt: skip
    held.log(ticket, window, "call")
    held.say("ticket.called", ticket, window=window, was=was)
    return ticket


def recall(*, ticket: Ticket, by: Actor, at: datetime) -> Ticket:
    """Call the same visitor again."""
    with changing(ticket.sitting_id, by, at) as held:
        row = held.ticket(ticket)
        if row.state != TicketState.CALLED or row.window is None:
            raise Conflict
        held.set(row, calls=row.calls + 1)
        held.log(row, row.window, "recall")
        held.say("ticket.recalled", row, window=row.window)
    return row


def no_show(*, ticket: Ticket, by: Actor, at: datetime) -> Ticket:
    """Called and not there: set aside, with the ticket still good. Undone by `undo`, or the visitor comes back."""
    with changing(ticket.sitting_id, by, at) as held:
        row = held.ticket(ticket)
        held.to(row, TicketState.HELD)  # the window is kept: undone, they are called there again
        held.log(row, row.window or 1, "undo")
        held.say("ticket.not_there", row)
    return row


def start(*, ticket: Ticket, by: Actor, at: datetime) -> Ticket:
    """The visitor sits down and the talk begins."""
    with changing(ticket.sitting_id, by, at) as held:
        row = held.ticket(ticket)
        begin(held, row)
    return row


def begin(held: Held, ticket: Ticket) -> None:
    """The talk begins, in a transaction that holds the sitting."""
    held.to(ticket, TicketState.IN_VISIT, started_at=held.at, server=held.member)
    held.say("ticket.in_visit", ticket)


def finish(*, ticket: Ticket, by: Actor, at: datetime) -> Ticket:
    """The talk is over. Who was called and never marked as sitting down sat down when called."""
    with changing(ticket.sitting_id, by, at) as held:
        row = held.ticket(ticket)
        end(held, row)
    return row


def end(held: Held, ticket: Ticket) -> None:
    """The talk is over, in a transaction that holds the sitting."""
    if ticket.state == TicketState.CALLED:
        held.to(ticket, TicketState.IN_VISIT, started_at=ticket.called_at)
    held.to(ticket, TicketState.DONE, ended_at=held.at)
    held.say("ticket.heard", ticket)


def transfer(*, ticket: Ticket, unit: Unit, by: Actor, at: datetime) -> Ticket:
    """A member walks the visitor over to a unit; its members are told. Their turn here is over."""
    with changing(ticket.sitting_id, by, at) as held:
        row = held.ticket(ticket)
        if not unit.active or unit.placeholder:
            raise Refusal(_("Choose one from the list."), field="unit", code="choice")
        held.to(row, TicketState.MOVED, unit=unit, ended_at=at, server=held.member)
        held.say("ticket.moved", row, unit=unit.name)
        members = list(Member.objects.filter(unit=unit, is_active=True).values_list("pk", flat=True))
        sentence = _("Ticket %(label)s is brought to you from the reception at %(venue)s.") % {
            "label": row.label,
            "venue": held.sitting.venue.name,
        }
        notice(members, str(sentence), "", f"ticket:{row.pk}:moved:{row.version}", at)
    return row


class Back(NamedTuple):
    """What a state goes back to, and which fields it empties."""

    state: TicketState
    empties: tuple[str, ...] = ()


def undo(*, ticket: Ticket, by: Actor, at: datetime) -> Ticket:
    """Take the last act on a ticket back: a call, a beginning, an end, "not there", a leaving or a cancelling.

    Raises Conflict if the window has another visitor by now, or there is nothing to take back.
    """
    with changing(ticket.sitting_id, by, at) as held:
        held.must_be(SittingState.OPEN, SittingState.PLANNED)
        row = held.ticket(ticket)
        was = TicketState(row.state)
        back = _before(held, row)
        empty: dict[str, object] = dict.fromkeys(back.empties)
        held.to(row, back.state, **empty)
        if was == TicketState.CALLED:
            held.log(row, row.window or 1, "undo")
        elif back.state == TicketState.CALLED:
            held.log(row, row.window or 1, "recall")
        held.say("ticket.undone", row, was=was.value)
    return row


def _before(held: Held, ticket: Ticket) -> Back:
    state = TicketState(ticket.state)
    if state not in UNDONE:
        raise Conflict(_("There is nothing to take back."))
    if state == TicketState.CALLED:
        return Back(TicketState.WAITING, ("called_at",))
    if state == TicketState.IN_VISIT:
        return Back(TicketState.CALLED, ("started_at",))
    if state in (TicketState.LEFT, TicketState.CANCELLED):
        booked = ticket.arrived_at is None and ticket.booked_for is not None
        return Back(TicketState.BOOKED if booked else TicketState.WAITING, ("ended_at",))
    free = all(t.window != ticket.window for t in held.tickets if t.state in AT_WINDOW)
    if state == TicketState.HELD:  # back to the window, or else to their own old place in the line
        return Back(TicketState.CALLED) if free and ticket.window else Back(TicketState.WAITING)
    if not free:
        raise Conflict(_("There is another visitor at window %(window)s by now.") % {"window": ticket.window})
    return Back(TicketState.IN_VISIT, ("ended_at",))

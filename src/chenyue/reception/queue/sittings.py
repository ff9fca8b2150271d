"""Opening, stopping, closing and cancelling a sitting; nobody who came is forgotten."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.reception import letters
from chenyue.reception.lifecycle import SITTINGS, SittingState, TicketState, must_follow
from chenyue.reception.models import Sitting, SittingReport, Ticket
from chenyue.reception.queue import report, standing, tickets
from chenyue.reception.queue.doors import Held, changing
from chenyue.reception.queue.standing import AT_WINDOW
from chenyue.reception.rostering import notices

REMEMBERED = timedelta(days=60)  # so long, people whom nobody could give a next place are given one


def open_sitting(*, sitting: Sitting | int, by: Actor, at: datetime) -> Sitting:
    """Begin to receive. Who was left unheard while no next sitting was planned gets a first place here."""
    with changing(sitting, by, at) as held:
        row = held.sitting
        if row.state == SittingState.OPEN:
            return row  # two who open at once
        must_follow(SITTINGS, row.state, SittingState.OPEN)
        if at > row.ends_at:
            raise Refusal(_("This sitting is over."), code="sitting_closed")
        if at < row.starts_at - timedelta(hours=2):
            raise Refusal(_("It is too early to open this sitting: two hours before it begins at most."), code="early")
        row.state, row.opened_at = SittingState.OPEN.value, at
        held.say("sitting.opened")
        if left := _left_over(row, at):
            tickets.carry_into(held, left)
    return row


def _left_over(sitting: Sitting, at: datetime) -> list[Ticket]:
    """Unheard visitors of this venue who could be given no next place."""
    rows = Ticket.objects.filter(
        state=TicketState.UNHEARD,
        carried_to=None,
        sitting__venue_id=sitting.venue_id,
        sitting__starts_at__lt=sitting.starts_at,
        sitting__starts_at__gte=at - REMEMBERED,
    )
    return list(rows.select_related("resident").order_by("sitting__starts_at", "number"))


def stop(*, sitting: Sitting | int, by: Actor, at: datetime) -> Sitting:
    """A member stops giving tickets, whatever the rule says."""
    with changing(sitting, by, at) as held:
        held.must_be(SittingState.OPEN)
        if not held.sitting.stopped_by_hand:
            held.sitting.stopped_by_hand = True
            held.sitting.stopped_at = held.sitting.stopped_at or at
            held.say("sitting.stopped", by_rule=False)
    return held.sitting


def go_on(*, sitting: Sitting | int, by: Actor, at: datetime) -> Sitting:
    """Give tickets again; the last-ticket rule decides from now on."""
    with changing(sitting, by, at) as held:
        held.must_be(SittingState.OPEN)
        if held.sitting.stopped_by_hand:
            held.sitting.stopped_by_hand, held.sitting.stopped_at = False, None
            held.say("sitting.goes_on", by_rule=False)
    return held.sitting


def close_sitting(*, sitting: Sitting | int, by: Actor, at: datetime, words: str = "") -> SittingReport:
    """End the sitting, give whoever still waits a first place next time, and write the sheet. Once only.

    Raises Refusal while somebody is being heard.
    """
    with changing(sitting, by, at) as held:
        row = held.sitting
        if row.state == SittingState.CLOSED:
            return SittingReport.objects.get(sitting=row)
        must_follow(SITTINGS, row.state, SittingState.CLOSED)
        heard = [t.label for t in held.tickets if t.state == TicketState.IN_VISIT]
        if heard:
            raise Refusal(
                _("%(labels)s is still being heard. Finish that first.") % {"labels": "、".join(heard)}, code="in_visit"
            )
        unheard = _end_line(held, (TicketState.WAITING, TicketState.CALLED))
        row.state, row.closed_at = SittingState.CLOSED.value, at
        figures = report.figures(row, held.tickets, at)
        found = SittingReport.objects.create(
            sitting=row, figures=figures, words=text.clean(words)[:2000], by=held.member, at=at
        )
        held.say("sitting.closed", **{name: figures[name] for name in report.TOLD})
        tickets.carry(unheard, row, by, at)
        letters.not_heard(row, unheard, at)
    return found


def cancel_sitting(*, sitting: Sitting | int, reason: str, by: Actor, at: datetime) -> Sitting:
    """Call a sitting off, before or while it runs; everybody with a ticket gets a first place next time.

    Raises Refusal at `reason` without one, and while somebody is being heard.
    """
    reason = text.clean(reason)[:200]
    if len(reason) < 2:
        raise Refusal(_("Say why: those who came will read it."), field="reason", code="no_reason")
    with changing(sitting, by, at) as held:
        row = held.sitting
        if row.state == SittingState.CANCELLED:
            return row
        must_follow(SITTINGS, row.state, SittingState.CANCELLED)
        if any(t.state == TicketState.IN_VISIT for t in held.tickets):
            raise Refusal(_("Somebody is still being heard. Finish that first."), code="in_visit")
        states = (TicketState.BOOKED, TicketState.WAITING, TicketState.CALLED, TicketState.HELD)
        unheard = _end_line(held, states)
        row.state, row.closed_at, row.reason = SittingState.CANCELLED.value, at, reason
        held.say("sitting.cancelled", reason=reason, unheard=len(unheard))
        tickets.carry(unheard, row, by, at)
        letters.not_heard(row, unheard, at)
        notices.tell_cancelled(sitting=row, reason=reason, at=at)
    return row


def _end_line(held: Held, states: tuple[TicketState, ...]) -> list[Ticket]:
    """Bring the line to its end: those in `states` are unheard, in the order in which they stood; others have left."""
    unheard = [t for t in held.tickets if t.state in AT_WINDOW and t.state in states]
    unheard += [t for t in standing.waiting(held.tickets, held.rules) if t.state in states]
    others = (TicketState.HELD, TicketState.BOOKED)
    unheard += [t for t in held.tickets if t.state in others and t.state in states]
    for ticket in held.tickets:
        if ticket.state in others and ticket not in unheard:
            held.to(ticket, TicketState.LEFT, ended_at=held.at)
    for ticket in unheard:
        held.to(ticket, TicketState.UNHEARD, ended_at=held.at)
    return unheard

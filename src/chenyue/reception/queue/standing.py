"""How the queue of a sitting stands at a moment: order, windows at work, waits. Reads the past of its venue only."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import F

from chenyue.core import office
from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import Priority, Sitting, Ticket
from chenyue.reception.queue import eta, order, rules
from chenyue.reception.queue.order import Standing
from chenyue.reception.queue.rules import QueueRules

PAST = 300  # visits of a venue that its waits are drawn from
KEPT = 600  # seconds that the past of a venue stays in memory: it changes by the visit
AT_WORK = timedelta(minutes=30)
AT_WINDOW = (TicketState.CALLED, TicketState.IN_VISIT)


def office_rules() -> QueueRules:
    """The rules of this office."""
    return rules.read(office.get("queue"))


def past(venue_id: int) -> list[float]:
    """How long a window was taken, in seconds, at the newest visits of a venue. At most one statement."""
    key = f"reception.past.{venue_id}"
    known = cache.get(key)
    if known is None:
        heard = Ticket.objects.filter(
            sitting__venue_id=venue_id, state=TicketState.DONE, called_at__isnull=False, ended_at__gt=F("called_at")
        )
        rows = heard.order_by("-pk").values_list("called_at", "ended_at")[:PAST]
        known = [(ended - called).total_seconds() for called, ended in rows if called and ended]
        cache.set(key, known, KEPT)
    return list(known)


def of(ticket: Ticket) -> Standing:
    """A ticket as the order sees it."""
    kept = ticket.booked_for is not None and ticket.line_at == ticket.booked_for
    return Standing(ticket.number, ticket.line_at, ticket.priority, kept)


def waiting(tickets: Iterable[Ticket], queue_rules: QueueRules) -> list[Ticket]:
    """Those who wait, in the order in which they are heard."""
    rows = [t for t in tickets if t.state == TicketState.WAITING]
    return sorted(rows, key=lambda t: order.place_of(of(t), queue_rules))


def windows(sitting: Sitting, tickets: Iterable[Ticket], at: datetime, queue_rules: QueueRules) -> int:
    """How many windows hear visitors: all of the venue at first, then those that were used in the last half hour."""
    whole = max(1, sitting.venue.windows)
    if sitting.opened_at is None or at < sitting.opened_at + timedelta(minutes=queue_rules.settle):
        return whole
    used = {
        t.window
        for t in tickets
        if t.window and (t.state in AT_WINDOW or (t.called_at is not None and t.called_at > at - AT_WORK))
    }
    return min(whole, max(1, len(used)))


def waits(
    sitting: Sitting, tickets: Sequence[Ticket], at: datetime, queue_rules: QueueRules, ahead: int
) -> list[eta.Interval]:
    """For each of the `ahead` who wait and for one who comes now; before the opening, the time until it is added."""
    busy = [(at - t.called_at).total_seconds() for t in tickets if t.state in AT_WINDOW and t.called_at is not None]
    found = eta.waits(
        windows=windows(sitting, tickets, at, queue_rules),
        busy=busy,
        ahead=ahead,
        past=eta.usable(past(sitting.venue_id)),
        draws=queue_rules.draws,
        seed=sitting.pk * 10_000 + sitting.epoch % 10_000,
    )
    closed = sitting.state == SittingState.PLANNED
    until = max(0.0, (sitting.starts_at - at).total_seconds()) if closed else 0.0
    return [eta.Interval(i.low + until, i.high + until) for i in found]


def stops(sitting: Sitting, tickets: Sequence[Ticket], at: datetime, queue_rules: QueueRules) -> bool:
    """The last-ticket rule for one who would come now."""
    line = waiting(tickets, queue_rules)
    last = waits(sitting, tickets, at, queue_rules, len(line))[-1]
    return rules.must_stop(last.high, at, sitting.ends_at, queue_rules)


def taken(tickets: Iterable[Ticket]) -> int:
    """How many tickets count against the capacity: all but those who cancelled or left."""
    gone = (TicketState.CANCELLED, TicketState.LEFT)
    return sum(t.state not in gone for t in tickets)


def is_carried(ticket: Ticket) -> bool:
    """Whether this visitor has a first place because the sitting before ended first."""
    return ticket.priority == Priority.UNHEARD

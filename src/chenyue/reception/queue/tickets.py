"""Taking a ticket, arriving with a booked one, leaving, cancelling; and the places of those who weren't heard."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.cases.intake import ReporterData
from chenyue.core import ids, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.people.models import Member, Resident
from chenyue.people.residents import register_resident
from chenyue.places.models import Place
from chenyue.reception.lifecycle import LIVE, SittingState, TicketState
from chenyue.reception.models import Priority, Sitting, Ticket
from chenyue.reception.queue import eta, order, rules, standing
from chenyue.reception.queue.doors import Held, changing

MOST_PEOPLE = 200  # in one group; more is a slip of the key
CHOOSABLE = {p.value for p in Priority} - {Priority.UNHEARD.value}
SOURCES = ("desk", "kiosk", "web", "carried")


@dataclass(frozen=True)
class Wanted:
    """What somebody says when they take a ticket."""

    source: str = "desk"
    priority: str = ""
    called_as: str = ""
    party: int = 1
    place_id: int | None = None
    booked_for: datetime | None = None
    reporter: ReporterData | None = field(default=None, repr=False)


def take_ticket(
    *,
    sitting: Sitting | int,
    by: Actor,
    at: datetime,
    source: str = "desk",
    priority: str = "",
    called_as: str = "",
    party: int = 1,
    place_id: int | None = None,
    booked_for: datetime | None = None,
    reporter: ReporterData | None = None,
    or_next: bool = False,
    anyway: bool = False,
) -> Ticket:
    """A place in the queue: for who is here now, or booked for a time of the sitting.

    Raises Refusal: `code` is `sitting_closed`, `sitting_cancelled`, `early`, `stopped` (the last-ticket rule, or a
    person stopped it), `full`, `slot` (at `booked_for`), `has_one`; at `party`, `priority`. With `or_next` who comes
    after the last ticket gets a first place at the venue's next sitting instead: look at the ticket's `sitting`.
    `anyway`: a member takes one more in all the same.
    """
    wanted = _cleaned(Wanted(source, priority, called_as, party, place_id, booked_for, reporter))
    with changing(sitting, by, at, anybody=True) as held:
        _must_take(held, wanted)
        if wanted.booked_for is not None or not _stopped(held) or (anyway and by.kind == "member"):
            return _take(held, wanted)
        if not or_next:
            raise Refusal(STOPPED, code="stopped")
    return _take_next(held.sitting, wanted, by, at)


def _cleaned(wanted: Wanted) -> Wanted:
    if wanted.priority not in CHOOSABLE or wanted.source not in SOURCES:
        raise Refusal(_("Choose one from the list."), field="priority", code="choice")
    if not 1 <= wanted.party <= MOST_PEOPLE:
        raise Refusal(_("Say how many people came together: 1 to 200."), field="party", code="party")
    if wanted.place_id is not None and not Place.objects.filter(pk=wanted.place_id).exists():
        raise Refusal(_("Choose one from the list."), field="place", code="choice")
    return wanted


def _must_take(held: Held, wanted: Wanted) -> None:
    """Raise Refusal unless there is a place, by state, hours and capacity."""
    held.must_be(SittingState.PLANNED, SittingState.OPEN)
    sitting = held.sitting
    if standing.taken(held.tickets) >= sitting.capacity:
        raise Refusal(_("All places of this sitting are taken."), code="full")
    if wanted.booked_for is not None:
        _bookable(held, wanted)
    elif not rules.takes_walk_ins(sitting.starts_at, sitting.ends_at, held.at, held.rules):
        early = held.at < sitting.starts_at
        raise Refusal(TOO_EARLY if early else OVER, code="early" if early else "sitting_closed")


def _stopped(held: Held) -> bool:
    """Whether nobody who comes now could be heard in time, or a person stopped it."""
    return bool(held.sitting.stopped_at) or standing.stops(held.sitting, held.tickets, held.at, held.rules)


def _take(held: Held, wanted: Wanted) -> Ticket:
    booked = wanted.booked_for is not None
    resident = _resident(held, wanted)
    state = TicketState.BOOKED if booked else TicketState.WAITING
    ticket = _new(held, wanted, resident, state, rules.line_at(wanted.booked_for, held.at, held.rules))
    if not booked:
        ticket.arrived_at = held.at
    _save(held, ticket)
    return ticket


TOO_EARLY = _("Tickets are given from half an hour before the sitting begins. You can book a place now.")
OVER = _("This sitting is over.")
STOPPED = _("Nobody who comes now could be heard before the end. The first places of the next sitting are yours.")


def _bookable(held: Held, wanted: Wanted) -> None:
    """Raise Refusal unless this time may be booked."""
    sitting, when = held.sitting, wanted.booked_for
    assert when is not None
    if sitting.state != SittingState.PLANNED and when <= held.at:
        raise Refusal(_("This time has passed. Choose a later one."), field="booked_for", code="slot")
    if all(slot.at != when or not slot.free for slot in slots(sitting, held.tickets, held.at, held.rules)):
        raise Refusal(_("This time is taken or not offered. Choose another."), field="booked_for", code="slot")


@dataclass(frozen=True)
class Slot:
    """A time of a sitting that can be booked, and how many places are free."""

    at: datetime
    free: int


def slots(
    sitting: Sitting, tickets: list[Ticket], at: datetime, queue_rules: rules.QueueRules | None = None
) -> list[Slot]:
    """Times that may be booked: one visitor per window and slot, not more than the venue's share of the places.

    First places of those who weren't heard take slots too.
    """
    queue_rules = queue_rules or standing.office_rules()
    live = [t for t in tickets if t.booked_for is not None and t.state in {TicketState.BOOKED, TicketState.DONE, *LIVE}]
    left = sitting.capacity * sitting.venue.bookable_share // 100 - len(live)
    left = min(left, sitting.capacity - standing.taken(tickets))
    found, when = [], sitting.starts_at
    before = sum(standing.is_carried(t) for t in live)
    while when + timedelta(minutes=queue_rules.least_talk) <= sitting.ends_at:
        booked = sum(t.booked_for == when and not standing.is_carried(t) for t in live)
        windows = max(1, sitting.venue.windows)
        carried = min(before, windows)
        before -= carried
        if when > at:
            found.append(Slot(when, max(0, min(left, windows - booked - carried))))
        when += timedelta(minutes=queue_rules.slot)
    return found


def _resident(held: Held, wanted: Wanted) -> Resident | None:
    """Who it is, if they say so; one live ticket for each at a sitting."""
    if wanted.reporter is None or not wanted.reporter.phone.strip():
        return None
    told = wanted.reporter
    resident = register_resident(name=told.name, phone=told.phone, email=told.email, by=held.by, at=held.at)
    for ticket in held.tickets:
        if ticket.resident_id == resident.pk and ticket.state in {TicketState.BOOKED, *LIVE}:
            raise Refusal(
                _("With this telephone there is a ticket for this sitting already: %(label)s.")
                % {"label": ticket.label},
                field="phone",
                code="has_one",
            )
    return resident


def _new(held: Held, wanted: Wanted, resident: Resident | None, state: TicketState, line_at: datetime) -> Ticket:
    sitting = held.sitting
    sitting.issued += 1
    name = wanted.called_as or (wanted.reporter.name if wanted.reporter else "")
    member = held.by.user if isinstance(held.by.user, Member) else None
    return Ticket(
        sitting=sitting,
        number=sitting.issued,
        label=f"{sitting.venue.letter}{sitting.issued:03d}",
        token=ids.token(),
        state=state.value,
        booked_for=wanted.booked_for,
        priority=wanted.priority,
        priority_by=member if wanted.priority else None,
        resident=resident,
        called_as=text.clean(name)[:40],
        email=text.clean(wanted.reporter.email)[:254] if wanted.reporter else "",
        party=wanted.party,
        place_id=wanted.place_id,
        source=wanted.source,
        line_at=line_at,
        created_at=held.at,
    )


def _save(held: Held, ticket: Ticket) -> None:
    """Insert a new ticket with what is promised to it, if it waits."""
    if ticket.state == TicketState.WAITING:
        _promise(held, ticket, [*held.tickets, ticket])
    ticket.save(force_insert=True)
    held.tickets.append(ticket)
    held.say("ticket.booked" if ticket.state == TicketState.BOOKED else "ticket.taken", ticket, source=ticket.source)


def _promise(held: Held, ticket: Ticket, tickets: list[Ticket]) -> None:
    """Keep what this visitor is told, in seconds, to prove later how often it held."""
    line = standing.waiting(tickets, held.rules)
    ahead = line.index(ticket)
    low, high = eta.told(standing.waits(held.sitting, tickets, held.at, held.rules, ahead)[ahead])
    ticket.promised_low, ticket.promised_high = low * 60, high * 60


def check_in(*, ticket: Ticket | str, by: Actor, at: datetime) -> Ticket:
    """Somebody with a booked ticket has come; `ticket` may be its token. Too late, they stand as if they just came.

    Whoever wasn't heard last time keeps their first place however late they come.
    """
    found = by_token(ticket)
    with changing(found.sitting_id, by, at, anybody=True) as held:
        held.must_be(SittingState.PLANNED, SittingState.OPEN)
        row = held.ticket(found)
        if at < held.sitting.starts_at - timedelta(minutes=held.rules.early):
            raise Refusal(_("You are early: arrive at most half an hour before the sitting begins."), code="early")
        booked = row.booked_for
        line_at = booked if standing.is_carried(row) and booked else rules.line_at(booked, at, held.rules)
        held.to(row, TicketState.WAITING, arrived_at=at, line_at=line_at)
        _promise(held, row, held.tickets)
        row.save(update_fields=["promised_low", "promised_high"])
        held.say("ticket.checked_in", row, kept=line_at == booked)
    return row


def by_token(ticket: Ticket | str) -> Ticket:
    """The ticket itself, or that of a token. Raises NotFound."""
    if isinstance(ticket, Ticket):
        return ticket
    found = Ticket.objects.filter(token=ticket).first() if ticket else None
    if found is None:
        raise NotFound
    return found


def leave(*, by: Actor, at: datetime, ticket: Ticket | None = None, token: str = "") -> Ticket:
    """Somebody goes without being heard. By the link of the ticket, or a member writes it down."""
    return _end(ticket or token, TicketState.LEFT, "ticket.left", by, at)


def cancel(*, by: Actor, at: datetime, ticket: Ticket | None = None, token: str = "") -> Ticket:
    """A booked or waiting place is given back."""
    return _end(ticket or token, TicketState.CANCELLED, "ticket.cancelled", by, at)


def _end(ticket: Ticket | str, state: TicketState, verb: str, by: Actor, at: datetime) -> Ticket:
    found = by_token(ticket)
    with changing(found.sitting_id, by, at, anybody=True) as held:
        row = held.ticket(found)
        if row.state == state:
            return row  # pressed twice
        held.to(row, state, ended_at=at, window=None)
        held.say(verb, row)
    return row


def come_back(*, by: Actor, at: datetime, ticket: Ticket | None = None, token: str = "") -> Ticket:
    """Somebody who missed the call is here: behind the next visitors of the line (`QueueRules.behind`)."""
    found = by_token(ticket or token)
    with changing(found.sitting_id, by, at, anybody=True) as held:
        row = held.ticket(found)
        if row.state != TicketState.HELD:
            raise Conflict(_("This ticket isn't set aside any more. Look at how it stands now."))
        line = [standing.of(t) for t in standing.waiting(held.tickets, held.rules)]
        held.to(row, TicketState.WAITING, line_at=order.come_back(standing.of(row), line, held.rules), window=None)
        held.say("ticket.back", row)
    return row


# Not heard: nobody loses their place


def next_sitting(sitting: Sitting, at: datetime) -> Sitting | None:
    """The next sitting of the same venue that hasn't begun, in which places are free. One statement."""
    later = Sitting.objects.filter(
        venue_id=sitting.venue_id, state=SittingState.PLANNED, starts_at__gt=sitting.starts_at
    )
    return later.filter(starts_at__gt=at).order_by("starts_at").first()


def _take_next(sitting: Sitting, wanted: Wanted, by: Actor, at: datetime) -> Ticket:
    """A first place at the next sitting for somebody who came after the last ticket."""
    after = next_sitting(sitting, at)
    if after is None:
        raise Refusal(NO_NEXT, code="stopped")
    with changing(after, by, at, anybody=True, onward=True) as held:
        # Whoever touches the kiosk again and again must not take the whole next sitting; a member sees who it is.
        if by.kind != "member" and standing.taken(held.tickets) >= held.sitting.capacity:
            raise Refusal(_("All places of this sitting are taken."), code="full")
        return first_place(held, wanted, _resident(held, wanted))


NO_NEXT = _(
    "Nobody who comes now could be heard before the end, and no next sitting is planned yet. Please ask at the desk."
)


def first_place(held: Held, wanted: Wanted, resident: Resident | None, carried: Ticket | None = None) -> Ticket:
    """A booked first place at the sitting that is held; beyond its capacity too, since somebody was sent away."""
    begins = held.sitting.starts_at
    ticket = _new(held, wanted, resident, TicketState.BOOKED, begins)
    ticket.booked_for, ticket.priority, ticket.priority_by = begins, Priority.UNHEARD.value, None
    ticket.carried_from = carried
    ticket.email = carried.email if carried is not None else ticket.email
    _save(held, ticket)
    return ticket


def carry(tickets: list[Ticket], sitting: Sitting, by: Actor, at: datetime) -> Sitting | None:
    """Give these unheard visitors the first places of the next sitting, in their order; None if there is none yet."""
    after = next_sitting(sitting, at)
    if after is None or not tickets:
        return None
    with changing(after, by, at, onward=True) as held:
        carry_into(held, tickets)
    return after


def carry_into(held: Held, tickets: list[Ticket]) -> None:
    """First places at the sitting that is held; what was said when the tickets were taken goes along."""
    for ticket in tickets:
        wanted = Wanted("carried", "", ticket.called_as, ticket.party, ticket.place_id)
        first_place(held, wanted, ticket.resident, carried=ticket)

"""Booking from home: which sittings can be booked, booking one, and the waiting list of one that is full.

Whoever books has no account. The only thing that a telephone number is asked for is that one person books a sitting
once; nobody is told which ticket a number has.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.cases.intake import ReporterData
from chenyue.core import ids
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.text import clean
from chenyue.core.ticks import every
from chenyue.people.residents import register_resident
from chenyue.reception import letters, queries
from chenyue.reception.lifecycle import LIVE, SittingState, TicketState
from chenyue.reception.models import Sitting, Ticket, WaitEntry
from chenyue.reception.queue import actions as queue
from chenyue.reception.queue import queries as waits
from chenyue.reception.queue.tickets import Slot, slots
from chenyue.timeline.actions import record

AHEAD = timedelta(days=14)  # so far, sittings can be booked
NOTICE = timedelta(hours=1)  # a place that becomes free later than this before its time is left to who just comes
MOST_WAITING = 20  # on the list of one sitting
USUAL = 600  # seconds that the usual wait of a venue stays in memory
NEAR = 15  # seconds that the wait of a sitting that runs does

TWICE = _(
    "With this telephone a place at this sitting was booked before. Open the link that you got then; "
    "if you don't have it any more, come to the desk or telephone us."
)


@dataclass(frozen=True)
class Person:
    """What somebody says when they book; all but the number of people may be empty."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    party: int = 1
    priority: str = ""
    place_id: int | None = None

    @property
    def reporter(self) -> ReporterData:
        return ReporterData(name=self.name, phone=self.phone, email=self.email)


@dataclass(frozen=True)
class Offer:
    """A sitting as residents see it: who receives, the wait to expect, which times are free."""

    sitting: Sitting
    names: list[str]
    lead: str
    slots: list[Slot]
    wait: waits.Forecast

    @property
    def free(self) -> list[Slot]:
        """Times that can be booked."""
        return [slot for slot in self.slots if slot.free]

    @property
    def full(self) -> bool:
        """Whether there was something to book and all of it is taken: then there is a waiting list."""
        return not self.free and self.sitting.issued > 0 and self.sitting.state == SittingState.PLANNED

    @property
    def running(self) -> bool:
        """Whether people are being received now."""
        return self.sitting.state == SittingState.OPEN


def offers(at: datetime) -> list[Offer]:
    """What is open or to come within `AHEAD`, the earliest first.

    Four statements, and at most two for each sitting that runs and each venue; waits are kept for a moment.
    """
    day = timezone.localtime(at).date()
    rows = queries.sittings_between(day, day + AHEAD).filter(ends_at__gt=at)
    sittings = list(rows.filter(state__in=[SittingState.PLANNED, SittingState.OPEN], venue__active=True))
    return [_offer(sitting, tickets, at) for sitting, tickets in _with_tickets(sittings)]


def offer(pk: int, at: datetime) -> Offer:
    """One sitting to book, in whatever state. Raises NotFound for what was never shown."""
    day = timezone.localtime(at).date()
    rows = queries.sittings_between(day - timedelta(days=1), day + AHEAD).filter(venue__active=True)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This sitting isn't offered, or it is over."))
    return next(_offer(sitting, tickets, at) for sitting, tickets in _with_tickets([found]))


def _with_tickets(sittings: list[Sitting]) -> Iterable[tuple[Sitting, list[Ticket]]]:
    held: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in Ticket.objects.filter(sitting__in=sittings):
        held[ticket.sitting_id].append(ticket)
    return [(sitting, held[sitting.pk]) for sitting in sittings]


def _offer(sitting: Sitting, tickets: list[Ticket], at: datetime) -> Offer:
    told = queries.as_published(sitting) if sitting.published_at else None
    bookable = sitting.state == SittingState.PLANNED and sitting.starts_at > at
    return Offer(
        sitting=sitting,
        names=told.names if told else [],
        lead=told.lead if told else "",
        slots=slots(sitting, tickets, at) if bookable else [],
        wait=expected(sitting, at),
    )


def expected(sitting: Sitting, at: datetime) -> waits.Forecast:
    """The wait of somebody who comes to this sitting, from memory for a moment; at most two statements.

    Of one that runs or is about to: as its queue stands. Of a later one: what people usually wait at this venue in
    its mornings or evenings.
    """
    soon = sitting.state == SittingState.OPEN or waits.may_take(sitting, at)
    if soon:
        key = f"reception.wait.{sitting.pk}.{sitting.epoch}.{sitting.state}"
        found = cache.get(key)
        if found is None:
            found = waits.forecast(sitting, at)
            cache.set(key, found, NEAR)
        return cast(waits.Forecast, found)
    early = timezone.localtime(sitting.starts_at).hour < 12
    key = f"reception.usual.{sitting.venue_id}.{early}"
    usual = cache.get(key)
    if usual is None:
        usual = waits.usual(sitting.venue_id, early)
        cache.set(key, usual, USUAL)
    low, high = usual
    return waits.Forecast(low, high, ahead=0, accepts=False, why="")


def book(*, sitting: Sitting, slot: datetime, person: Person, by: Actor, at: datetime) -> Ticket:
    """A place at a time of a sitting; the letter with its link goes to the address, if one was given.

    Raises Refusal: at `slot` when it was taken meanwhile, at `phone` when that number has a place already.
    """
    if timezone.localtime(sitting.starts_at).date() > timezone.localtime(at + AHEAD).date():
        raise Refusal(_("This sitting can't be booked yet."), code="too_far")
    with transaction_of_its_own():
        ticket = _take(sitting, slot, person, by, at)
        letters.booked(ticket, at)
    return ticket


def _must_be_only(ticket: Ticket) -> None:
    """Raise Refusal if the same telephone has a place already, by whatever name: a family books one for all.

    Called while the sitting is locked, so that of two who book at once one is told.
    """
    if ticket.resident is None:
        return
    same = Ticket.objects.filter(
        sitting_id=ticket.sitting_id,
        resident__phone_index=ticket.resident.phone_index,
        state__in=[TicketState.BOOKED, *LIVE],
    )
    if same.exclude(pk=ticket.pk).exists():
        raise Refusal(TWICE, field="phone", code="has_one")


def _take(sitting: Sitting, slot: datetime, person: Person, by: Actor, at: datetime) -> Ticket:
    if sitting.state != SittingState.PLANNED or sitting.starts_at <= at:
        raise Refusal(_("This sitting can't be booked any more. Come, and take a ticket there."), code="begun")
    try:
        ticket = queue.take_ticket(
            sitting=sitting, by=by, at=at, source="web", priority=person.priority, called_as=person.name,
            party=person.party, place_id=person.place_id, booked_for=slot, reporter=person.reporter,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "has_one":
            raise Refusal(TWICE, field="phone", code="has_one") from refusal
        if refusal.code in ("slot", "full"):
            refusal.field = "slot"
        raise
    _must_be_only(ticket)
    return ticket


# The waiting list


def ask_for_place(*, sitting: Sitting, person: Person, by: Actor, at: datetime) -> WaitEntry:
    """On the list of a full sitting. Raises Refusal if there are free times, if it has begun, or at `phone`."""
    with transaction_of_its_own():
        row = Sitting.objects.select_for_update(of=("self",)).select_related("venue").get(pk=sitting.pk)
        tickets = list(Ticket.objects.filter(sitting=row).select_related("resident"))
        rows = WaitEntry.objects.filter(sitting=row, state=WaitEntry.State.WAITING)
        entries = list(rows.select_related("resident"))
        if row.state != SittingState.PLANNED or row.starts_at - NOTICE <= at:
            raise Refusal(_("It is too late for the waiting list of this sitting."), code="begun")
        if any(slot.free for slot in slots(row, tickets, at)):
            raise Refusal(_("A time has become free just now. Choose it."), field="slot", code="free")
        if len(entries) >= MOST_WAITING:
            raise Refusal(
                _("The waiting list of this sitting is full too. Please choose another sitting."), code="full"
            )
        entry = WaitEntry(
            sitting=row, token=ids.token(), called_as=clean(person.name)[:40], email=person.email,
            party=person.party, priority=person.priority, created_at=at,
        )  # fmt: skip
        if person.phone:
            entry.resident = register_resident(name=person.name, phone=person.phone, by=by, at=at)
            live = {TicketState.BOOKED, *LIVE}
            own = entry.resident.phone_index
            if any(e.resident and e.resident.phone_index == own for e in entries) or any(
                t.resident and t.resident.phone_index == own and t.state in live for t in tickets
            ):
                raise Refusal(TWICE, field="phone", code="has_one")
        entry.save(force_insert=True)
        record(subject=row.subject, verb="waiting.asked", by=by, at=at, data={})
    return entry


def entry_by(token: str) -> WaitEntry:
    """The entry behind a link. Raises NotFound."""
    rows = WaitEntry.objects.select_related("sitting__venue", "ticket")
    found = rows.filter(token=token).first() if token else None
    if found is None:
        raise NotFound
    return found


def place_in_list(entry: WaitEntry) -> int:
    """How many are before this entry. One statement."""
    return WaitEntry.objects.filter(sitting_id=entry.sitting_id, state=WaitEntry.State.WAITING, pk__lt=entry.pk).count()


def withdraw(*, token: str, by: Actor, at: datetime) -> WaitEntry:
    """Off the list again; pressing twice changes nothing."""
    with transaction_of_its_own():
        entry = entry_by(token)
        if _end(entry, WaitEntry.State.WITHDRAWN, at):
            record(subject=entry.subject, verb="waiting.taken_back", by=by, at=at, data={})
    return entry


def _end(entry: WaitEntry, state: WaitEntry.State, at: datetime, ticket: Ticket | None = None) -> bool:
    """Guarded: of two who end an entry at once, one does."""
    waiting = WaitEntry.objects.filter(pk=entry.pk, state=WaitEntry.State.WAITING)
    if not waiting.update(state=state.value, ended_at=at, ticket=ticket):
        return False
    entry.state, entry.ended_at, entry.ticket = state.value, at, ticket
    return True


@every(60, "reception.waiting")
def give_free_places(at: datetime) -> int:
    """Give places that became free to those who wait for them, and end lists that are too late; how many got one."""
    rows = WaitEntry.objects.filter(state=WaitEntry.State.WAITING).select_related("sitting__venue", "resident")
    by_sitting: dict[int, list[WaitEntry]] = defaultdict(list)
    for entry in rows.order_by("pk"):
        by_sitting[entry.sitting_id].append(entry)
    return sum(_serve(entries[0].sitting, entries, at) for entries in by_sitting.values())


def _serve(sitting: Sitting, entries: list[WaitEntry], at: datetime) -> int:
    placed = 0
    late = sitting.state != SittingState.PLANNED or sitting.starts_at - NOTICE <= at
    free = [] if late else [s.at for s in waits.free_slots(sitting, at) for _place in range(s.free)]
    for entry in entries:
        if late:
            _lapse(entry, at)
        elif free and _place(entry, free[0], at):
            free.pop(0)
            placed += 1
    return placed


def _lapse(entry: WaitEntry, at: datetime) -> None:
    with transaction_of_its_own():
        if _end(entry, WaitEntry.State.LAPSED, at):
            letters.no_place(entry, at)


def _place(entry: WaitEntry, slot: datetime, at: datetime) -> bool:
    """One gets the place; an entry whose person has one by now is taken off."""
    phone = entry.resident.phone if entry.resident else ""
    name = entry.resident.name if entry.resident and entry.resident.name else entry.called_as
    person = Person(name, phone, entry.email, entry.party, entry.priority)
    try:
        with transaction.atomic():  # a savepoint at least: a refusal ends this one place, not the round
            ticket = _take(entry.sitting, slot, person, SYSTEM, at)
            if not _end(entry, WaitEntry.State.PLACED, at, ticket):
                raise Refusal(TWICE, code="ended")  # it was taken back meanwhile: give no ticket
            record(subject=entry.subject, verb="waiting.placed", by=SYSTEM, at=at, data={"ticket": ticket.label})
            letters.placed(entry, ticket, at)
    except Refusal as refusal:
        if refusal.code == "has_one":
            _end(entry, WaitEntry.State.WITHDRAWN, at)
        return False
    return True

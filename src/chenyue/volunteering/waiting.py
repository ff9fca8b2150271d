"""The waiting list of a slot: in the order of asking. Who is called has a place kept for them for some hours.

A kept place stays counted as taken, so that nobody else can get it and no race oversells; it is passed on when the
one called says no, or says nothing in time.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.people.models import Resident
from chenyue.volunteering import booking_letters, booking_rules, seeing, slotting
from chenyue.volunteering.lifecycle import BookingState, SlotState, Via, WaitState
from chenyue.volunteering.models import Booking, Slot, WaitingPlace
from chenyue.volunteering.passing import tie_between
from chenyue.volunteering.persons import is_them

ACTIVE = (WaitState.WAITING, WaitState.CALLED)
SOONEST = timedelta(hours=2)  # before the beginning nobody is called any more: the place is simply free
MOST = 100  # who wait for one slot


def join(
    *, slot: Slot, resident: Resident, by: Actor, at: datetime, payer: Resident | None = None, via: str = Via.WEB
) -> WaitingPlace:
    """Wait for a place. Raises Refusal: free (book it), waiting, double, long, and as `book` does for the slot."""
    payer = payer or resident
    own = by.kind == "resident" and (is_them(by, resident) or is_them(by, payer))
    if not own:
        seeing.check(by, seeing.SERVE)
    with transaction_of_its_own():
        row = _slot(slot, lock=True)
        _check(row, resident, payer, at)
        made = WaitingPlace(
            slot=row, resident=resident, payer=payer, via=via, at=at, by=by.user if by.kind == "member" else None
        )
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as error:
            raise booking_rules.refusal("waiting", _("You are on this waiting list already.")) from error
    return made


def _check(row: Slot, resident: Resident, payer: Resident, at: datetime) -> None:
    if refused := booking_rules.slot_refusal(row, at):
        raise refused
    if row.taken < row.capacity:
        raise booking_rules.refusal("free", _("There is a free place: book it."))
    held = Booking.objects.filter(slot=row, resident=resident, state=BookingState.HELD)
    if held.exists():
        raise booking_rules.refusal("double", _("There is a booking at this time already."))
    if resident.pk != payer.pk and tie_between(payer.pk, resident.pk) is None:
        raise booking_rules.refusal("no_tie", _("The office must have confirmed that you are relatives."))
    if WaitingPlace.objects.filter(slot=row, state__in=ACTIVE).count() >= MOST:
        raise booking_rules.refusal("long", _("This waiting list is long already: choose another time."))


def leave(*, place: WaitingPlace, by: Actor, at: datetime) -> None:
    """Wait no longer; a place that was kept is passed on."""
    with transaction_of_its_own():
        slot = _slot(place.slot, lock=True)
        row = WaitingPlace.objects.select_related("resident", "payer").get(pk=place.pk)
        if not (by.kind == "resident" and (is_them(by, row.resident) or is_them(by, row.payer))):
            seeing.check(by, seeing.SERVE)
        if row.state not in ACTIVE:
            raise Refusal(_("This waiting place has ended already."), code="ended")
        was = row.state
        WaitingPlace.objects.filter(pk=row.pk).update(state=WaitState.LEFT, ended_at=at)
        if was == WaitState.CALLED:
            pass_on(slot, at)


def position(place: WaitingPlace) -> int:
    """How many are before this one, plus one."""
    earlier = WaitingPlace.objects.filter(slot=place.slot_id, state__in=ACTIVE)
    return earlier.filter(at__lt=place.at).count() + earlier.filter(at=place.at, pk__lt=place.pk).count() + 1


def pass_on(slot: Slot, at: datetime) -> WaitingPlace | None:
    """A taken place of a locked slot has become free: kept for the next who waits, or free for everybody."""
    following = None
    if slot.state == SlotState.OPEN and slot.starts_at - at > SOONEST:
        rows = WaitingPlace.objects.filter(slot=slot, state=WaitState.WAITING)
        following = rows.select_related("resident", "slot__service").order_by("at", "pk").first()
    if following is None:
        slotting.give_place(slot.pk)
        return None
    hours = booking_rules.contract_terms(slot.service.contract).call_hours
    following.state, following.called_at = WaitState.CALLED, at
    following.answer_by = min(at + timedelta(hours=hours), slot.starts_at - SOONEST)
    following.save(update_fields=["state", "called_at", "answer_by"])
    booking_letters.called(following, at)
    return following


def fill(slot: Slot, places: int, at: datetime) -> int:
    """A slot has become larger by so many places: who waits is called; how many."""
    called = 0
    with transaction_of_its_own():
        row = _slot(slot, lock=True)
        for _n in range(places):
            if not WaitingPlace.objects.filter(slot=row, state=WaitState.WAITING).exists():
                break
            if not slotting.take_place(row.pk) or pass_on(row, at) is None:
                break
            called += 1
    return called


def dissolve(slot: Slot, at: datetime) -> int:
    """A locked slot was called off: nobody waits any more; how many were told."""
    rows = list(
        WaitingPlace.objects.filter(slot=slot, state__in=ACTIVE).select_related("resident", "slot__service")
    )  # fmt: skip
    WaitingPlace.objects.filter(pk__in=[row.pk for row in rows]).update(state=WaitState.LEFT, ended_at=at)
    for row in rows:
        if row.state == WaitState.CALLED:
            slotting.give_place(slot.pk)
        booking_letters.not_called(row, at)
    return len(rows)


def lapse_due(at: datetime) -> int:
    """Who was called and said nothing in time loses the place to the next; how many."""
    due = WaitingPlace.objects.filter(state=WaitState.CALLED, answer_by__lte=at).order_by("answer_by", "pk")
    return sum(_lapse(row, at) for row in due.select_related("slot")[:200])


def _lapse(row: WaitingPlace, at: datetime) -> bool:
    with transaction_of_its_own():
        slot = _slot(row.slot, lock=True)
        gone = WaitingPlace.objects.filter(pk=row.pk, state=WaitState.CALLED, answer_by__lte=at)
        if not gone.update(state=WaitState.LAPSED, ended_at=at):
            return False
        pass_on(slot, at)
    return True


def _slot(slot: Slot, *, lock: bool) -> Slot:
    rows = Slot.objects.select_related("service__contract__supplier")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=slot.pk).first()
    if found is None:
        raise NotAllowed
    return found

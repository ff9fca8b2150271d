"""Bookings: a place in a slot for which credits are held. All doors of a booking's life are found here.

Everything that is scarce is counted by a guarded statement in one transaction: the slot's places, the quantity bought,
the budget, the person's credits. Checks of the database stand behind each. The order of locks is always slot,
booking, service, contract, credits, so that two never wait for each other.

What would be lost by coming late or not at all stays held until the appeal days are over (`ending`); credits are burnt
by the second sign only (`redeeming`), never by the supplier's word alone.
"""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed
from chenyue.people.models import Resident
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, booking_letters, booking_rules, crediting, seeing, slotting
from chenyue.volunteering.booking_counts import take_line
from chenyue.volunteering.calling_off import call_off, cut
from chenyue.volunteering.ending import cancel, finish_due, miss, waive_due
from chenyue.volunteering.lifecycle import Via, WaitState
from chenyue.volunteering.models import Booking, Slot, WaitingPlace
from chenyue.volunteering.persons import is_them
from chenyue.volunteering.redeeming import deny, redeem, sign, sign_many

__all__ = [
    "book",
    "call_off",
    "cancel",
    "cut",
    "deny",
    "finish_due",
    "miss",
    "redeem",
    "sign",
    "sign_many",
    "waive_due",
]


def book(
    *, slot: Slot | int, resident: Resident, by: Actor, at: datetime, payer: Resident | None = None, via: str = Via.WEB
) -> Booking:
    """Book a place for a resident with the credits of the payer (themselves, or a relative with a confirmed tie).

    Raises Refusal, each with a code and a sentence: called_off, begun, closed, not_yet, full, quantity, budget, locked,
    no_tie, double, overlap, quota, elders_first, paused, short. Nothing is changed then. NotAllowed for who is neither
    the person, the payer, nor serves at the window.
    """
    payer = payer or resident
    _check_who(by, resident, payer)
    pk = slot if isinstance(slot, int) else slot.pk
    _look(pk, resident, at)
    with transaction_of_its_own():
        found = _take(pk, resident, at)
        if refused := booking_rules.person_refusal(found, resident, payer, at):
            raise refused
        number = f"B{acts.local_day(at).year}-{ids.next_value(f'booking:{acts.local_day(at).year}'):06d}"
        held = crediting.hold(
            payer, found.service.credits, key=f"hold:booking:{number}", reference=f"booking:{number}", by=by, at=at
        )
        row = Booking(
            number=number, slot=found, resident=resident, payer=payer, via=via, credits=found.service.credits,
            price=found.service.price, owed=found.service.price, code=ids.receipt_code(), made_at=at,
            by=by.user if by.kind == "member" else None, hold=held,
        )  # fmt: skip
        try:
            row.save(force_insert=True)
        except IntegrityError as error:  # the same person twice at the same moment: the database says no
            raise booking_rules.refusal("double", _("There is a booking at this time already.")) from error
        data = {"service": found.service.name, "when": found.starts_at.isoformat(), "credits": row.credits}
        acts.record(row.subject, "booked", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        booking_letters.booked(row, at)
    return row


def _check_who(by: Actor, resident: Resident, payer: Resident) -> None:
    if by.kind == "system" or (is_them(by, payer) and by.kind == "resident"):
        return
    if by.kind == "resident" and not is_them(by, resident):
        raise NotAllowed
    if by.kind == "member":
        seeing.check(by, seeing.SERVE)


def _look(pk: int, resident: Resident, at: datetime) -> None:
    """A look without a lock: most refusals under a rush end here and keep nobody waiting."""
    slot = Slot.objects.select_related("service__contract__supplier").filter(pk=pk).first()
    if slot is None:
        raise booking_rules.closed()
    if refused := booking_rules.slot_refusal(slot, at):
        raise refused
    if slot.taken >= slot.capacity and _called(pk, resident, at) is None:
        raise booking_rules.full()


def _called(slot_id: int, resident: Resident, at: datetime) -> WaitingPlace | None:
    """The place that was kept for this person when they were called from the waiting list."""
    rows = WaitingPlace.objects.filter(slot=slot_id, resident=resident, state=WaitState.CALLED, answer_by__gt=at)
    return rows.first()


def _take(pk: int, resident: Resident, at: datetime) -> Slot:
    """Take a place, one of the quantity and its price of the budget; gives the slot as it is under the locks."""
    row = Slot.objects.select_for_update(of=("self",)).get(pk=pk)
    called = _called(pk, resident, at)
    if called is not None:
        WaitingPlace.objects.filter(pk=called.pk).update(state=WaitState.TAKEN, ended_at=at)
    elif not slotting.take_place(pk):
        found = Slot.objects.select_related("service__contract__supplier").get(pk=pk)
        raise booking_rules.slot_refusal(found, at) or booking_rules.full()
    else:
        waiting = WaitingPlace.objects.filter(slot=pk, resident=resident, state=WaitState.WAITING)
        waiting.update(state=WaitState.TAKEN, ended_at=at)
    take_line(row.service_id)
    found = Slot.objects.select_related("service__contract__supplier").get(pk=pk)
    if refused := booking_rules.slot_refusal(found, at):
        raise refused
    return found

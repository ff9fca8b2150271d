"""The supplier can't, or a contract is cut short: later bookings end with all credits back and a word of apology."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, booking_letters, seeing, suppliers, waiting
from chenyue.volunteering.ending import give_back
from chenyue.volunteering.lifecycle import BookingState, ContractState, SlotState
from chenyue.volunteering.models import Booking, Contract, Slot


def call_off(*, slot: Slot, reason: str, by: Actor, at: datetime) -> int:
    """Call a slot off: bookings end with all credits back, who waited is told; how many bookings.

    By the slot's supplier, or a member with `volunteering.contracts`. Raises Refusal without a reason.
    """
    reason = acts.words(reason, "reason", needed=True, most=200)
    with transaction_of_its_own():
        row = Slot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
        row.service = slot.service
        if not suppliers.is_supplier(by, row.service.contract.supplier_id):
            seeing.check(by, seeing.CONTRACTS)
        if row.state != SlotState.OPEN or row.ends_at <= at:
            raise Refusal(_("This slot is called off or over."), code="not_open")
        return _off(row, reason, by, at)


def _off(row: Slot, reason: str, by: Actor, at: datetime) -> int:
    """Call a locked slot off."""
    held = Booking.objects.select_for_update(of=("self",)).filter(slot=row, state=BookingState.HELD)
    bookings = list(
        held.select_related("slot__service__contract__supplier", "resident", "payer", "hold").order_by("pk")
    )
    Slot.objects.filter(pk=row.pk).update(state=SlotState.CALLED_OFF, reason=reason)
    for booking in bookings:
        give_back(booking, BookingState.CALLED_OFF, reason, by, at, fault=True)
        data = {"service": booking.slot.service.name, "when": booking.slot.starts_at.isoformat()}
        acts.record(
            booking.subject, "booking_called_off", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT, said=reason
        )
        booking_letters.ended(booking, at)
    waiting.dissolve(row, at)
    more: dict[str, Any] = {"when": row.starts_at.isoformat(), "count": len(bookings)}
    acts.record(row.service.contract.subject, "slot_called_off", by=by, at=at, data=more, said=reason)
    return len(bookings)


def cut(*, contract: Contract, last: date, reason: str, by: Actor, at: datetime, version: int | None = None) -> int:
    """Cut a running contract short: slots after the last day are called off, credits go back; how many bookings.

    What was taken until then is settled as usual. Raises Refusal, Conflict, NotAllowed.
    """
    seeing.check(by, seeing.CONTRACTS)
    reason = acts.words(reason, "reason", needed=True, most=300)
    today = acts.local_day(at)
    with transaction_of_its_own():
        # Slots first, then the contract: in this order bookings take their locks, too.
        list(Slot.objects.select_for_update().filter(service__contract=contract).order_by("pk").values_list("pk"))
        with acts.locked(contract, version) as row:
            if row.state != ContractState.RUNNING:
                raise Refusal(_("Only a running contract can be cut short."), code="not_running")
            if not today <= last <= row.ends_on:
                sentence = _("The last day lies between today and the end of the contract.")
                raise Refusal(sentence, field="last", code="day")
            row.cut_on, row.reason = last, reason  # it runs until that day is over; then the tick ends it
            acts.touch(row, "cut_on", "reason")
            data = {"number": row.number, "last": f"{last}"}
            acts.record(row.subject, "contract_cut", by=by, at=at, data=data, said=reason)
        return _off_after(contract, last, reason, by, at)


def _off_after(contract: Contract, last: date, reason: str, by: Actor, at: datetime) -> int:
    rows = Slot.objects.filter(service__contract=contract, state=SlotState.OPEN, ends_at__gt=at)
    later = [
        slot
        for slot in rows.select_related("service__contract__supplier").order_by("starts_at", "pk")
        if timezone.localtime(slot.starts_at).date() > last
    ]
    return sum(_off(slot, reason, by, at) for slot in later)

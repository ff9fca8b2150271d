"""What a booking takes of a contract line and its budget, counted by guarded statements; and the locks of a booking."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import F

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.errors import NotFound
from chenyue.volunteering import booking_rules
from chenyue.volunteering.lifecycle import ContractState
from chenyue.volunteering.models import Booking, Contract, Service, Slot


@contextmanager
def locked(booking: Booking) -> Iterator[Booking]:
    """The booking as it is now, locked after its slot, with slot, service, contract and persons. Raises NotFound."""
    with transaction_of_its_own():
        Slot.objects.select_for_update(of=("self",)).filter(pk=booking.slot_id).first()
        rows = Booking.objects.select_for_update(of=("self",))
        row = rows.select_related("slot__service__contract__supplier", "resident", "payer", "hold").filter(
            pk=booking.pk
        )
        found = row.first()
        if found is None:
            raise NotFound
        yield found


def take_line(service_id: int) -> None:
    """Count one of the quantity bought, and its price towards the budget. Raises Refusal `quantity` or `budget`."""
    room = Service.objects.filter(pk=service_id, active=True, used__lt=F("quantity"))
    if not room.update(used=F("used") + 1):
        raise booking_rules.used_up(Service.objects.get(pk=service_id))
    service = Service.objects.only("price", "contract_id").get(pk=service_id)
    running = Contract.objects.filter(pk=service.contract_id, state=ContractState.RUNNING)
    if not running.filter(owed__lte=F("budget") - service.price).update(owed=F("owed") + service.price):
        if not running.exists():
            raise booking_rules.closed()
        raise booking_rules.no_budget()


def owe(row: Booking, fen: int) -> None:
    """Change what the contract owes for a booking to this; the caller saves the row's `owed`."""
    change = fen - row.owed
    row.owed = fen
    if change:
        contract = Contract.objects.filter(pk=row.slot.service.contract_id)
        contract.update(owed=F("owed") + change)


def give_line(row: Booking) -> None:
    """One of the quantity is free again."""
    Service.objects.filter(pk=row.slot.service_id, used__gt=0).update(used=F("used") - 1)

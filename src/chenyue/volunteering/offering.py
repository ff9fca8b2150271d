"""What the office has bought and what of it can be taken: for everybody, and for one resident."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q, QuerySet

from chenyue.people.models import Resident
from chenyue.volunteering import acts, booking_rules
from chenyue.volunteering.accounts import balance
from chenyue.volunteering.booking_rules import COUNTS
from chenyue.volunteering.booking_terms import is_elder, month_of, paused_until
from chenyue.volunteering.lifecycle import ContractState, SlotState
from chenyue.volunteering.models import Booking, Contract, Service, Slot, Volunteer

SHOWN = 40  # slots of one service on a page


@dataclass
class Offer:
    """A service with the next slots, as one person (or anybody) sees it."""

    service: Service
    slots: list[Slot] = field(default_factory=list)
    used_this_month: int = 0
    why_not: str = ""  # a sentence, where this person can't book it now at all
    missing: int = 0  # hundredths that are missing to one

    @property
    def left(self) -> int:
        """How many the office still has of what it bought, by quantity and by budget."""
        contract = self.service.contract
        by_budget = (contract.budget - contract.owed) // self.service.price if self.service.price else 0
        return max(0, min(self.service.quantity - self.service.used, by_budget))

    @property
    def free_places(self) -> int:
        """Places that can be booked in the slots shown."""
        return sum(max(0, slot.capacity - slot.taken) for slot in self.slots)


def running() -> QuerySet[Service]:
    """Services that can be booked at all, with contract and supplier."""
    rows = Service.objects.filter(active=True, contract__state=ContractState.RUNNING, contract__supplier__active=True)
    return rows.select_related("contract__supplier", "place").order_by("order", "pk")


def slots_open(service: Service | Iterable[Service], at: datetime) -> list[Slot]:
    """Published slots from now on, full ones too (one can wait for those), the next first. One statement."""
    services = [service] if isinstance(service, Service) else list(service)
    rows = Slot.objects.filter(
        service__in=services, state=SlotState.OPEN, starts_at__gt=at, published_at__lte=at,
        service__contract__state=ContractState.RUNNING,
    )  # fmt: skip
    # Slots after a cut are called off with it; those after the licence's end can't be booked and aren't shown.
    licensed = Q(service__contract__supplier__licence_until__gte=F("starts_at__date"))
    rows = rows.filter(licensed | Q(service__contract__supplier__licence_until=None))
    return list(rows.order_by("starts_at", "pk"))


def offers(at: datetime) -> list[Offer]:
    """What everybody may see: services, stock, price, the next slots. Two statements."""
    services = list(running())
    by_service: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots_open(services, at):
        if len(by_service[slot.service_id]) < SHOWN:
            by_service[slot.service_id].append(slot)
    return [Offer(service, by_service[service.pk]) for service in services]


def services_for(resident: Resident, at: datetime) -> list[Offer]:
    """The same for one resident: what they used this month, and why they can't book, in words. Six statements."""
    found = offers(at)
    if not found:
        return []
    held, days = balance(resident), acts.local_day(at)
    used = _used(resident, at)
    birth = Volunteer.objects.filter(resident=resident).values_list("birth_on", flat=True).first()
    missed = booking_rules.missed_starts(resident, at, 3660)
    for offer in found:
        service = offer.service
        offer.used_this_month = used.get(service.pk, 0)
        offer.missing = max(0, service.credits - held.free)
        until = paused_until(booking_rules.contract_terms(service.contract), missed, at)
        if until is not None:
            said = booking_rules.paused(until)
            offer.why_not = str(said.sentence)
        elif offer.left <= 0:
            offer.why_not = str(booking_rules.used_up(service).sentence)
        elif offer.missing:
            offer.why_not = str(booking_rules.short(offer.missing).sentence)
        if not is_elder(birth, resident.birth_year, service.elder_age, days):
            offer.slots = [slot for slot in offer.slots if not _elders_only(service, slot, at)]
    return found


def _elders_only(service: Service, slot: Slot, at: datetime) -> bool:
    until = booking_rules.elders_until(service, slot)
    return until is not None and at < until


def _used(resident: Resident, at: datetime) -> dict[int, int]:
    first, following = month_of(at)
    rows = Booking.objects.filter(resident=resident, state__in=COUNTS)
    rows = rows.filter(slot__starts_at__gte=first, slot__starts_at__lt=following)
    found: dict[int, int] = defaultdict(int)
    for pk in rows.values_list("slot__service", flat=True):
        found[pk] += 1
    return dict(found)


@dataclass(frozen=True)
class Budget:
    """A running contract as everybody may see it (志愿服务条例 30): what was bought, for how much, what is left."""

    contract: Contract
    services: list[Service]

    @property
    def left(self) -> int:
        """Fen that nothing is booked for yet."""
        return self.contract.budget - self.contract.owed


def budgets() -> list[Budget]:
    """Contracts that run now. Two statements."""
    rows = Contract.objects.filter(state=ContractState.RUNNING).select_related("supplier").order_by("-starts_on", "pk")
    contracts = list(rows.prefetch_related("services"))
    return [Budget(row, [one for one in row.services.all() if one.active]) for row in contracts]

"""Which contracts and bookings a member may see, and the lists of them. Names are masked where they are shown."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.ids import read_receipt, whole
from chenyue.core.paging import Order, Page, keyset
from chenyue.people.models import Member
from chenyue.volunteering import acts, seeing
from chenyue.volunteering.lifecycle import BookingState, PleaState, SlotState
from chenyue.volunteering.models import Booking, Contract, Plea, Settlement, Slot, Supplier

PAGE = 50
FILTERS = ("today", "sign", "odd", "plea", "unclear", "all")


def readers(member: Member, *words: str) -> None:
    """Raise NotAllowed unless a member may read all of volunteering or holds one of these words."""
    if not any(seeing.may(member, word) for word in (seeing.SEE, *words)):
        raise NotAllowed


def contracts(member: Member) -> list[Contract]:
    """All contracts, those that run first. One statement."""
    readers(member, seeing.CONTRACTS)
    rows = Contract.objects.select_related("supplier").annotate(
        lines=Count("services", distinct=True), now=Count("pk", filter=Q(state__in=("draft", "running")), distinct=True)
    )
    return list(rows.order_by("-now", "-pk")[:200])


def contract_for(member: Member, pk: int, to: str = "see") -> Contract:
    """A contract. `to`: see or manage. Raises NotFound, NotAllowed."""
    readers(member, seeing.CONTRACTS)
    row = Contract.objects.select_related("supplier", "made_by", "signed_by").filter(pk=pk).first()
    if row is None:
        raise NotFound
    if to != "see" and not seeing.may(member, seeing.CONTRACTS):
        raise NotAllowed
    return row


def supplier_for(member: Member, pk: int, to: str = "see") -> Supplier:
    """A supplier, the same way."""
    readers(member, seeing.CONTRACTS)
    row = Supplier.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound
    if to != "see" and not seeing.may(member, seeing.CONTRACTS):
        raise NotAllowed
    return row


def settlement_for(member: Member, contract: Contract, month: str) -> Settlement | None:
    """The settlement of a month written as `2026-11`; None if there is none yet. Raises NotFound for no month."""
    readers(member, seeing.CONTRACTS)
    year, _dash, number = month.partition("-")
    if not (1 <= whole(number, 0) <= 12 and 2000 <= whole(year, 0) < 2100):
        raise NotFound
    rows = Settlement.objects.select_related("contract__supplier", "made_by", "agreed_by")
    return rows.filter(contract=contract, month__year=int(year), month__month=int(number)).first()


def slots_of(contract: Contract, at: datetime, past: bool = False) -> list[Slot]:
    """Slots of a contract from today on, or (`past`) those before, the latest first. One statement."""
    rows = Slot.objects.filter(service__contract=contract).select_related("service")
    rows = rows.annotate(waits=Count("waiting", filter=Q(waiting__state__in=("waiting", "called"))))
    if past:
        return list(rows.filter(ends_at__lt=at).order_by("-starts_at", "-pk")[:100])
    return list(rows.filter(ends_at__gte=at).order_by("starts_at", "pk")[:100])


def slot_for(member: Member, pk: int, to: str = "see") -> Slot:
    """A slot with its service and contract. Raises NotFound, NotAllowed."""
    readers(member, seeing.SERVE, seeing.CONTRACTS)
    row = Slot.objects.select_related("service__contract__supplier").filter(pk=pk).first()
    if row is None:
        raise NotFound
    if to != "see" and not seeing.may(member, seeing.CONTRACTS):
        raise NotAllowed
    return row


def booking_for(member: Member, number: str) -> Booking:
    """A booking by its number. Raises NotFound, NotAllowed."""
    readers(member, seeing.SERVE, seeing.CONTRACTS)
    rows = Booking.objects.select_related(
        "slot__service__contract__supplier", "resident", "payer", "by", "signed_by", "settlement", "hold"
    )
    row = rows.filter(number=number.strip().upper()[:20]).first()
    if row is None:
        raise NotFound
    return row


def plea_for(member: Member, pk: int) -> Plea:
    """An appeal or complaint about a booking. Raises NotFound, NotAllowed."""
    readers(member, seeing.SERVE, seeing.CONTRACTS)
    row = Plea.objects.select_related("booking", "taken_by", "decided_by").filter(pk=pk, booking__isnull=False).first()
    if row is None:
        raise NotFound
    return row


def _wanted(only: str, at: datetime) -> Q:
    today = acts.local_day(at)
    return {
        "today": Q(slot__starts_at__date=today),
        "sign": Q(state=BookingState.ATTENDED, signed_at=None),
        "odd": Q(state=BookingState.ATTENDED, signed_at=None) & ~Q(flags=[]),
        "plea": Q(pleas__state=PleaState.OPEN),
        "unclear": Q(state=BookingState.HELD, slot__ends_at__lt=at),
    }.get(only, Q())


def bookings(
    member: Member, only: str, at: datetime, *, q: str = "", slot: Slot | None = None, cursor: str = ""
) -> Page[Any]:
    """A page of bookings, the newest first. `q`: a booking's number or voucher. Two statements."""
    readers(member, seeing.SERVE, seeing.CONTRACTS)
    rows: QuerySet[Booking] = Booking.objects.filter(_wanted(only, at))
    if slot is not None:
        rows = rows.filter(slot=slot)
    if q:
        rows = rows.filter(Q(number=q.strip().upper()[:20]) | Q(code=read_receipt(q)[:64]))
    rows = rows.select_related("slot__service__contract__supplier", "resident")
    return keyset(rows, Order("pk"), cursor, PAGE)


def to_sign(member: Member, numbers: list[str]) -> list[Booking]:
    """Those ticked for the second sign."""
    readers(member, seeing.SERVE, seeing.CONTRACTS)
    rows = Booking.objects.filter(number__in=numbers[:500], state=BookingState.ATTENDED, signed_at=None)
    return list(rows.select_related("slot", "resident", "payer").order_by("pk"))


def todays(supplier: Supplier, at: datetime) -> list[Slot]:
    """A supplier's slots of today with their bookings: service, time, and a masked name while one is held."""
    today = acts.local_day(at)
    rows = Slot.objects.filter(service__contract__supplier=supplier, starts_at__date=today).exclude(
        state=SlotState.CALLED_OFF
    )
    rows = rows.select_related("service__contract").prefetch_related("bookings__resident").order_by("starts_at", "pk")
    return list(rows)


def coming(supplier: Supplier, at: datetime) -> list[Slot]:
    """A supplier's slots after today that have bookings: times and counts only. One statement."""
    rows = Slot.objects.filter(
        service__contract__supplier=supplier, state=SlotState.OPEN, taken__gt=0, starts_at__gt=at
    )
    rows = rows.exclude(starts_at__date=acts.local_day(at))
    return list(rows.select_related("service").order_by("starts_at", "pk")[:60])

"""Monthly settlements: drawn up from what was attended and signed, agreed by a second person, paid; never changed.

What was taken and is owed enters once. What turns out otherwise later is a correction in the next month, and what a
correction takes away beyond the month's sum is carried on.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.volunteering import acts, amounts, seeing
from chenyue.volunteering.booking_terms import OFFICE_ZONE, month_of
from chenyue.volunteering.lifecycle import BookingState, PleaState, SettlementState
from chenyue.volunteering.models import Booking, Contract, Settlement
from chenyue.volunteering.settlement_sums import (
    Taken,
    carried_from,
    corrections_of,
    differences_of,
    lines_of,
    total_of,
)

DONE = (SettlementState.AGREED, SettlementState.PAID)


def beginning(month: date) -> datetime:
    """The moment at which a month begins on the office's wall."""
    return month_of(_noon(month))[0]


def ending(month: date) -> datetime:
    """The moment at which it is over."""
    return month_of(_noon(month))[1]


def _noon(month: date) -> datetime:
    return datetime(month.year, month.month, 1, 12, tzinfo=OFFICE_ZONE)


def settleable(contract: Contract, month: date) -> QuerySet[Booking]:
    """Bookings that a settlement of this month takes in: attended and signed, or missed and owed; in none before.

    Those of earlier months that were signed late come along. One about which a complaint is open waits.
    """
    wanted = Q(state=BookingState.ATTENDED, signed_at__isnull=False)
    wanted |= Q(state=BookingState.MISSED, owed__gt=0, end__isnull=False)
    rows = Booking.objects.filter(wanted, slot__service__contract=contract, settlement=None)
    return rows.filter(slot__starts_at__lt=ending(month)).exclude(pleas__state=PleaState.OPEN)


def changed(contract: Contract) -> QuerySet[Booking]:
    """Bookings of which an agreed settlement holds another sum than is owed now."""
    rows = Booking.objects.filter(slot__service__contract=contract, settlement__state__in=DONE)
    return rows.exclude(owed=F("settled"))


def unsigned(contract: Contract, month: date) -> QuerySet[Booking]:
    """Attended until the month's end and not signed by a second person: they don't enter."""
    rows = Booking.objects.filter(slot__service__contract=contract, state=BookingState.ATTENDED, signed_at=None)
    return rows.filter(slot__starts_at__lt=ending(month))


def _taken(rows: QuerySet[Booking], settled: bool) -> list[Taken]:
    found = rows.select_related("slot__service").order_by("pk")
    return [
        Taken(
            row.slot.service_id, row.slot.service.name, row.price, row.owed, row.state == BookingState.ATTENDED,
            row.settled if settled else None, row.number,
        )
        for row in found
    ]  # fmt: skip


def compute(contract: Contract, month: date) -> list[dict[str, Any]]:
    """The lines of a month as they are now: services, corrections, what is carried on from before."""
    lines = lines_of(_taken(settleable(contract, month), settled=False))
    lines += corrections_of(_taken(changed(contract), settled=True))
    before = Settlement.objects.filter(contract=contract, month__lt=month, state__in=DONE).order_by("-month").first()
    carried = carried_from(before.lines) if before else 0
    if carried:
        lines.append({"kind": "carried", "fen": carried, "month": f"{before.month:%Y-%m}" if before else ""})
    return lines


def draw_up(
    *, contract: Contract, month: date, by: Actor, at: datetime, claimed: int | None = None, invoice: str = "",
    counts: Mapping[str, int] | None = None, version: int | None = None,
) -> Settlement:  # fmt: skip
    """Draw a month up, or anew while it is a draft; `claimed` and `counts` are the supplier's invoice.

    Raises Refusal for a month that hasn't begun or is agreed already, Conflict for a stale form.
    """
    seeing.check(by, seeing.CONTRACTS)
    month = month.replace(day=1)
    if beginning(month) > at or month < contract.starts_on.replace(day=1):
        raise Refusal(_("Nothing can have been taken in this month."), field="month", code="month")
    if claimed is not None:
        amounts.within(claimed, "claimed", zero=True, most=amounts.MOST_FEN)
    with transaction_of_its_own():
        row = _row(contract, month, by, at, version)
        row.lines = compute(contract, month)
        row.total = total_of(row.lines)
        row.claimed, row.invoice = claimed, acts.words(invoice, "invoice", most=60)
        row.differences = differences_of(row.lines, row.total, claimed, counts or {})
        row.made_at, row.made_by = at, by.user
        row.save()
        data = {"month": f"{month:%Y-%m}", "fen": row.total}
        acts.record(contract.subject, "settlement_made", by=by, at=at, data=data)
    return row


def _row(contract: Contract, month: date, by: Actor, at: datetime, version: int | None) -> Settlement:
    try:
        with transaction.atomic():
            Settlement.objects.get_or_create(
                contract=contract, month=month, defaults={"made_at": at, "made_by": by.user, "version": 0}
            )
    except IntegrityError as error:
        raise Conflict from error
    row = Settlement.objects.select_for_update(of=("self",)).get(contract=contract, month=month)
    if row.state != SettlementState.DRAFT:
        raise Refusal(_("This month is agreed: what was wrong goes into the next."), code="agreed")
    if version is not None and row.version not in (0, version):
        raise Conflict
    row.version += 1
    return row


def agree(
    *, settlement: Settlement, by: Actor, at: datetime, words: str = "", version: int | None = None
) -> Settlement:
    """A second person agrees to a month: its bookings are settled for good.

    Raises NotAllowed for who drew it up; Refusal before the month is over, with an earlier draft, or with differences
    from the invoice and no words about them; Conflict where something has changed since it was drawn up.
    """
    seeing.check(by, seeing.CONTRACTS)
    said = acts.words(words, "words", most=300)
    with acts.locked(settlement, version, "contract") as row:
        _may_agree(row, by, at, said)
        contract = row.contract
        new = list(settleable(contract, row.month).select_for_update(of=("self",)).order_by("pk"))
        other = list(changed(contract).select_for_update(of=("self",)).order_by("pk"))
        if compute(contract, row.month) != row.lines:
            raise Conflict(_("Something has changed since this was drawn up. Draw it up anew and look at it."))
        Booking.objects.filter(pk__in=[one.pk for one in new]).update(settlement=row, settled=F("owed"))
        Booking.objects.filter(pk__in=[one.pk for one in other]).update(settled=F("owed"))
        if said:
            row.differences = [*row.differences, {"kind": "words", "what": said, "ours": "", "theirs": ""}]
        row.state, row.agreed_at, row.agreed_by = SettlementState.AGREED, at, by.user
        acts.touch(row, "state", "agreed_at", "agreed_by", "differences")
        data = {"month": f"{row.month:%Y-%m}", "fen": row.total}
        acts.record(contract.subject, "settlement_agreed", by=by, at=at, data=data)
    return row


def _may_agree(row: Settlement, by: Actor, at: datetime, said: str) -> None:
    if by.user is None or by.user.pk == row.made_by_id:
        raise NotAllowed(_("Whoever drew this up can't agree to it: a second person must."))
    if row.state != SettlementState.DRAFT:
        raise Refusal(_("This month is agreed: what was wrong goes into the next."), code="agreed")
    if ending(row.month) > at:
        raise Refusal(_("The month isn't over yet."), code="early")
    earlier = Settlement.objects.filter(contract=row.contract_id, month__lt=row.month, state=SettlementState.DRAFT)
    if earlier.exists():
        raise Refusal(_("An earlier month isn't agreed yet: settle that first."), code="order")
    if row.differences and not said:
        raise Refusal(_("The invoice differs: say what was found out about it."), field="words", code="differs")


def pay(*, settlement: Settlement, on: date, by: Actor, at: datetime) -> Settlement:
    """Note that a month was paid, and on which day. Raises Refusal for one that isn't agreed, or a day to come."""
    seeing.check(by, seeing.CONTRACTS)
    with acts.locked(settlement, None, "contract") as row:
        if row.state != SettlementState.AGREED or row.agreed_at is None:
            raise Refusal(_("Only a month that two persons agreed to is paid."), code="not_agreed")
        if not acts.local_day(row.agreed_at) <= on <= acts.local_day(at):
            raise Refusal(_("It was paid between its agreement and today."), field="on", code="day")
        row.state, row.paid_on = SettlementState.PAID, on
        acts.touch(row, "state", "paid_on")
        data = {"month": f"{row.month:%Y-%m}", "day": f"{on}"}
        acts.record(row.contract.subject, "settlement_paid", by=by, at=at, data=data)
    return row

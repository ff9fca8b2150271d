"""What the demo office bought for credits: a contract with a clinic, bookings, a settled month, certificates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from chenyue.core import site
from chenyue.core.errors import Refusal
from chenyue.people.actions import register_resident
from chenyue.people.models import Resident
from chenyue.people.resident_session import resident_actor
from chenyue.volunteering import (
    accounts,
    booking,
    buying,
    certifying,
    crediting,
    hours,
    settling,
    slotting,
)
from chenyue.volunteering.lifecycle import BookingState, Via
from chenyue.volunteering.models import Booking, Contract, Service, Slot, Supplier, Volunteer

if TYPE_CHECKING:
    from chenyue.demo.volunteering_past import Story

RUNS = 70  # days ago the contract began


def opened(story: Story, data: dict[str, Any]) -> None:
    """The contract, its slots, who booked them, and what the month came to."""
    began = story.at(RUNS)
    supplier = _supplier(story, data["supplier"], began)
    contract = _contract(story, data["contract"], data["service"], supplier, began)
    services = list(contract.services.order_by("order", "pk"))
    for service, weekday, hour in ((services[0], 2, 14), (services[1], 5, 9)):
        _slots(story, contract, service, weekday, hour, began)
    for week in range(7):
        story.then(story.at(49 - week * 7, 20), lambda at: _books(story, at, supplier))
    story.then(story.at(20, 10), lambda at: _gives(story, at))
    story.then(story.at(15, 10), lambda at: _window(story, at))
    last = (timezone.localtime(story.now).date().replace(day=1) - timedelta(days=1)).replace(day=1)
    closing = timezone.make_aware(datetime.combine(story.now.date().replace(day=1), time(10)))
    story.then(closing, lambda at: _settled(story, contract, last, at))
    story.then(story.at(12, 9), lambda at: _certificates(story, at))
    story.then(story.at(1, 20), lambda at: _books(story, at, supplier))


def _supplier(story: Story, row: dict[str, Any], at: datetime) -> Supplier:
    given = {name: row[name] for name in ("name", "licence", "person", "phone")}
    until = date(story.now.year + 2, 12, 31)
    found = buying.save_supplier(**given, licence_until=until, by=story.who("shen"), at=at)
    buying.set_pin(supplier=found, pin=row["pin"], by=story.who("shen"), at=at)
    return found


def _contract(
    story: Story, row: dict[str, Any], services: list[dict[str, Any]], supplier: Supplier, at: datetime
) -> Contract:
    first = timezone.localtime(at).date().replace(day=1)
    given = {"starts_on": first, "ends_on": first + timedelta(days=364), "budget": row["budget"]}
    made = buying.save_contract(
        number=row["number"], title=row["title"], supplier=supplier, by=story.who("shen"), at=at, **given
    )
    for one in services:
        details = one | {"place_words": "金桂苑社区服务中心二楼", "per_month": 2, "elder_hours": 24}
        buying.save_service(contract=made, by=story.who("shen"), at=at, **details)
    return buying.sign(contract=made, by=story.who("zhao"), at=at)


def _slots(story: Story, contract: Contract, service: Service, weekday: int, hour: int, at: datetime) -> None:
    first = timezone.localtime(at).date() + timedelta(days=4)
    last = timezone.localtime(story.now).date() + timedelta(days=14)
    series = slotting.Series(first, last, time(hour), service.minutes, in_a_row=4, weekdays=(weekday,))
    slotting.make_slots(service=service, series=series, capacity=2, by=story.who("shen"), at=at)


def _books(story: Story, at: datetime, supplier: Supplier) -> None:
    """Who has credits books one of the next slots; most come, nearly all say that it was right."""
    slots = list(
        Slot.objects.filter(starts_at__gt=at, starts_at__lt=at + timedelta(days=8)).order_by("starts_at", "pk")
    )
    rich = [
        one for one in story.volunteers if accounts.balance(one.resident, timezone.localtime(at).date()).free >= 300
    ]
    for n, who in enumerate(story.random.sample(rich, k=min(3, len(rich)))):
        if not slots:
            return
        slot = slots[n * 3 % len(slots)]
        try:
            row = booking.book(slot=slot, resident=who.resident, by=resident_actor(who.resident), at=at)
        except Refusal:  # has had two this month: the next time
            continue
        if n == 2 and story.random.random() < 0.5:
            story.then(slot.starts_at + timedelta(minutes=20), _missed(story, row))
        else:
            story.then(slot.starts_at + timedelta(minutes=2 + n), _redeemed(story, row, supplier))


def _redeemed(story: Story, row: Booking, supplier: Supplier) -> Callable[[datetime], Any]:
    def deed(at: datetime) -> None:
        found = booking.redeem(code=row.code, supplier=supplier, at=at)
        if at < story.now - timedelta(days=3):
            story.then(at + timedelta(hours=5), lambda later: _signed(found, later))

    return deed


def _signed(row: Booking, at: datetime) -> None:
    booking.sign(booking=row, by=resident_actor(row.resident), at=at)


def _missed(story: Story, row: Booking) -> Callable[[datetime], Any]:
    def deed(at: datetime) -> None:
        row.refresh_from_db()
        if row.state == BookingState.HELD:
            booking.miss(booking=row, by=story.who("li"), at=at)

    return deed


def _gives(story: Story, at: datetime) -> None:
    """Donations, a family, and credits for somebody who can't earn any."""
    from chenyue.demo import volunteering_past

    today = timezone.localtime(at).date()
    rich = sorted(story.volunteers, key=lambda one: -accounts.balance(one.resident, today).free)
    for one in rich[:4]:
        by = resident_actor(one.resident)
        crediting.donate(one.resident, 200, key=f"donate:demo:{one.pk}", by=by, at=at)
    volunteering_past.related(story, rich[4].resident, rich[5].resident, at)
    elder = register_resident(name="陈阿婆", phone="", at=at, by=story.who("li"))
    volunteering_past.granted(story, elder, at + timedelta(hours=3))


def _window(story: Story, at: datetime) -> None:
    """A woman of 78 without a telephone books at the window."""
    elder = next((one for one in Resident.objects.filter(phone_index="") if one.name == "陈阿婆"), None)
    slot = Slot.objects.filter(starts_at__gt=story.now + timedelta(days=1), service__credits__lte=300).first()
    if elder is not None and slot is not None:
        booking.book(slot=slot, resident=elder, by=story.who("li"), at=at, via=Via.WINDOW)


def _settled(story: Story, contract: Contract, month: date, at: datetime) -> None:
    """Last month: drawn up by one, agreed to by another, paid."""
    drawn = settling.draw_up(contract=contract, month=month, by=story.who("shen"), at=at)
    agreed = settling.agree(
        settlement=drawn, by=story.who("zhao"), at=at + timedelta(hours=3), words="与诊所核对一致。"
    )  # fmt: skip
    paid = at + timedelta(days=2)
    if paid < story.now:
        settling.pay(settlement=agreed, on=timezone.localtime(paid).date(), by=story.who("shen"), at=paid)


def _certificates(story: Story, at: datetime) -> None:
    """Two are asked for; one is issued after its notice."""
    until = timezone.localtime(at).date()
    found: list[Volunteer] = [one for one in story.volunteers if hours.totals(one)][:2]
    for n, who in enumerate(found):
        asked = certifying.ask(
            who, from_on=until - timedelta(days=80), until_on=until, by=resident_actor(who.resident), at=at
        )  # fmt: skip
        noticed = certifying.put_on_notice(
            asked,
            head="赵卫东",
            clerk="沈雨",
            contact="0519-55550100",
            by=story.who("zhao"),
            at=at + timedelta(hours=1),
        )
        if n == 0:
            base = site.base() or "http://127.0.0.1:8000"
            story.then(at + timedelta(days=9), lambda later, row=noticed, base=base: _issued(story, row, base, later))  # type: ignore[misc]


def _issued(story: Story, row: Any, base: str, at: datetime) -> None:
    certifying.issue(row, base=base, by=story.who("zhao"), at=at)

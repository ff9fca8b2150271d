"""Contracts signed by two, slots within them, settlements agreed by two; papers of a month."""

import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import docx
import pytest

from cast import Cast
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.volunteering import (
    booking,
    buying,
    chores_contracts,
    foreseeing,
    pleading,
    proving_contracts,
    settlement_paper,
    settling,
    slotting,
    suppliers,
)
from chenyue.volunteering.lifecycle import PleaKind
from chenyue.volunteering.models import Booking, Contract, Service, Settlement, Slot
from volunteering.contracts_doors import Bought
from volunteering.contracts_stage import PIN, Shop
from volunteering.stage import acts_for, moment

NOVEMBER = date(2026, 11, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


def refused(act: Any) -> Refusal:
    """What an act is refused with."""
    with pytest.raises(Refusal) as found:
        act()
    return found.value


def signed(shop: Shop, days: float = 3) -> Booking:
    """Attended and signed by the person."""
    slot, person = shop.slot(days), shop.person()
    row = shop.attended(slot, person)
    return booking.sign(booking=row, by=acts_for(person), at=slot.ends_at)


def drawn(shop: Shop, month: date = NOVEMBER, days: float = 35, **more: Any) -> Settlement:
    """Drawn up by `zhao`."""
    return settling.draw_up(contract=shop.contract, month=month, by=shop.zhao, at=moment(days), **more)


# Contracts and slots


def test_whoever_makes_a_contract_does_not_sign_it(shop: Shop) -> None:
    draft = shop.draft(number="CG-X")
    assert refused(lambda: buying.sign(contract=draft, by=shop.keeper, at=moment())).code == "no_services"
    shop.line(draft)
    with pytest.raises(NotAllowed):
        buying.sign(contract=draft, by=shop.zhao, at=moment())
    with pytest.raises(NotAllowed):
        buying.sign(contract=draft, by=shop.li, at=moment())
    assert buying.sign(contract=draft, by=shop.keeper, at=moment()).state == "running"
    # Whoever changed the draft last can't sign it either, and a signed one stays as it was signed.
    other = shop.draft(number="CG-Y")
    shop.line(other)
    details = {"title": "改", "starts_on": other.starts_on, "ends_on": other.ends_on, "budget": other.budget}
    buying.save_contract(contract=other, number="CG-Y", supplier=shop.supplier, by=shop.keeper, at=moment(), **details)
    with pytest.raises(NotAllowed):
        buying.sign(contract=other, by=shop.keeper, at=moment())
    changed = refused(
        lambda: buying.save_service(contract=draft, service=draft.services.get(), price=1, by=shop.zhao, at=moment())
    )
    assert (changed.code, changed.field) == ("signed", "price")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": date(2026, 10, 1)}, "ends_on"),
        ({"ends_on": date(2036, 10, 1)}, "ends_on"),
        ({"budget": 0}, "budget"),
        ({"budget": -5}, "budget"),
        ({"missed_percent": 101}, "missed_percent"),
        ({"terms": {"late": [[2, 200]]}}, "late"),
        ({"number": "CG-2026-001"}, "number"),
    ],
)
def test_a_contract_that_cannot_be(shop: Shop, wrong: dict[str, Any], field: str) -> None:
    assert refused(lambda: shop.draft(**wrong)).field == field


def test_a_licence_is_needed_and_bounds_the_slots(shop: Shop) -> None:
    shop.supplier = shop.new_supplier(name="无证", licence_until=None)
    draft = shop.draft()
    shop.line(draft)
    assert refused(lambda: buying.sign(contract=draft, by=shop.keeper, at=moment())).code == "no_licence"
    row = shop.contract.supplier
    row.licence_until = date(2026, 11, 20)
    row.save()
    assert refused(lambda: shop.series(date(2026, 11, 16), date(2026, 11, 25))).code == "outside"
    assert refused(lambda: shop.booked(shop.slot(30), shop.person())).code == "closed"


def test_a_weekly_series_skips_holidays_and_what_exists(shop: Shop) -> None:
    made = shop.series(date(2026, 11, 9), date(2026, 11, 22), weekdays=(0, 2), in_a_row=3, gap=10)
    assert len(made.slots) == 12 and made.slots[1].starts_at - made.slots[0].starts_at == timedelta(minutes=40)
    again = shop.series(date(2026, 11, 9), date(2026, 11, 11), weekdays=(0, 2), in_a_row=3, gap=10)
    assert (again.slots, again.existing) == ([], 6)
    holiday = slotting.Series(date(2026, 10, 1), date(2026, 10, 2), time(9), 30)
    assert slotting.times_of(holiday, {date(2026, 10, 1)})[0].date() == date(2026, 10, 2)
    many = slotting.Series(date(2026, 1, 1), date(2027, 12, 31), time(9), 30)
    assert refused(lambda: slotting.times_of(many)).code == "many"


@pytest.mark.parametrize(
    ("more", "code"), [({"in_a_row": 40}, "midnight"), ({"minutes": 1}, "minutes"), ({"weekdays": (6,)}, "none")]
)
def test_a_series_that_cannot_be(shop: Shop, more: dict[str, Any], code: str) -> None:
    assert refused(lambda: shop.series(date(2026, 11, 9), date(2026, 11, 10), **more)).code == code


def test_a_slot_grows_and_shrinks_to_what_is_booked(shop: Shop) -> None:
    slot = shop.slot(capacity=2)
    for _n in range(2):
        shop.booked(slot, shop.person())
    assert refused(lambda: slotting.resize(slot=slot, capacity=1, by=shop.zhao, at=moment())).code == "taken"
    assert slotting.resize(slot=slot, capacity=4, by=shop.zhao, at=moment()) == 2


@pytest.mark.parametrize("pin", ["12345", "123456", "111111", "12345a", "１２３４５６", ""])
def test_a_weak_number_is_refused(shop: Shop, pin: str) -> None:
    assert refused(lambda: buying.set_pin(supplier=shop.supplier, pin=pin, by=shop.zhao, at=moment())).field == "pin"


def test_the_number_is_hashed(shop: Shop) -> None:
    buying.set_pin(supplier=shop.supplier, pin=PIN, by=shop.zhao, at=moment())
    shop.supplier.refresh_from_db()
    assert PIN not in shop.supplier.pin and buying.pin_fits(shop.supplier, PIN)
    assert not buying.pin_fits(shop.supplier, "314159")


# Settlements


def test_only_what_was_attended_and_signed_is_settled_and_by_a_second_person(shop: Shop) -> None:
    row, unsigned = signed(shop), shop.attended(shop.slot(4), shop.person())
    shop.booked(shop.slot(5), shop.person())
    month = drawn(shop)
    assert (month.total, [line["attended"] for line in month.lines]) == (6000, [1])
    assert list(settling.unsigned(shop.contract, NOVEMBER)) == [unsigned]
    with pytest.raises(NotAllowed):
        settling.agree(settlement=month, by=shop.zhao, at=moment(35))
    with pytest.raises(NotAllowed):
        settling.agree(settlement=month, by=shop.li, at=moment(35))
    settling.agree(settlement=month, by=shop.keeper, at=moment(35))
    row.refresh_from_db()
    assert (row.settlement, row.settled) == (month, 6000)
    assert refused(lambda: drawn(shop)).code == "agreed"


def test_a_month_is_agreed_when_it_is_over_and_nothing_changed_meanwhile(shop: Shop) -> None:
    signed(shop)
    month = drawn(shop, days=20)
    assert refused(lambda: settling.agree(settlement=month, by=shop.keeper, at=moment(20))).code == "early"
    signed(shop, 4)
    with pytest.raises(Conflict):
        settling.agree(settlement=month, by=shop.keeper, at=moment(35))
    assert drawn(shop).total == 12000


def test_an_invoice_that_differs_needs_words(shop: Shop) -> None:
    signed(shop)
    counts = {str(shop.service.pk): 2}
    month = drawn(shop, claimed=12000, counts=counts, invoice="发票 001")
    assert [one["kind"] for one in month.differences] == ["count", "sum"]
    found = refused(lambda: settling.agree(settlement=month, by=shop.keeper, at=moment(35)))
    assert (found.code, found.field) == ("differs", "words")
    done = settling.agree(settlement=month, by=shop.keeper, at=moment(35), words="重复一次，已确认")
    assert done.differences[-1]["what"] == "重复一次，已确认"


def test_a_later_correction_goes_into_the_next_month_and_what_is_left_is_carried_on(shop: Shop) -> None:
    row = signed(shop)
    settling.agree(settlement=drawn(shop), by=shop.keeper, at=moment(35))
    plea = pleading.complain(
        booking=row, kind=PleaKind.SERVICE, words="只做了五分钟", by=acts_for(row.resident), at=moment(20)
    )
    pleading.decide(plea=plea, upheld=True, reason="属实", by=shop.zhao, at=moment(36))
    plea.refresh_from_db()
    assert pleading.needs_grant(plea)
    december = drawn(shop, date(2026, 12, 1), 62)
    assert (december.total, [line["kind"] for line in december.lines]) == (0, ["correction"])
    settling.agree(settlement=december, by=shop.keeper, at=moment(62))
    signed(shop, 65)
    january = drawn(shop, date(2027, 1, 1), 92)
    assert [(line["kind"], line["fen"]) for line in january.lines] == [("service", 6000), ("carried", -6000)]
    assert january.total == 0


def test_paid_is_noted_once_it_is_agreed(shop: Shop) -> None:
    signed(shop)
    month = drawn(shop)
    paid = {"on": moment(36).date(), "by": shop.zhao, "at": moment(36)}
    assert refused(lambda: settling.pay(settlement=month, **paid)).code == "not_agreed"
    settling.agree(settlement=month, by=shop.keeper, at=moment(35))
    assert refused(lambda: settling.pay(settlement=month, **paid | {"on": date(2027, 5, 1)})).field == "on"
    assert settling.pay(settlement=month, **paid).state == "paid"


def test_months_in_which_nothing_was_taken(shop: Shop) -> None:
    assert refused(lambda: drawn(shop, date(2026, 9, 1))).field == "month"
    assert refused(lambda: drawn(shop, date(2027, 3, 1))).field == "month"
    assert drawn(shop).lines == []


# Papers


def test_the_papers_of_a_month_say_the_same_and_name_nobody(shop: Shop) -> None:
    row = signed(shop)
    month = drawn(shop, claimed=6000)
    found = settlement_paper.data_of(month)
    assert found.keys() == settlement_paper.SAMPLE.keys()
    paper = settlement_paper.pdf(settlement_paper.SAMPLE, datetime(2026, 12, 2, tzinfo=UTC))
    assert paper.pages == 1 and paper.missing == ""
    body = docx.Document(io.BytesIO(settlement_paper.word(found))).element.body
    words = "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))
    assert "60.00" in words and "{{" not in words and "{%" not in words and row.resident.name not in words
    assert settlement_paper.workbook(month, "赵卫东", moment(35))[:2] == b"PK"


# What happens by itself


def test_reminders_ends_and_licences(shop: Shop) -> None:
    slot = shop.slot(3)
    shop.booked(slot, shop.person())
    assert chores_contracts.remind(slot.starts_at - timedelta(hours=27)) == 0
    assert chores_contracts.remind(slot.starts_at - timedelta(hours=25)) == 1
    assert chores_contracts.remind(slot.starts_at - timedelta(hours=24)) == 0
    assert chores_contracts.bookings(slot.ends_at + timedelta(days=4)) == 2  # one waived, one slot over
    assert chores_contracts.contracts(moment(400)) == 1


def test_the_forecast_of_the_office_counts_what_is_there(shop: Shop) -> None:
    shop.person(1000)
    signed(shop)
    found = foreseeing.of_office(moment(10))
    assert (found.outstanding, found.liability) == (1700, 34000)
    assert found.left == 594_000


def test_a_supplier_acts_only_for_itself(shop: Shop) -> None:
    assert suppliers.is_supplier(suppliers.actor(shop.supplier), shop.supplier.pk)
    assert not suppliers.is_supplier(shop.zhao, shop.supplier.pk)


def test_the_proof_counts_everything_anew(cast: Cast) -> None:
    """Whatever became of bookings, the counters agree; one that was tampered with is named."""
    here = Bought(cast)
    settling.agree(settlement=here.month, by=cast.zhao.actor(), at=moment(35))
    assert list(proving_contracts.bookings()) == []
    Slot.objects.filter(pk=here.slot.pk).update(taken=3)
    Service.objects.filter(pk=here.service.pk).update(used=9)
    Contract.objects.filter(pk=here.contract.pk).update(owed=1)
    Booking.objects.filter(pk=here.signed.pk).update(credits=1)
    Booking.objects.filter(pk=here.held.pk).update(state="called_off")
    assert len(list(proving_contracts.bookings())) == 5

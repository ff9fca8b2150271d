"""Booking: credits held, places, quantity and budget counted, each refusal with a code and a sentence."""

from datetime import timedelta
from typing import Any

import pytest

from cast import Cast
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.timeline.models import Entry
from chenyue.volunteering import booking, buying, offering
from chenyue.volunteering.accounts import balance
from chenyue.volunteering.lifecycle import BookingState, Via
from chenyue.volunteering.models import Booking, Service, Slot
from volunteering.contracts_stage import Shop
from volunteering.stage import acts_for, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


def refused(act: Any) -> Refusal:
    """What an act is refused with."""
    with pytest.raises(Refusal) as found:
        act()
    return found.value


def agrees(shop: Shop) -> None:
    """Counters say what the bookings say."""
    shop.contract.refresh_from_db()
    assert shop.contract.owed == sum(Booking.objects.values_list("owed", flat=True))
    for slot in Slot.objects.all():
        active = slot.bookings.filter(state__in=["held", "attended", "missed"]).count()
        assert slot.taken == active + slot.waiting.filter(state="called").count()


def test_booking_holds_credits_and_counts_place_quantity_and_budget(shop: Shop) -> None:
    slot, person = shop.slot(), shop.person(1000)
    row = shop.booked(slot, person)
    assert (row.state, row.credits, row.price, row.owed) == ("held", 300, 6000, 6000)
    assert (balance(person).free, balance(person).held) == (700, 300)
    slot.refresh_from_db()
    assert (slot.taken, Service.objects.get().used) == (1, 1)
    assert person.name not in row.code and person.phone not in row.code
    agrees(shop)
    entry = Entry.objects.filter(subject=row.subject).get()
    assert entry.visible_to == "resident" and person.name not in str(entry.data)


def test_a_full_slot_refuses_with_its_code_and_takes_nothing(shop: Shop) -> None:
    slot, first, second = shop.slot(capacity=1), shop.person(), shop.person()
    shop.booked(slot, first)
    found = refused(lambda: shop.booked(slot, second))
    assert found.code == "full"
    assert balance(second).held == 0
    agrees(shop)


@pytest.mark.parametrize(
    ("code", "given", "service_given"),
    [("quantity", {}, {"quantity": 1}), ("budget", {"budget": 6000}, {"quantity": 100})],
)
def test_what_was_bought_is_never_oversold(
    cast: Cast, code: str, given: dict[str, Any], service_given: dict[str, Any]
) -> None:
    shop = Shop(cast, given, service_given)
    shop.booked(shop.slot(), shop.person())
    other = shop.person()
    assert refused(lambda: shop.booked(shop.slot(4), other)).code == code
    assert balance(other).held == 0
    agrees(shop)


def test_who_has_too_few_credits_hears_how_many_are_missing(shop: Shop) -> None:
    slot, poor = shop.slot(), shop.person(120)
    found = refused(lambda: shop.booked(slot, poor))
    assert found.code == "short" and "1.8" in str(found.sentence)
    slot.refresh_from_db()
    assert slot.taken == 0
    agrees(shop)


def test_quota_of_a_month_counts_the_month_of_the_slot(shop: Shop) -> None:
    person = shop.person(3000)
    shop.booked(shop.slot(3), person)
    shop.booked(shop.slot(4), person)
    assert refused(lambda: shop.booked(shop.slot(5), person)).code == "quota"
    assert shop.booked(shop.slot(35), person).state == BookingState.HELD  # December is another month


def test_double_and_crossing_bookings(shop: Shop) -> None:
    person, slot = shop.person(3000), shop.slot(3)
    first = shop.booked(slot, person)
    found = refused(lambda: shop.booked(slot, person))
    assert found.code == "double" and first.number in str(found.sentence)
    crossing = shop.slot(3, 0.25)
    assert refused(lambda: shop.booked(crossing, person)).code == "overlap"


def test_slots_that_cannot_be_booked(shop: Shop) -> None:
    person = shop.person(3000)
    assert refused(lambda: shop.booked(shop.slot(3), person, at=moment(4))).code == "begun"
    assert refused(lambda: shop.booked(shop.slot(4, published_at=moment(2)), person)).code == "not_yet"
    assert refused(lambda: shop.booked(shop.slot(400), person)).code == "closed"
    Service.objects.update(active=False)
    assert refused(lambda: shop.booked(shop.slot(5), person)).code == "closed"


def test_in_the_first_hours_only_the_old_book(cast: Cast) -> None:
    shop = Shop(cast, {}, {"elder_hours": 48, "elder_age": 60})
    slot = shop.slot(capacity=5)
    old, young, unknown = shop.person(birth_year=1948), shop.person(birth_year=1990), shop.person()
    assert shop.booked(slot, old).state == "held"
    found = refused(lambda: shop.booked(slot, young))
    assert found.code == "elders_first" and "60" in str(found.sentence)
    assert refused(lambda: shop.booked(slot, unknown)).code == "elders_first"
    assert [one.slots for one in offering.services_for(young, moment(1))] == [[]]
    assert shop.booked(slot, young, at=moment(2)).state == "held"


def test_a_relative_pays_only_by_a_confirmed_tie_and_within_the_cap(shop: Shop) -> None:
    slot, giver, other = shop.slot(capacity=5), shop.person(1000), shop.person(60)
    assert refused(lambda: shop.booked(slot, other, payer=giver, by=acts_for(giver))).code == "no_tie"
    tie = shop.tie(giver, other, approved_at=None)
    assert refused(lambda: shop.booked(slot, other, payer=giver, by=acts_for(giver))).code == "no_tie"
    tie.approved_at = moment()
    tie.save()
    rule = shop.stage.rule
    assert rule is not None
    row = shop.booked(slot, other, payer=giver, by=acts_for(giver))
    assert (row.resident, row.payer) == (other, giver)
    assert (balance(giver).held, balance(other).held) == (300, 0)
    rule.family_year_cap = 500
    rule.save()
    from chenyue.volunteering import conversion

    conversion.changed()
    found = refused(lambda: shop.booked(shop.slot(4), other, payer=giver, by=acts_for(giver)))
    assert found.code == "year_cap"


def test_the_window_books_for_those_without_a_telephone_and_strangers_do_not(shop: Shop) -> None:
    slot, person, other = shop.slot(), shop.person(), shop.person()
    with pytest.raises(NotAllowed):
        shop.booked(slot, person, by=acts_for(other))
    with pytest.raises(NotAllowed):
        shop.booked(slot, person, by=shop.cast.zhou.actor())
    row = shop.booked(slot, person, by=shop.li, via=Via.WINDOW)
    assert (row.by, row.via) == (shop.cast.li, "window")


def test_cancelling_is_graded_and_what_is_lost_stays_held_until_an_appeal_is_over(shop: Shop) -> None:
    slot = shop.slot(3, capacity=9)
    in_time, late, very_late = shop.person(), shop.person(), shop.person()
    rows = [shop.booked(slot, person) for person in (in_time, late, very_late)]
    moments = [slot.starts_at - timedelta(hours=hours) for hours in (24, 5, 1)]
    for row, when in zip(rows, moments, strict=True):
        booking.cancel(booking=row, by=acts_for(row.resident), at=when)
        row.refresh_from_db()
    assert [(row.state, row.lost) for row in rows] == [("cancelled", 0), ("late", 150), ("late", 300)]
    assert [balance(row.resident).held for row in rows] == [0, 300, 300]
    agrees(shop)
    assert booking.finish_due(moments[2] + timedelta(days=6)) == 0
    assert booking.finish_due(moments[2] + timedelta(days=7)) == 2
    assert [balance(row.resident).free for row in rows] == [1000, 850, 700]
    assert refused(lambda: booking.cancel(booking=rows[0], by=shop.li, at=moments[2])).code == "ended"


def test_cancelling_is_not_for_others_nor_after_the_beginning(shop: Shop) -> None:
    slot, person, other = shop.slot(), shop.person(), shop.person()
    row = shop.booked(slot, person)
    with pytest.raises(NotAllowed):
        booking.cancel(booking=row, by=acts_for(other), at=moment(1))
    with pytest.raises(NotAllowed):
        booking.cancel(booking=row, by=shop.cast.zhou.actor(), at=moment(1))
    found = refused(lambda: booking.cancel(booking=row, by=acts_for(person), at=slot.starts_at))
    assert found.code == "begun"


def test_calling_off_gives_everything_back_and_says_why(shop: Shop) -> None:
    slot, person = shop.slot(), shop.person()
    row = shop.booked(slot, person)
    assert refused(lambda: booking.call_off(slot=slot, reason=" ", by=shop.zhao, at=moment(1))).field == "reason"
    assert booking.call_off(slot=slot, reason="医师生病", by=shop.zhao, at=moment(2)) == 1
    row.refresh_from_db()
    assert (row.state, row.reason, balance(person).free) == ("called_off", "医师生病", 1000)
    agrees(shop)
    assert refused(lambda: shop.booked(slot, shop.person())).code == "called_off"


def test_a_contract_cut_in_mid_month_gives_later_bookings_back_and_keeps_earlier_ones(shop: Shop) -> None:
    soon, later = shop.slot(3), shop.slot(20)
    first, second = shop.person(), shop.person()
    kept, gone = shop.booked(soon, first), shop.booked(later, second)
    last = moment(10).date()
    assert booking.cut(contract=shop.contract, last=last, reason="执业许可被吊销", by=shop.zhao, at=moment(2)) == 1
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.state, gone.state, balance(second).free) == ("held", "called_off", 1000)
    assert refused(lambda: shop.booked(shop.slot(15), shop.person())).code == "closed"
    agrees(shop)
    assert buying.end_due(moment(11)) == 1
    shop.contract.refresh_from_db()
    assert shop.contract.state == "cut"

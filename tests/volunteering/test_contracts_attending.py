"""Vouchers, the second sign, missed bookings with their grades, appeals, and the waiting list."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from cast import SHANGHAI, Cast
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.timeline.models import Entry
from chenyue.volunteering import booking, pleading, redeeming, suppliers, waiting
from chenyue.volunteering.accounts import balance
from chenyue.volunteering.lifecycle import BookingState
from chenyue.volunteering.models import Booking, Plea
from volunteering.contracts_stage import Shop, second
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


def missed(shop: Shop, person: Any, days: float) -> Booking:
    """Booked the day before, and nobody came."""
    slot = shop.slot(days)
    row = shop.booked(slot, person, at=moment(days - 1))
    return booking.miss(booking=row, by=suppliers.actor(shop.supplier), at=slot.ends_at)


# The voucher


def test_a_voucher_counts_once_and_the_second_sign_burns_the_credits(shop: Shop) -> None:
    slot, person = shop.slot(), shop.person()
    row = shop.booked(slot, person)
    typed = row.code.replace("-", " ").lower()
    found = booking.redeem(code=typed, supplier=shop.supplier, at=slot.starts_at)
    assert (found.state, found.flags, balance(person).held) == ("attended", [], 300)
    again = refused(lambda: booking.redeem(code=typed, supplier=shop.supplier, at=slot.ends_at))
    assert again.code == "again"
    redeeming.note_again(code=typed, supplier=shop.supplier, at=slot.ends_at)
    found.refresh_from_db()
    assert found.flags == ["again"]
    signed = booking.sign(booking=row, by=acts_for(person), at=slot.ends_at)
    assert signed.end is not None and signed.end.kind == "burn"
    assert (balance(person).free, balance(person).held) == (700, 0)
    assert refused(lambda: booking.sign(booking=row, by=acts_for(person), at=slot.ends_at)).code == "signed"


def test_another_suppliers_voucher_is_as_unknown_as_an_invented_one(shop: Shop) -> None:
    slot = shop.slot()
    row = shop.booked(slot, shop.person())
    other = shop.new_supplier(name="邻里按摩馆")
    stolen = refused(lambda: booking.redeem(code=row.code, supplier=other, at=slot.starts_at))
    invented = refused(lambda: booking.redeem(code="XXXX-XXXX-XXXX", supplier=other, at=slot.starts_at))
    assert (stolen.code, str(stolen.sentence)) == ("unknown", str(invented.sentence))


def test_a_voucher_of_another_day_or_of_long_ago(shop: Shop) -> None:
    slot = shop.slot()
    row = shop.booked(slot, shop.person())
    early = refused(lambda: booking.redeem(code=row.code, supplier=shop.supplier, at=moment(2, 14)))
    late = refused(lambda: booking.redeem(code=row.code, supplier=shop.supplier, at=slot.ends_at + timedelta(days=4)))
    assert (early.code, late.code) == ("not_today", "too_late")


def test_a_supplier_who_redeems_at_midnight_for_many(shop: Shop) -> None:
    """Fifty at midnight: all stand flagged, nothing is burnt, staff sign one by one on the next day at the earliest."""
    slot = shop.slot(3, capacity=9)
    people = [shop.person() for _n in range(6)]
    rows = [shop.booked(slot, person) for person in people]
    night = datetime.combine(slot.starts_at.date(), time(23, 58), tzinfo=SHANGHAI)
    for n, row in enumerate(rows):
        booking.redeem(code=row.code, supplier=shop.supplier, at=night + timedelta(seconds=5 * n))
    for row in rows:
        row.refresh_from_db()
    assert all("night" in row.flags and "late" in row.flags for row in rows)
    assert booking.sign_many(bookings=rows, by=shop.keeper, at=night + timedelta(days=2))[0] == 0
    soon = refused(lambda: booking.sign(booking=rows[0], by=shop.keeper, at=night + timedelta(seconds=60)))
    assert soon.code == "next_day"
    assert booking.sign(booking=rows[0], by=shop.keeper, at=night + timedelta(hours=9)).signed_at
    assert balance(people[1]).held == 300


def test_a_rush_flags_those_before_it_too(shop: Shop) -> None:
    slot = shop.slot(3, capacity=5)
    rows = [shop.booked(slot, shop.person()) for _n in range(5)]
    beside = shop.slot(3, 1, capacity=5)
    rows.append(shop.booked(beside, shop.person()))
    for n, row in enumerate(rows):
        booking.redeem(code=row.code, supplier=shop.supplier, at=slot.starts_at + timedelta(seconds=n))
    assert [Booking.objects.get(pk=row.pk).flags for row in rows] == [["many"]] * 6


def test_the_second_sign_is_never_of_the_booker_nor_of_the_person(shop: Shop) -> None:
    slot, person, stranger = shop.slot(capacity=4), shop.person(), shop.person()
    row = shop.booked(slot, person, by=shop.li)
    booking.redeem(code=row.code, supplier=shop.supplier, at=slot.starts_at)
    with pytest.raises(NotAllowed):
        booking.sign(booking=row, by=shop.li, at=slot.ends_at)
    with pytest.raises(NotAllowed):
        booking.sign(booking=row, by=acts_for(stranger), at=slot.ends_at)
    with pytest.raises(NotAllowed):
        booking.sign(booking=row, by=suppliers.actor(shop.supplier), at=slot.ends_at)
    with pytest.raises(NotAllowed):
        booking.sign(booking=row, by=shop.cast.zhou.actor(), at=slot.ends_at)
    own = second("own", "本人")
    own.phone = person.phone
    own.save()
    with pytest.raises(NotAllowed):
        booking.sign(booking=row, by=own.actor(), at=slot.ends_at)
    assert booking.sign(booking=row, by=shop.keeper, at=slot.ends_at).signed_by == shop.keeper.user


def test_whoever_was_not_there_says_so_and_nothing_is_burnt(shop: Shop) -> None:
    slot, person = shop.slot(), shop.person()
    row = shop.attended(slot, person)
    plea = booking.deny(booking=row, words="我那天没去。", by=acts_for(person), at=slot.ends_at)
    assert refused(lambda: booking.sign(booking=row, by=shop.keeper, at=slot.ends_at)).code == "plea"
    pleading.decide(plea=plea, upheld=True, reason="诊所记录不符", by=shop.zhao, at=slot.ends_at)
    row.refresh_from_db()
    assert (row.state, row.owed, balance(person).free) == ("called_off", 0, 1000)
    said = Entry.objects.filter(subject=row.subject).values_list("data", flat=True)
    assert not any("没去" in str(data) for data in said)  # kept apart, where it can be forgotten


# Missed ones


def test_the_first_missed_is_a_warning_the_next_cost_and_then_comes_a_pause(shop: Shop) -> None:
    person = shop.person(3000)
    rows = [missed(shop, person, days) for days in (3, 4, 40)]
    assert [row.lost for row in rows] == [0, 150, 300]
    assert [row.owed for row in rows] == [0, 0, 0]
    found = refused(lambda: shop.booked(shop.slot(50), person, at=moment(49)))
    assert found.code == "paused"
    assert shop.booked(shop.slot(75), person, at=moment(71)).state == "held"


def test_what_a_missed_one_costs_the_office_is_a_word_of_the_contract(cast: Cast) -> None:
    shop = Shop(cast, {"missed_percent": 50})
    row = missed(shop, shop.person(), 3)
    shop.contract.refresh_from_db()
    assert (row.owed, shop.contract.owed) == (3000, 3000)


def test_an_appeal_keeps_credits_held_and_somebody_else_decides(shop: Shop) -> None:
    person = shop.person(3000)
    missed(shop, person, 3)
    row = missed(shop, person, 4)
    at = moment(5)
    plea = pleading.appeal(booking=row, words="在医院，有证明。", by=acts_for(person), at=at)
    assert refused(lambda: pleading.appeal(booking=row, words="再说一次", by=acts_for(person), at=at)).code == "open"
    assert booking.finish_due(moment(30)) == 0  # an open appeal keeps everything as it is
    assert balance(person).held == 300
    with pytest.raises(NotAllowed):
        pleading.decide(plea=plea, upheld=True, reason="同意", by=shop.li, at=at)
    pleading.decide(plea=plea, upheld=True, reason="住院属实", by=shop.zhao, at=at)
    row.refresh_from_db()
    assert (row.state, row.reason, balance(person).free) == (BookingState.CANCELLED, "住院属实", 3000)
    with pytest.raises(Conflict):
        pleading.decide(plea=plea, upheld=False, reason="改主意", by=shop.keeper, at=at)


def test_who_took_the_appeal_down_does_not_decide_it_and_a_refused_one_costs(shop: Shop) -> None:
    person = shop.person(3000)
    missed(shop, person, 3)
    row = missed(shop, person, 4)
    plea = pleading.appeal(booking=row, words="忘了", by=shop.keeper, at=moment(5))
    with pytest.raises(NotAllowed):
        pleading.decide(plea=plea, upheld=True, reason="算了", by=shop.keeper, at=moment(6))
    pleading.decide(plea=plea, upheld=False, reason="忘记不是理由", by=shop.zhao, at=moment(20))
    row.refresh_from_db()
    assert row.end is not None and balance(person).free == 2850
    assert Plea.objects.get().state == "refused"


def test_an_appeal_comes_in_time_and_about_something(shop: Shop) -> None:
    person = shop.person(3000)
    row = missed(shop, person, 3)
    words = {"words": "x", "by": acts_for(person)}
    assert refused(lambda: pleading.appeal(booking=row, at=moment(12), **words)).code == "late"
    fine = shop.booked(shop.slot(20), person, at=moment(15))
    assert refused(lambda: pleading.appeal(booking=fine, at=moment(16), **words)).code == "nothing"
    other = shop.person()
    with pytest.raises(NotAllowed):
        pleading.appeal(booking=row, words="x", by=acts_for(other), at=moment(4))


def test_what_nobody_recorded_goes_back(shop: Shop) -> None:
    slot, person = shop.slot(), shop.person()
    row = shop.booked(slot, person)
    assert booking.waive_due(slot.ends_at + timedelta(days=2)) == 0
    assert booking.waive_due(slot.ends_at + timedelta(days=3)) == 1
    row.refresh_from_db()
    shop.contract.refresh_from_db()
    assert (row.state, balance(person).free, shop.contract.owed) == ("called_off", 1000, 0)


def test_missed_is_said_by_the_supplier_or_staff_and_not_at_once(shop: Shop) -> None:
    slot, person = shop.slot(), shop.person()
    row = shop.booked(slot, person)
    other = suppliers.actor(shop.new_supplier(name="别家"))
    for by in (other, acts_for(person), shop.cast.zhou.actor()):
        with pytest.raises(NotAllowed):
            booking.miss(booking=row, by=by, at=slot.ends_at)
    assert refused(lambda: booking.miss(booking=row, by=shop.li, at=slot.starts_at)).code == "early"


# Waiting


def test_a_place_that_becomes_free_is_kept_for_the_next_in_order(shop: Shop) -> None:
    slot = shop.slot(5, capacity=1)
    first, second_one, third = shop.person(), shop.person(), shop.person()
    row = shop.booked(slot, first)
    for n, person in enumerate((second_one, third)):
        waiting.join(slot=slot, resident=person, by=acts_for(person), at=moment(1, n))
    assert refused(lambda: waiting.join(slot=slot, resident=third, by=shop.li, at=moment(1, 3))).code == "waiting"
    booking.cancel(booking=row, by=acts_for(first), at=moment(2))
    slot.refresh_from_db()
    assert (slot.taken, [one.state for one in slot.waiting.all()]) == (1, ["called", "waiting"])
    assert refused(lambda: shop.booked(slot, third, at=moment(2, 1))).code == "full"  # no jumping the queue
    assert shop.booked(slot, second_one, at=moment(2, 1)).state == "held"
    slot.refresh_from_db()
    assert (slot.taken, [one.state for one in slot.waiting.all()]) == (1, ["taken", "waiting"])


def test_who_does_not_answer_in_time_loses_the_place_to_the_next_and_then_it_is_free(shop: Shop) -> None:
    slot = shop.slot(5, capacity=1)
    first, second_one = shop.person(), shop.person()
    row = shop.booked(slot, first)
    place = waiting.join(slot=slot, resident=second_one, by=acts_for(second_one), at=moment(1))
    assert waiting.position(place) == 1
    booking.cancel(booking=row, by=acts_for(first), at=moment(2))
    assert waiting.lapse_due(moment(2, 11)) == 0
    assert waiting.lapse_due(moment(2, 12)) == 1
    slot.refresh_from_db()
    place.refresh_from_db()
    assert (slot.taken, place.state) == (0, "lapsed")
    assert refused(lambda: waiting.join(slot=slot, resident=first, by=acts_for(first), at=moment(3))).code == "free"

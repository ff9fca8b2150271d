"""Many at once: the last place goes to one, and credits for one booking buy one."""

import pytest

from cast import Cast
from chenyue.core.errors import Refusal
from chenyue.volunteering import proving_contracts
from chenyue.volunteering.accounts import balance
from chenyue.volunteering.models import Booking
from helpers import together
from volunteering.contracts_stage import Shop

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_place_is_sold_once_and_credits_are_spent_once() -> None:
    shop = Shop(Cast())
    last, others = shop.slot(3, capacity=1), [shop.slot(days, capacity=1) for days in (4, 5, 6)]
    rivals, poor = [shop.person(300) for _n in range(3)], shop.person(300)
    wishes = [(last, person) for person in rivals] + [(slot, poor) for slot in others]
    found = together(*[lambda slot=slot, who=who: shop.booked(slot, who) for slot, who in wishes])
    assert all(isinstance(one, Booking | Refusal) for one in found), found
    assert sum(isinstance(one, Booking) for one in found[:3]) == 1
    assert sum(isinstance(one, Booking) for one in found[3:]) == 1
    assert {one.code for one in found if isinstance(one, Refusal)} == {"full", "short"}
    assert (balance(poor).free, balance(poor).held) == (0, 300)
    assert list(proving_contracts.bookings()) == []

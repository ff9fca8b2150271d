"""What goes with a person whose data is deleted, and what they get as a copy."""

from datetime import date
from typing import Any

import pytest
import time_machine

from cast import Cast
from chenyue.people.privacy import copy_of, erase_resident
from chenyue.volunteering import accounts, needs
from chenyue.volunteering.lifecycle import AccountKind, BookingState
from chenyue.volunteering.models import FamilyTie, HourEntry, Need, Volunteer
from volunteering.contracts_stage import Shop
from volunteering.stage import acts_for, moment

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel(moment(1), tick=False):
        yield


def test_figures_stay_and_the_person_goes(cast: Cast) -> None:
    shop = Shop(cast)
    who = shop.person(1000)
    name = who.name
    row = shop.booked(shop.slot(), who)
    shop.tie(who, shop.stage.resident())
    asked = needs.Asked("陪同看病", moment(5), moment(5, 2), words=f"{name}，三楼", risks="有狗")
    needs.ask(asked, by=acts_for(who), at=moment(1), resident=who)
    copy = copy_of(who)["volunteering"]
    assert {"volunteer", "hours", "credits", "booking", "need", "relative"} <= {one["what"] for one in copy}
    before = HourEntry.objects.count()
    erase_resident(resident=who, by=cast.zhao.actor(), at=moment(1, 1))
    row.refresh_from_db()
    assert row.state == BookingState.CANCELLED
    assert accounts.balance(who, DAY).all == 0
    assert accounts.totals()[AccountKind.POOL] == 1000
    need = Need.objects.get()
    assert (need.state, need.words, need.risks) == ("withdrawn", "", "")
    volunteer = Volunteer.objects.get(resident=who)
    assert (volunteer.state, volunteer.birth_on, volunteer.limits) == ("left", None, "")
    assert FamilyTie.objects.get().ended_at is not None
    assert HourEntry.objects.count() == before


def test_somebody_without_any_of_it_is_forgotten_as_well(cast: Cast) -> None:
    who = Shop(cast).stage.resident()
    assert copy_of(who)["volunteering"] == []
    erase_resident(resident=who, by=cast.zhao.actor(), at=moment(1))
    assert who.erased_at

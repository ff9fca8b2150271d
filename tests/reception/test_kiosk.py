"""The kiosk: one touch, one number; arriving with a booking; and nothing lost when the connection goes."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from cast import Cast
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.reception import arriving, booking
from chenyue.reception.models import Sitting, Ticket
from chenyue.reception.queue import actions
from reception.queue_stage import SEVEN, minutes, opened, sitting, ticket, venue

RESIDENT = Actor("resident")


@pytest.fixture
def kiosk(cast: Cast, client: Client) -> Any:
    """`kiosk("", 5, priority="")` posts at the kiosk's page five minutes after seven; without fields it looks."""

    def at(path: str = "", after: float = 5, follow: bool = False, **fields: str) -> Any:
        url = f"/kiosk/{venue().screen_token}/{path}"
        with time_machine.travel(minutes(after), tick=False):
            if fields:
                return client.post(url, {"idempotency_key": ids.token()} | fields, follow=follow)
            return client.get(url)

    return at


def booked(where: Sitting, phone: str = "13800000001", slot: int = 15) -> Ticket:
    person = booking.Person("陈大明", phone)
    return booking.book(sitting=where, slot=minutes(slot), person=person, by=RESIDENT, at=minutes(-30 * 60))


def test_a_number_in_one_touch(cast: Cast, kiosk: Any) -> None:
    opened(cast)
    assert "取号" in kiosk().content.decode()
    page = kiosk(priority="", follow=True)
    told = page.content.decode()
    found = Ticket.objects.get()
    assert (found.label, found.source, found.called_as) == ("A001", "kiosk", "")
    assert "A001" in told and "下一个就是您" in told and 'class="qr"' in told
    assert "工作人员给您取号" in told  # the staffed way is always shown


def test_sent_again_after_a_lost_answer_it_is_the_same_number(cast: Cast, kiosk: Any) -> None:
    opened(cast)
    key = ids.token()
    first = kiosk(priority="", idempotency_key=key)
    again = kiosk(after=6, priority="", idempotency_key=key)  # the kiosk was offline for a minute
    assert Ticket.objects.count() == 1
    assert first["Location"] == again["Location"]


def test_who_says_so_goes_earlier(cast: Cast, kiosk: Any) -> None:
    opened(cast)
    page = kiosk(priority="elderly", follow=True)
    found = Ticket.objects.get()
    assert found.priority == "elderly" and found.priority_by is None
    assert "老年人" in page.content.decode()
    wrong = kiosk(priority="unheard")
    assert wrong.status_code == 422 and Ticket.objects.count() == 1


def test_too_early_and_over(cast: Cast, kiosk: Any) -> None:
    where = sitting()
    page = kiosk(after=-45).content.decode()
    assert "开始前半小时起可以取号" in page and 'name="priority"' not in page
    refused = kiosk(after=-45, priority="")
    assert refused.status_code == 422 and "工作人员给您取号" in refused.content.decode()
    assert kiosk(after=-20, priority="").status_code == 303
    actions.cancel_sitting(sitting=where, reason="停电检修", by=cast.li.actor(), at=minutes(1))
    assert "停电检修" in kiosk(after=2).content.decode()


def test_after_the_last_ticket_a_first_place_next_time(cast: Cast, kiosk: Any) -> None:
    where = opened(cast)
    evening = sitting(SEVEN + timedelta(hours=12))
    actions.stop(sitting=where, by=cast.li.actor(), at=minutes(3))
    assert "领下一场最先的位置" in kiosk().content.decode()
    page = kiosk(priority="", follow=True).content.decode()
    found = Ticket.objects.get()
    assert found.sitting == evening and found.state == "booked"
    assert "19:00–20:30" in page


def test_nothing_planned(cast: Cast, kiosk: Any) -> None:
    venue()
    assert "近几天没有安排接待" in kiosk().content.decode()
    assert kiosk(priority="").status_code == 422


@pytest.mark.parametrize("said", ["13800000001", "138 0000 0001", "A001", "a001", "1"])
def test_arriving_with_a_booking(cast: Cast, kiosk: Any, said: str) -> None:
    where = sitting()
    found = booked(where)
    actions.open_sitting(sitting=where, by=cast.li.actor(), at=minutes(0))
    page = kiosk("arrive/", 10, follow=True, said=said)
    found.refresh_from_db()
    assert found.state == "waiting" and "A001" in page.content.decode()
    # Who only knows a number isn't given the link of its ticket.
    assert ('class="qr"' in page.content.decode()) is (len(said) > 6)


def test_arriving_twice_shows_the_same_place(cast: Cast, kiosk: Any) -> None:
    where = sitting()
    booked(where)
    actions.open_sitting(sitting=where, by=cast.li.actor(), at=minutes(0))
    for after in (10, 11):
        assert kiosk("arrive/", after, said="13800000001").status_code == 303
    assert Ticket.objects.get().state == "waiting"


@pytest.mark.parametrize("said", ["13911112222", "A999", "陈大明", "%", "0", "x" * 24])
def test_what_is_not_found_is_said_and_kept(cast: Cast, kiosk: Any, said: str) -> None:
    booked(sitting())
    page = kiosk("arrive/", -10, said=said)
    told = page.content.decode()
    assert page.status_code == 422 and "没有查到今天的预约" in told and f'value="{said}"' in told


def test_yesterdays_and_another_venues_bookings_are_not_found(cast: Cast, kiosk: Any) -> None:
    booked(sitting(SEVEN - timedelta(days=1)), slot=-24 * 60 + 15)
    booked(sitting(where=venue("别处", letter="B")), "13911112222")
    assert kiosk("arrive/", -10, said="13800000001").status_code == 422
    assert kiosk("arrive/", -10, said="13911112222").status_code == 422


def test_guessing_numbers_at_a_kiosk_ends(cast: Cast, kiosk: Any) -> None:
    booked(sitting())
    for n in range(40):
        assert kiosk("arrive/", -10, said=f"139000000{n:02d}").status_code == 422
    page = kiosk("arrive/", -10, said="13800000001")
    assert page.status_code == 422 and "问旁边的工作人员" in page.content.decode()


def test_the_page_of_a_ticket_is_short_lived_and_of_this_kiosk(cast: Cast, kiosk: Any) -> None:
    where = opened(cast)
    with time_machine.travel(minutes(5), tick=False):
        sealed = arriving.seal(ticket(cast, where), own=True)
        other = arriving.seal(ticket(cast, opened(cast, where=venue("别处", letter="B"))), own=True)
    assert "A001" in kiosk(f"ticket/{sealed}/").content.decode()
    for wrong in (other, "made-up"):
        assert kiosk(f"ticket/{wrong}/").status_code == 303
    assert kiosk(f"ticket/{sealed}/", after=9).status_code == 303


def test_the_kiosk_refreshes_its_start_by_a_part(cast: Cast, client: Client) -> None:
    opened(cast)
    with time_machine.travel(minutes(5), tick=False):
        page = client.get(f"/kiosk/{venue().screen_token}/", headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode() and "取号" in page.content.decode()

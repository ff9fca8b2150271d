"""Booking from home: once for each person, in times that are free; the waiting list; and a sitting called off."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from cast import Cast
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.notify.models import Message
from chenyue.people.models import Consent
from chenyue.reception import booking
from chenyue.reception.models import Sitting, Ticket, WaitEntry
from chenyue.reception.queue import actions
from helpers import one_and_three
from reception.queue_stage import SEVEN, minutes, opened, sitting, venue

RESIDENT = Actor("resident")
DAY_BEFORE = -24 * 60


def book(where: Sitting, slot: float = 0, after: float = DAY_BEFORE, **person: Any) -> Ticket:
    return booking.book(
        sitting=where, slot=minutes(slot), person=booking.Person(**person), by=RESIDENT, at=minutes(after)
    )


def wait(where: Sitting, after: float = DAY_BEFORE, **person: Any) -> WaitEntry:
    return booking.ask_for_place(sitting=where, person=booking.Person(**person), by=RESIDENT, at=minutes(after))


@pytest.fixture
def home(cast: Cast, client: Client) -> Any:
    """`home(f"/reception/book/{pk}/", slot=…)` the day before; without fields it looks."""

    def at(path: str = "/reception/", after: float = DAY_BEFORE, follow: bool = False, **fields: Any) -> Any:
        with time_machine.travel(minutes(after), tick=False):
            if fields:
                given = {"idempotency_key": ids.token(), "party": "1", "consent_contact": "on"} | fields
                return client.post(path, given, follow=follow)
            return client.get(path)

    return at


def slot(after: float) -> str:
    from datetime import UTC

    return minutes(after).astimezone(UTC).isoformat()


def full_one() -> Sitting:
    """A sitting with one bookable place, which is taken."""
    where = sitting(capacity=2)
    book(where, name="先来")
    return where


def test_a_time_is_booked_without_an_account(cast: Cast, home: Any) -> None:
    where = sitting()
    assert "预约" in home().content.decode()
    fields = {"slot": slot(15), "name": "陈大明", "phone": "138 0000 0001", "priority": "elderly", "party": "2"}
    page = home(f"/reception/book/{where.pk}/", follow=True, **fields)
    found = Ticket.objects.get()
    assert page.redirect_chain[0] == (f"/reception/ticket/{found.token}/", 303)
    assert (found.state, found.booked_for, found.source, found.party) == ("booked", minutes(15), "web", 2)
    assert found.resident is not None and found.resident.phone == "13800000001"
    assert Consent.objects.get(resident=found.resident).text.purpose == "contact"
    assert "A001" in page.content.decode() and "明天 07:15" in page.content.decode()


def test_sent_twice_it_is_booked_once(cast: Cast, home: Any) -> None:
    where, key = sitting(), ids.token()
    sent = [home(f"/reception/book/{where.pk}/", slot=slot(0), name="陈", idempotency_key=key) for _n in range(2)]
    assert Ticket.objects.count() == 1 and sent[0]["Location"] == sent[1]["Location"]


def test_one_telephone_books_a_sitting_once_and_learns_nothing_of_the_other_booking(cast: Cast, home: Any) -> None:
    where = sitting()
    first = book(where, name="陈大明", phone="13800000001")
    page = home(f"/reception/book/{where.pk}/", slot=slot(15), name="陈大明", phone="13800000001")
    told = page.content.decode()
    assert page.status_code == 422 and "这个电话已经约过这一场" in told
    assert first.label not in told and first.token not in told
    assert 'value="13800000001"' in told  # what was typed is still there
    assert Ticket.objects.count() == 1


def test_a_time_that_was_taken_meanwhile(cast: Cast, home: Any) -> None:
    where = sitting(where=venue(windows=1))
    book(where, 15, name="快")
    page = home(f"/reception/book/{where.pk}/", slot=slot(15), name="慢")
    assert (
        page.status_code == 422
        and "这个时间刚被约走" in page.content.decode()
        and 'value="慢"' in page.content.decode()
    )
    with pytest.raises(Refusal) as refused:
        book(where, 15, name="慢")
    assert refused.value.field == "slot"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"slot": "never"}, "这个时间刚被约走"),
        ({}, "约几点"),
        ({"slot": slot(0), "phone": "not a number"}, "电话"),
        ({"slot": slot(0), "phone": "13800000001", "consent_contact": ""}, "请在这里打勾"),
        ({"slot": slot(0), "party": "0"}, "请填不小于"),
        ({"slot": slot(0), "party": "1000000000000000000000"}, "请填不大于"),
        ({"slot": slot(0), "website": "x"}, "看不见的格子"),
        ({"slot": slot(0), "priority": "unheard"}, "列表"),
        ({"slot": slot(0), "email": "nobody"}, "邮箱"),
    ],
)
def test_bad_forms_are_answered_in_sentences(cast: Cast, home: Any, fields: Any, said: str) -> None:
    where = sitting()
    page = home(f"/reception/book/{where.pk}/", **({"name": "王小二"} | fields))
    told = page.content.decode()
    assert page.status_code == 422 and 'value="王小二"' in told, told[-2000:]
    assert Ticket.objects.count() == 0
    assert said in told


def test_what_has_begun_or_is_over_or_far_away_is_not_booked(cast: Cast, home: Any) -> None:
    running = opened(cast)
    page = home(f"/reception/book/{running.pk}/", after=5)
    assert (
        "不能再预约了" in page.content.decode()
        and '<form method="post" action="/reception' not in page.content.decode()
    )
    assert home(f"/reception/book/{running.pk}/", after=5, slot=slot(30)).status_code == 409
    far = sitting(SEVEN + timedelta(days=30))
    assert home(f"/reception/book/{far.pk}/").status_code == 404
    with pytest.raises(Refusal, match="还没有开放"):
        book(far, 30 * 24 * 60)
    assert home("/reception/book/999999/").status_code == 404


def test_the_address_of_a_page_is_the_key_to_a_letter(cast: Cast) -> None:
    book(sitting(), name="陈大明", email="chen@example.org")
    letter = Message.objects.get()
    assert letter.address == "chen@example.org" and "A001" in letter.body and "07:00" in letter.body


def test_a_neighbours_letters_go_to_nobody_else(cast: Cast) -> None:
    """Whoever says 陈's number with an address of their own is told of their own booking only."""
    first, second = sitting(), sitting(SEVEN + timedelta(hours=12))
    book(first, name="陈大明", phone="13800000001", email="chen@example.org")
    book(second, 12 * 60, name="陈大明", phone="13800000001", email="other@example.org")
    Message.objects.all().delete()
    actions.cancel_sitting(sitting=first, reason="停电检修", by=cast.li.actor(), at=minutes(-60))
    assert [m.address for m in Message.objects.all()] == ["chen@example.org"]


def test_a_sitting_that_is_called_off_tells_who_holds_a_place(cast: Cast, home: Any) -> None:
    morning, evening = sitting(), sitting(SEVEN + timedelta(hours=12))
    held = book(morning, name="陈大明", email="chen@example.org")
    Message.objects.all().delete()
    actions.cancel_sitting(sitting=morning, reason="停电检修", by=cast.li.actor(), at=minutes(-60))
    letter = Message.objects.get()
    assert "停电检修" in letter.body and "19:00" in letter.body
    page = home(f"/reception/ticket/{held.token}/", after=-50).content.decode()
    assert "停电检修" in page and "已为您留好最先的位置" in page
    carried = Ticket.objects.get(sitting=evening)
    assert carried.email == "chen@example.org" and carried.token in page


# The waiting list


def test_a_full_sitting_has_a_waiting_list_and_a_free_place_goes_to_the_first(cast: Cast, home: Any) -> None:
    where = full_one()
    assert "已满，排候补" in home().content.decode()
    page = home(f"/reception/book/{where.pk}/", slot="waiting", name="等一", email="one@example.org", follow=True)
    assert "位排在您前面" in page.content.decode()
    second = wait(where, name="等二")
    assert booking.place_in_list(second) == 1
    first = WaitEntry.objects.get(called_as__isnull=False, pk__lt=second.pk)
    assert booking.give_free_places(minutes(DAY_BEFORE + 1)) == 0
    Message.objects.all().delete()
    holder = Ticket.objects.get()
    home(f"/reception/ticket/{holder.token}/leave/", x="1")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("placed", "waiting")
    assert first.ticket is not None and first.ticket.called_as == "等一" and first.ticket.booked_for == minutes(0)
    assert [m.address for m in Message.objects.all()] == ["one@example.org"]
    moved = home(f"/reception/waiting/{first.token}/")
    assert moved.status_code == 303 and moved["Location"] == f"/reception/ticket/{first.ticket.token}/"


def test_nobody_waits_for_what_is_free_or_twice_or_too_late(cast: Cast) -> None:
    with pytest.raises(Refusal, match="空出了时间"):
        wait(sitting(SEVEN + timedelta(hours=12)))
    where = full_one()
    wait(where, name="陈大明", phone="13800000001")
    with pytest.raises(Refusal, match="这个电话已经约过"):
        wait(where, name="陈大明", phone="13800000001")
    with pytest.raises(Refusal, match="不能再候补"):
        wait(where, after=-30)
    for _n in range(booking.MOST_WAITING - 1):
        wait(where)
    with pytest.raises(Refusal, match="候补也满了"):
        wait(where)


def test_a_place_that_becomes_free_too_late_is_left_to_who_comes(cast: Cast, home: Any) -> None:
    where = full_one()
    entry = wait(where, name="等", email="one@example.org")
    Message.objects.all().delete()
    booking.give_free_places(minutes(-50))
    entry.refresh_from_db()
    assert entry.state == "lapsed" and "没有空出位置" in Message.objects.get().body
    assert "没有等到空位" in home(f"/reception/waiting/{entry.token}/").content.decode()


def test_who_found_another_place_is_taken_off_the_list(cast: Cast) -> None:
    where = full_one()
    entry = wait(where, name="陈大明", phone="13800000001")
    Sitting.objects.filter(pk=where.pk).update(capacity=6)
    where.refresh_from_db()
    book(where, 15, name="陈大明", phone="13800000001")
    assert booking.give_free_places(minutes(DAY_BEFORE + 1)) == 0
    entry.refresh_from_db()
    assert entry.state == "withdrawn" and Ticket.objects.count() == 2


def test_off_the_list_again(cast: Cast, home: Any) -> None:
    entry = wait(full_one(), name="等")
    for _n in range(2):
        assert home(f"/reception/waiting/{entry.token}/", x="1").status_code == 303
    assert "已退出候补" in home(f"/reception/waiting/{entry.token}/").content.decode()
    assert home("/reception/waiting/made-up/").status_code == 404


def test_a_sitting_called_off_ends_its_list(cast: Cast) -> None:
    where = full_one()
    entry = wait(where, name="等")
    actions.cancel_sitting(sitting=where, reason="停电检修", by=cast.li.actor(), at=minutes(-600))
    booking.give_free_places(minutes(-599))
    entry.refresh_from_db()
    assert entry.state == "lapsed"


# Cost, floods


def test_the_list_costs_the_same_for_one_sitting_and_for_three(cast: Cast, home: Any) -> None:
    begins = iter(range(1, 9))
    one_and_three(home, lambda: sitting(SEVEN + timedelta(days=next(begins))), statements=3)


def test_a_flood_of_bookings_ends(cast: Cast, home: Any) -> None:
    where = sitting()
    for n in range(6):
        home(f"/reception/book/{where.pk}/", slot=slot(n * 15), name=f"甲{n}", phone="13800000001")
    assert Ticket.objects.count() == 1  # one for each telephone, whatever the name
    page = home(f"/reception/book/{where.pk}/", slot=slot(15), name="乙", phone="13800000001")
    assert page.status_code == 429 and "太多" in page.content.decode()


def test_names_with_markup_stay_words(cast: Cast, home: Any) -> None:
    page = home(f"/reception/book/{sitting().pk}/", slot="", name="<script>alert(1)</script>")
    assert "<script>alert" not in page.content.decode()

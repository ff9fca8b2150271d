"""A resident's own pages and the same at the window: what is done there, and what nobody else gets."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cast import Cast, client_of, client_of_resident
from chenyue.core import ids
from chenyue.people.models import Resident
from chenyue.people.residents import register_resident
from chenyue.timeline.models import Entry
from chenyue.volunteering import accounts, booking, joining, ties
from chenyue.volunteering.lifecycle import BookingState, SignUpState, Via
from chenyue.volunteering.models import Booking, FamilyTie, Need, Plea, SignUp, Volunteer, WaitingPlace
from helpers import count
from volunteering.contracts_stage import Shop
from volunteering.stage import Stage, acts_for, moment

pytestmark = pytest.mark.django_db
PAGES = ("home", "join", "activities", "hours", "needs", "services", "bookings", "family", "certificates", "data",
         "statement")  # fmt: skip


@pytest.fixture(autouse=True)
def _day() -> Any:
    """The day after the stage's beginning."""
    with time_machine.travel(moment(1), tick=False):
        yield


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


def mine(name: str, *args: Any) -> str:
    return reverse(f"volunteering:me-{name}", args=args)


def send(client: Client, url: str, **fields: Any) -> Any:
    return client.post(url, {"idempotency_key": ids.token(), **fields})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def at_window(cast: Cast, resident: Resident, via: str = "window") -> Client:
    client = client_of(cast.li)
    answer = client.post(reverse("volunteering:window-open"), {"resident": resident.pk, "via": via})
    assert answer["Location"] == reverse("volunteering:window-home", args=[resident.pk])
    return client


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_for_somebody_new_and_for_who_has_much(shop: Shop, name: str) -> None:
    new, rich = shop.stage.resident(), shop.person()
    shop.booked(shop.slot(), rich)
    shop.tie(rich, new)
    for who in (new, rich):
        answer = client_of_resident(who).get(mine(name))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store, private"
        assert who.phone not in text(answer)


def test_nothing_opens_without_signing_in(client: Client) -> None:
    answer = client.get(mine("services"))
    assert answer.status_code == 303
    assert answer["Location"] == "/me/sign-in/?next=%2Fvolunteering%2Fme%2Fservices%2F"


def test_booking_shows_the_voucher_and_holds_the_credits(shop: Shop) -> None:
    who, slot = shop.person(1000), shop.slot()
    client = client_of_resident(who)
    answer = send(client, mine("book", slot.pk))
    row = Booking.objects.get()
    assert answer["Location"] == mine("booking", row.number)
    page = text(client.get(answer["Location"]))
    assert row.code in page
    assert "<svg" in page
    assert row.code in text(client.get(mine("slip", row.number)))
    held = accounts.balance(who, date(2026, 11, 3))
    assert (held.free, held.held) == (700, 300)


def test_one_press_too_many_books_once(shop: Shop) -> None:
    client, key = client_of_resident(shop.person(1000)), ids.token()
    slot = shop.slot()
    answers = [client.post(mine("book", slot.pk), {"idempotency_key": key}) for _n in range(2)]
    assert {answer["Location"] for answer in answers} == {mine("booking", Booking.objects.get().number)}


def test_what_is_refused_is_said_and_nothing_is_taken(shop: Shop) -> None:
    client = client_of_resident(shop.stage.resident())
    answer = send(client, mine("book", shop.slot().pk))
    assert answer["Location"] == mine("services")
    assert "积分" in text(client.get(answer["Location"])) or "credits" in text(client.get(mine("services")))
    assert not Booking.objects.exists()


def test_somebody_elses_booking_does_not_exist(shop: Shop) -> None:
    row = shop.booked(shop.slot(), shop.person())
    other = client_of_resident(shop.person())
    assert other.get(mine("booking", row.number)).status_code == 404
    assert other.get(mine("slip", row.number)).status_code == 404
    for name in ("cancel", "sign", "deny", "appeal"):
        assert send(other, mine(name, row.number), words="给我").status_code == 404
    row.refresh_from_db()
    assert row.state == BookingState.HELD


def test_cancelling_brings_the_credits_back(shop: Shop) -> None:
    who = shop.person(1000)
    row = shop.booked(shop.slot(), who)
    send(client_of_resident(who), mine("cancel", row.number))
    assert accounts.balance(who, date(2026, 11, 3)).free == 1000


def test_the_second_sign_and_the_denial(shop: Shop) -> None:
    first, second = shop.person(1000), shop.person(1000)
    slot = shop.slot()
    yes, no = shop.attended(slot, first), shop.attended(slot, second)
    with time_machine.travel(slot.ends_at, tick=False):
        assert "notice-due" in text(client_of_resident(first).get(mine("home")))
        send(client_of_resident(first), mine("sign", yes.number))
        assert send(client_of_resident(second), mine("deny", no.number), words="").status_code == 422
        send(client_of_resident(second), mine("deny", no.number), words="我没有去")
    yes.refresh_from_db()
    assert yes.signed_at is not None
    assert Plea.objects.get().booking == no


def test_waiting_for_a_full_slot_and_leaving(shop: Shop) -> None:
    slot, who = shop.slot(capacity=1), shop.person(1000)
    shop.booked(slot, shop.person())
    client = client_of_resident(who)
    send(client, mine("wait", slot.pk))
    assert WaitingPlace.objects.get().resident == who
    assert client.get(mine("services")).status_code == 200
    send(client, mine("unwait", slot.pk))
    assert WaitingPlace.objects.get().state == "left"


def test_a_relative_pays_only_with_a_confirmed_tie(shop: Shop) -> None:
    rich, poor = shop.person(1000), shop.stage.resident()
    client, slot = client_of_resident(poor), shop.slot()
    send(client, mine("book", slot.pk), payer=rich.pk)  # falls back to the own credits, of which there are none
    assert not Booking.objects.exists()
    shop.tie(rich, poor)
    send(client, mine("book", slot.pk), payer=rich.pk)
    assert Booking.objects.get().payer == rich


def test_joining_and_changing_what_one_offers(cast: Cast) -> None:
    who = Stage(cast).resident()
    client = client_of_resident(who)
    answer = send(client, mine("join"), birth_on="1960-05-01", reach_metres="1500", times=["mon-am"])
    assert answer.status_code == 422
    assert "terms" in answer.context["form"].errors
    told = {"birth_on": "1960-05-01", "reach_metres": "1500", "times": ["mon-am"], "terms": "on"}
    assert send(client, mine("join"), **told).status_code == 303
    volunteer = Volunteer.objects.get(resident=who)
    assert volunteer.times == [["mon", "08:00", "11:30"]]
    assert send(client, mine("join"), reach_metres="50").status_code == 422
    send(client, mine("join"), reach_metres="800", limits="不上楼")
    send(client, mine("change", "rest"))
    volunteer.refresh_from_db()
    assert (volunteer.reach_metres, volunteer.limits, volunteer.state) == (800, "不上楼", "resting")


def test_a_child_joins_at_the_window_with_a_guardian_only(cast: Cast) -> None:
    who = Stage(cast).resident()
    told = {"birth_on": "2011-05-01", "reach_metres": "1500", "terms": "on"}
    assert send(client_of_resident(who), mine("join"), **told).status_code == 422
    window = at_window(cast, who)
    url = reverse("volunteering:window-join", args=[who.pk])
    assert send(window, url, **told).status_code == 422
    assert send(window, url, **told, guardian_name="陈父", guardian_how="当场签字").status_code == 303
    assert joining.volunteer_of(who).via == Via.WINDOW  # type: ignore[union-attr]


def test_signing_up_and_withdrawing(cast: Cast) -> None:
    stage = Stage(cast)
    volunteer, activity = stage.volunteer(birth_on=date(1970, 1, 1)), stage.activity(days=5)
    client = client_of_resident(volunteer.resident)
    assert activity.title in text(client.get(mine("activities")))
    send(client, mine("sign-up", activity.number))
    row = SignUp.objects.get()
    assert row.state == SignUpState.GOING
    other = client_of_resident(stage.volunteer().resident)
    assert send(other, mine("withdraw", row.pk)).status_code == 404
    send(client, mine("withdraw", row.pk))
    row.refresh_from_db()
    assert row.state == SignUpState.WITHDRAWN


def test_asking_for_help_keeps_what_was_typed(cast: Cast) -> None:
    client = client_of_resident(Stage(cast).resident())
    told = {"title": "陪同看病", "kind": "care", "day": "2026-11-20", "starts": "09:00", "words": "去中医院"}
    answer = send(client, mine("needs"), **told, ends="08:00")
    assert answer.status_code == 422
    assert "去中医院" in text(answer)
    assert send(client, mine("needs"), **told, ends="11:00").status_code == 303
    need = Need.objects.get()
    send(client, mine("need-withdraw", need.number))
    need.refresh_from_db()
    assert need.state == "withdrawn"


def test_a_tie_needs_both_and_says_nothing_about_who_is_known(cast: Cast) -> None:
    stage = Stage(cast)
    mother, son = stage.resident("王秀英"), stage.resident("王强")
    told = {"name": "王强", "way": "gives", "kin": "child"}
    client = client_of_resident(mother)
    answers = [send(client, mine("family"), **told, phone=phone) for phone in ("13700000000", son.phone)]
    pages = [text(client.get(answer["Location"])) for answer in answers]
    assert {answer.status_code for answer in answers} == {303}
    assert "王强" not in pages[1]
    tie = FamilyTie.objects.get()
    assert (tie.giver, tie.receiver_at) == (mother, None)
    stranger = client_of_resident(stage.resident())
    assert send(stranger, mine("tie", tie.pk, "agree")).status_code == 404
    send(client_of_resident(son), mine("tie", tie.pk, "agree"))
    tie.refresh_from_db()
    assert tie.receiver_at is not None
    assert send(client, mine("give", tie.pk), amount="1").status_code == 422  # the office hasn't confirmed it


def test_at_the_window_nobody_consents_for_who_is_not_there(cast: Cast) -> None:
    stage = Stage(cast)
    mother, son = stage.resident("王秀英"), stage.resident("王强")
    client, url = at_window(cast, son), reverse("volunteering:window-family", args=[son.pk])
    told = {"name": "王秀英", "phone": mother.phone, "kin": "child"}
    assert send(client, url, **told, way="takes").status_code == 422
    assert not FamilyTie.objects.exists()
    tie = ties.ask_tie(giver=mother, receiver=son, kin="child", by=acts_for(mother), at=moment())
    send(client, reverse("volunteering:window-tie", args=[son.pk, tie.pk, "agree"]))
    tie.refresh_from_db()
    assert tie.receiver_at is not None


def test_passing_on_and_donating(shop: Shop) -> None:
    giver, receiver = shop.person(1000), shop.stage.resident()
    tie = shop.tie(giver, receiver)
    client = client_of_resident(giver)
    for wrong in ("-1", "abc", "1.234", "99999999999"):
        assert send(client, mine("give", tie.pk), amount=wrong).status_code == 422
    key = ids.token()
    for _n in range(2):
        client.post(mine("give", tie.pk), {"amount": "2.5", "idempotency_key": key})
    send(client, mine("donate"), amount="１")
    day = date(2026, 11, 3)
    assert (accounts.balance(giver, day).free, accounts.balance(receiver, day).free) == (650, 250)


def test_a_tie_can_be_ended_by_either_side(cast: Cast) -> None:
    stage = Stage(cast)
    giver, receiver = stage.resident(), stage.resident()
    tie = ties.ask_tie(giver=giver, receiver=receiver, kin="child", by=acts_for(giver), at=moment())
    send(client_of_resident(receiver), mine("tie", tie.pk, "end"))
    tie.refresh_from_db()
    assert tie.ended_at is not None


def test_hours_can_be_asked_to_be_corrected_by_their_owner_only(cast: Cast) -> None:
    stage = Stage(cast)
    volunteer = stage.volunteer()
    entry = stage.hours(volunteer, 95)
    assert (
        send(client_of_resident(stage.volunteer().resident), mine("complain", entry.pk), words="少").status_code == 404
    )
    client = client_of_resident(volunteer.resident)
    assert send(client, mine("complain", entry.pk), words="").status_code == 422
    send(client, mine("complain", entry.pk), words="我做了两小时")
    assert Plea.objects.get().entry == entry


def test_the_bank_book_can_be_printed(shop: Shop) -> None:
    client = client_of_resident(shop.person(1000))
    assert "10" in text(client.get(mine("statement")))
    assert client.get(mine("statement") + "?paper").status_code == 200
    assert client.get(mine("statement") + "?before=x").status_code == 200


def test_data_requests_go_onto_the_register(cast: Cast) -> None:
    who = Stage(cast).resident()
    send(client_of_resident(who), mine("data"), kind="copy")
    assert who.requests.get().kind == "copy"


# At the window


def test_nobody_opens_at_the_window_without_being_found_there(cast: Cast) -> None:
    who = Stage(cast).resident()
    client = client_of(cast.li)
    answer = client.get(reverse("volunteering:window-home", args=[who.pk]))
    assert answer["Location"] == reverse("volunteering:window")
    at_window(cast, who)
    assert Entry.objects.filter(subject=f"credits:{who.pk}", verb="volunteering.window_opened").count() == 1


def test_the_window_finds_by_number_or_whole_name_and_shows_masked(cast: Cast) -> None:
    who = Stage(cast).resident("欧阳小明", "13912340000")
    client = client_of(cast.li)
    for typed in ("139 1234 0000", "欧阳小明"):
        page = text(client.post(reverse("volunteering:window"), {"q": typed, "via": "window"}))
        assert f'value="{who.pk}"' in page
        assert "13912340000" not in page.replace('value="139 1234 0000"', "").replace('value="13912340000"', "")
    page = text(client.post(reverse("volunteering:window"), {"q": "欧阳", "via": "window"}))
    assert f'name="resident" value="{who.pk}"' not in page


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_at_the_window(shop: Shop, name: str) -> None:
    who = shop.person()
    row = shop.booked(shop.slot(), who)
    client = at_window(shop.cast, who)
    page = client.get(reverse(f"volunteering:window-{name}", args=[who.pk]))
    assert page.status_code == 200
    assert who.phone not in text(page)
    assert who.name not in text(page)
    assert client.get(reverse("volunteering:window-slip", args=[who.pk, row.number])).status_code == 200


def test_a_person_of_78_without_a_telephone_books_at_the_window(shop: Shop) -> None:
    client = client_of(shop.cast.li)
    told = {"name": "陈阿婆", "phone": "", "via": "window", "idempotency_key": ids.token()}
    assert client.post(reverse("volunteering:window-new"), told).status_code == 422  # nobody asked her
    answer = client.post(reverse("volunteering:window-new"), told | {"agree": "on", "idempotency_key": ids.token()})
    who = Resident.objects.filter(name_index=register_resident(name="陈阿婆", at=moment()).name_index).order_by("pk")[0]
    assert answer["Location"] == reverse("volunteering:window-home", args=[who.pk])
    shop.tie(shop.person(1000), who)
    payer = FamilyTie.objects.get().giver_id
    answer = send(client, reverse("volunteering:window-book", args=[who.pk, shop.slot().pk]), payer=payer)
    row = Booking.objects.get()
    assert (row.resident, row.via, row.by) == (who, Via.WINDOW, shop.cast.li)
    assert answer["Location"] == reverse("volunteering:window-booking", args=[who.pk, row.number])
    booking.redeem(code=row.code, supplier=shop.supplier, at=row.slot.starts_at)
    send(client, reverse("volunteering:window-sign", args=[who.pk, row.number]))
    row.refresh_from_db()
    assert row.signed_at is None  # who booked it isn't the second person


def test_a_page_left_open_closes_after_half_an_hour(cast: Cast) -> None:
    who = Stage(cast).resident()
    client = at_window(cast, who)
    with time_machine.travel(moment(1) + timedelta(minutes=31), tick=False):
        assert client.get(reverse("volunteering:window-home", args=[who.pk])).status_code in (302, 303)


def test_the_number_is_taken_off_with_a_reason(cast: Cast) -> None:
    who = Stage(cast).resident()
    client, url = at_window(cast, who), reverse("volunteering:window-hands", args=[who.pk])
    assert send(client, url, reason="").status_code == 422
    send(client, url, reason="新机主来电")
    who.refresh_from_db()
    assert who.phone == who.phone_index == ""


@pytest.mark.parametrize("who", ["lin", "sun", "audit", "admin", "zhou", "wang"])
def test_who_does_not_serve_has_no_window(cast: Cast, who: str) -> None:
    resident = Stage(cast).resident()
    client = client_of(getattr(cast, who))
    assert client.post(reverse("volunteering:window-open"), {"resident": resident.pk}).status_code == 403


def test_lists_cost_the_same_with_one_and_three(shop: Shop) -> None:
    who = shop.person(3000)
    client = client_of_resident(who)
    figures = []
    for n in range(3):
        shop.service.per_month = 0
        shop.service.save(update_fields=["per_month"])
        shop.booked(shop.slot(days=3 + n), who)
        client.get(mine("bookings"))
        figures.append([count(lambda page=page: client.get(mine(page))) for page in ("bookings", "services")])  # type: ignore[misc]
    assert figures[0] == figures[2]

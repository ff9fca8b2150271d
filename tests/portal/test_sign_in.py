"""Signing in by telephone: number, code, name; and what it is tried with."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cast import NOW, Cast, client_of_resident
from chenyue.core import office
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.notify import channels, delivery
from chenyue.notify.channels import sms
from chenyue.notify.models import Message
from chenyue.people import phone_codes, resident_session
from chenyue.people.models import Consent, PhoneCode, Resident, ResidentSession
from chenyue.people.privacy import erase_resident
from chenyue.people.residents import lock_resident, register_resident
from chenyue.portal import signing_in

pytestmark = pytest.mark.django_db
PHONE = "13912345601"


@pytest.fixture(autouse=True)
def _short_messages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short messages are printed; the outbox keeps what it sent for the test to read."""
    channels.change(
        code=sms.CODE, by=SYSTEM, at=timezone.now(), on=True, driver="console", signature="晨光街道", a_day_each=0
    )
    monkeypatch.setattr(delivery, "deliver_due", lambda at: {})


def known(name: str = "王秀英", phone: str = PHONE) -> Resident:
    return register_resident(name=name, phone=phone, at=NOW)


def sent_code() -> str:
    message = Message.objects.filter(template=signing_in.TEXT).order_by("-pk")[0]
    found = re.search(r"\d{6}", message.body)
    assert found
    return found[0]


def asked(client: Client, phone: str = PHONE, **more: Any) -> Any:
    return client.post("/me/sign-in/", {"phone": phone, **more})


def proved(client: Client, phone: str = PHONE) -> Any:
    asked(client, phone)
    return client.post("/me/sign-in/code/", {"code": sent_code()})


def named(client: Client, name: str = "王秀英", **more: Any) -> Any:
    return client.post("/me/sign-in/name/", {"name": name, "agree": "on", **more})


def signed_in(client: Client) -> Resident | None:
    """Who a page of the resident would be shown to."""
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return resident_session.resident_of(request)


def test_number_code_and_name_sign_a_known_resident_in(client: Client) -> None:
    resident = known()
    answer = asked(client, "+86 139-1234-5601", next="/volunteering/me/")
    assert answer.status_code == 303
    assert answer["Location"].startswith("/me/sign-in/code/")
    page = client.get(answer["Location"]).content.decode()
    assert "5601" in page
    assert "王秀英" not in page
    assert sent_code() not in page
    answer = client.post(answer["Location"], {"code": f" {sent_code()} "})
    assert answer.status_code == 303
    assert "王秀英" not in client.get(answer["Location"]).content.decode()
    answer = named(client, "王 秀英")
    assert answer.status_code == 303
    assert answer["Location"] == "/volunteering/me/"
    assert signed_in(client) == resident
    assert Consent.objects.filter(resident=resident, text__purpose="volunteering").count() == 1
    assert not PhoneCode.objects.exists()
    cookie = client.cookies[resident_session.COOKIE]
    assert cookie["httponly"]
    assert not cookie["max-age"]  # a borrowed telephone: gone with the browser
    row = ResidentSession.objects.get()
    assert cookie.value not in (row.key, row.device)


def test_the_answer_is_the_same_whether_a_number_is_known(client: Client) -> None:
    known()
    pages = []
    for phone in (PHONE, "13912345602"):
        fresh = Client()
        answer = asked(fresh, phone)
        body = fresh.get(answer["Location"]).content.decode()
        pages.append(
            (answer.status_code, answer["Location"], re.sub(r"csrf\S+ value=\S+", "", body).replace(phone[-4:], ""))
        )
    assert pages[0] == pages[1]


def test_an_unknown_name_is_never_told_the_right_one_and_can_become_new(client: Client) -> None:
    known()
    proved(client)
    answer = named(client, "李新来")
    assert answer.status_code == 422
    assert "王秀英" not in answer.content.decode()
    assert signed_in(client) is None
    assert Resident.objects.filter(phone_index=known().phone_index).count() == 1
    assert named(client, "李新来", new="1").status_code == 303
    found = signed_in(client)
    assert found is not None
    assert (found.name, found.phone) == ("李新来", PHONE)


def test_a_family_with_one_number_is_told_apart_by_name(client: Client) -> None:
    first, second = known("赵一一"), known("赵二二")
    proved(client)
    named(client, "赵二二")
    assert signed_in(client) == second != first


def test_a_nameless_row_of_the_number_is_nobodys(client: Client) -> None:
    nameless = register_resident(phone=PHONE, at=NOW)
    proved(client)
    named(client, "孙某", new="1")
    assert signed_in(client) != nameless


def test_without_agreeing_nobody_enters(client: Client) -> None:
    known()
    proved(client)
    assert client.post("/me/sign-in/name/", {"name": "王秀英"}).status_code == 422
    assert signed_in(client) is None


@pytest.mark.parametrize("typed", ["", "12345", "0519-88881234", "1391234560", "电话", "1" * 60])
def test_what_is_no_mobile_number_is_said_at_its_field(client: Client, typed: str) -> None:
    answer = asked(client, typed)
    assert answer.status_code == 422
    assert "phone" in answer.context["form"].errors
    assert not Message.objects.exists()


def test_five_wrong_codes_void_it_even_if_the_sixth_is_right(client: Client) -> None:
    asked(client)
    right = sent_code()
    wrong = "000000" if right != "000000" else "111111"
    for _n in range(phone_codes.TRIES):
        assert client.post("/me/sign-in/code/", {"code": wrong}).status_code == 422
    assert client.post("/me/sign-in/code/", {"code": right}).status_code == 429
    assert client.get("/me/sign-in/name/").status_code == 303


def test_a_code_works_in_the_browser_that_asked_only(client: Client) -> None:
    asked(client)
    other = Client()
    asked(other, "13912345699")
    mine = Message.objects.filter(template=signing_in.TEXT).order_by("pk")[0].body
    found = re.search(r"\d{6}", mine)
    assert found
    theirs = sent_code()
    if theirs != found[0]:
        assert other.post("/me/sign-in/code/", {"code": found[0]}).status_code == 422


def test_a_code_holds_for_five_minutes(client: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        asked(client)
    with time_machine.travel(NOW + timedelta(minutes=5, seconds=1), tick=False):
        answer = client.post("/me/sign-in/code/", {"code": sent_code()})
    assert answer.status_code == 422


def test_neither_code_nor_number_is_kept_in_clear(client: Client) -> None:
    from django.db import connection

    asked(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_phonecode")
        row = " ".join(str(value) for value in cursor.fetchone())
    assert PHONE not in row
    assert f" {sent_code()} " not in f" {row} "


def test_only_so_many_codes_for_a_number_and_its_holder_keeps_a_share(client: Client) -> None:
    known()
    proved(client)
    named(client)
    for _n in range(2):
        assert asked(Client()).status_code == 303
    stranger = asked(Client())
    assert stranger.status_code == 429
    assert Message.objects.filter(template=signing_in.TEXT).count() == 3
    again = Client()
    again.cookies["chenyue_device"] = client.cookies["chenyue_device"].value
    assert asked(again).status_code == 303


def test_the_office_pays_for_so_many_messages_a_day(client: Client) -> None:
    office.put(phone_codes_a_day=1)
    assert asked(Client(), "13912345611").status_code == 303
    answer = asked(Client(), "13912345612")
    assert answer.status_code == 429
    assert Message.objects.count() == 1


def test_without_a_way_to_send_the_window_is_named(client: Client) -> None:
    channels.change(code=sms.CODE, by=SYSTEM, at=timezone.now(), on=False)
    assert client.get("/me/sign-in/").context["possible"] is False
    assert asked(client).status_code == 422
    assert not PhoneCode.objects.exists()


def test_codes_are_shown_by_a_demonstration_only(client: Client, settings: Any) -> None:
    channels.change(code=sms.CODE, by=SYSTEM, at=timezone.now(), on=False)
    settings.DEMO = True
    assert client.get("/me/sign-in/").context["possible"] is False  # the office is a real one
    office.put(demo=True)
    location = asked(client)["Location"]
    shown = client.get(location).context["shown"]
    assert not Message.objects.exists()
    assert client.post(location, {"code": shown}).status_code == 303
    settings.DEMO = False
    assert not signing_in.shows_codes()


def test_a_sent_code_is_not_kept_and_a_late_one_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def message(key: str, at: datetime) -> Message:
        return Message.objects.create(
            key=key, channel="sms", template=signing_in.TEXT, address=PHONE, body="验证码246810", created_at=at,
            next_attempt_at=at, urgent=True, blanks='{"code": "246810"}',
        )  # fmt: skip

    monkeypatch.setattr(delivery, "dispatch", lambda message, at: "1")
    sent, late = message("a", NOW), message("b", NOW - timedelta(minutes=6))
    assert delivery.attempt(sent, NOW) == "sent"
    assert delivery.attempt(late, NOW) == "dead"
    for row in (sent, late):
        row.refresh_from_db()
        assert (row.body, row.blanks) == ("", "")


def test_somebody_whose_data_is_only_stored_stays_out(cast: Cast, client: Client) -> None:
    lock_resident(resident=known(), locked=True, by=cast.zhao.actor(), at=NOW)
    proved(client)
    assert named(client).status_code == 422
    assert signed_in(client) is None


def test_a_session_ends_when_the_number_changes_hands(cast: Cast, client: Client) -> None:
    resident = known()
    mine = client_of_resident(resident)
    assert signed_in(mine) == resident
    with pytest.raises(Refusal):
        phone_codes.number_changed_hands(resident=resident, reason="", by=cast.li.actor(), at=NOW)
    phone_codes.number_changed_hands(resident=resident, reason="新机主来电 13912345601", by=cast.li.actor(), at=NOW)
    assert signed_in(mine) is None
    proved(client)
    assert named(client).status_code == 422  # the name and the number aren't together any more


def test_erasing_and_signing_out_everywhere_end_sessions(cast: Cast) -> None:
    resident = known()
    mine = client_of_resident(resident)
    resident_session.leave_everywhere(resident, by=resident_session.resident_actor(resident), at=timezone.now())
    assert signed_in(mine) is None
    other = known("王秀兰")
    theirs = client_of_resident(other)
    erase_resident(resident=other, by=cast.zhao.actor(), at=timezone.now())
    assert signed_in(theirs) is None


def test_signing_out_ends_this_browser(client: Client) -> None:
    mine = client_of_resident(known())
    assert mine.post("/me/sign-out/").status_code == 303
    assert ResidentSession.objects.get().ended_at


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_nobody_is_led_elsewhere(client: Client, url: str) -> None:
    known()
    proved(client)
    assert named(client, next=url)["Location"] == "/volunteering/me/"


def test_names_are_not_tried_without_end(client: Client) -> None:
    known()
    proved(client)
    for n in range(phone_codes.NAMES):
        assert named(client, f"周试{n}").status_code == 422
    assert named(client).status_code == 429
    assert signed_in(client) is None

"""Signing in: two steps, lockout, idle end, start passwords, and nothing to be learned by trying."""

import re
import time
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

import cast as players
from chenyue.people import actions, factors
from chenyue.people.models import Member
from chenyue.timeline.models import Entry
from helpers import count

pytestmark = pytest.mark.django_db
URL = "/sign-in/"
SECOND = "/sign-in/second/"


def sign_in(client: Client, username: str, password: str = players.PASSWORD, **more: str) -> Any:
    return client.post(URL, {"username": username, "password": password, **more})


def inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def words_of(answer: Any) -> str:
    """The page without what differs anyway: tokens, and the name that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return re.sub(r'(id|value)="[^"]*"', "", text)


def set_up(member: Member) -> tuple[TOTPDevice, list[str]]:
    sealed = factors.begin()
    code = code_of(factors.waiting(member, sealed))
    codes = factors.confirm(member=member, sealed=sealed, code=code, by=member.actor(), at=players.NOW)
    TOTPDevice.objects.update(last_t=-1)  # as if it had been a while ago
    device = TOTPDevice.objects.get(user=member)
    return device, codes


def code_of(device: TOTPDevice) -> str:
    clock = TOTP(factors._open(device), device.step, device.t0, device.digits)
    clock.time = time.time()
    return f"{clock.token():06d}"


def test_password_is_kept_by_argon2(cast: players.Cast) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher, get_hashers_by_algorithm

    from chenyue.config import settings as of_an_office

    assert cast.li.password.startswith("argon2")
    assert of_an_office.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    cost = Argon2PasswordHasher().params()
    assert (cost.time_cost >= 2, cost.memory_cost >= 64 * 1024) == (True, True)  # passes, KiB
    assert isinstance(get_hashers_by_algorithm()["argon2"], Argon2PasswordHasher), "the same function under test"


def test_sign_in_and_out(cast: players.Cast) -> None:
    client = Client()
    client.get(URL)
    before = client.cookies.get("chenyue_session")
    answer = sign_in(client, " LI ")
    assert answer.status_code == 303
    assert client.cookies["chenyue_session"] != before
    assert client.cookies["chenyue_session"]["httponly"]
    assert inside(client)
    client.get(reverse("people:sign-out"))
    assert inside(client), "a link must not sign anybody out"
    client.post(reverse("people:sign-out"))
    assert not inside(client)
    verbs = Entry.objects.filter(subject=f"member:{cast.li.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["people.signed_in", "people.signed_out"]


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_never_sent_elsewhere(cast: players.Cast, where: str) -> None:
    assert "evil" not in sign_in(Client(), "li", next=where)["Location"]
    assert "javascript" not in sign_in(Client(), "li", next=where)["Location"]


def test_sent_back_to_where_one_wanted(cast: players.Cast) -> None:
    client = Client()
    answer = client.get("/people/members/?x=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Fpeople%2Fmembers%2F%3Fx%3D1"
    assert sign_in(client, "li", next="/account/")["Location"] == "/account/"
    htmx = Client().get("/account/", headers={"HX-Request": "true"})
    assert htmx["HX-Redirect"].startswith("/sign-in/")


def test_same_answer_for_known_unknown_and_deactivated(cast: players.Cast) -> None:
    Member.objects.filter(pk=cast.sun.pk).update(is_active=False)
    known = sign_in(Client(), "li", "wrong password")
    unknown = sign_in(Client(), "nobody", "wrong password")
    gone = sign_in(Client(), "sun", players.PASSWORD)
    assert known.status_code == unknown.status_code == gone.status_code == 422
    assert words_of(known) == words_of(unknown) == words_of(gone)
    costs = {name: count(lambda name=name: sign_in(Client(), name, "wrong")) for name in ("zhao", "nobody2")}
    assert len(set(costs.values())) == 1, costs


def test_unknown_names_cost_a_hash_as_well(cast: players.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed: list[str] = []
    real = Argon2PasswordHasher.encode

    def encode(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    sign_in(Client(), "nobody", "wrong")
    assert hashed == ["wrong"]


def test_lockout_is_the_same_for_known_and_unknown(cast: players.Cast) -> None:
    pages = []
    for name in ("li", "nobody"):
        answers = [sign_in(Client(), name, "wrong") for _ in range(7)]
        assert [a.status_code for a in answers] == [422] * 5 + [429] * 2
        assert answers[-1]["Retry-After"] == "900"
        pages.append(words_of(answers[-1]))
    assert pages[0] == pages[1]
    assert "一刻钟" in pages[0]
    assert sign_in(Client(), "li").status_code == 429, "the right password doesn't help while locked"
    assert sign_in(Client(), "zhao").status_code == 303, "others at this address may go on"


def test_failed_sign_ins_are_recorded_without_what_was_typed(cast: players.Cast) -> None:
    sign_in(Client(), "li", "my secret typo")
    sign_in(Client(), "password-typed-as-name", "x")
    entries = Entry.objects.filter(subject="sign-in").order_by("pk")
    assert [e.data for e in entries] == [{"member": cast.li.pk}, {"member": None}]
    assert "typed" not in repr([(e.data, e.actor_label, e.actor_key) for e in entries])


def test_start_password_opens_one_page_only(cast: players.Cast) -> None:
    member, password = actions.add_member(username="new", name="新人", by=cast.admin.actor(), at=players.NOW)
    client = Client()
    sign_in(client, "new", password)
    for url in ("/account/", "/desk/notices/", "/people/members/"):
        assert client.get(url)["Location"] == "/account/password/"
    page = client.get("/account/password/")
    assert page.status_code == 200
    weak = client.post("/account/password/", {"old": password, "new": "1234567890", "again": "1234567890"})
    assert weak.status_code == 422
    same = client.post("/account/password/", {"old": password, "new": password, "again": password})
    assert same.status_code == 422
    new = "a calm morning walk"
    assert client.post("/account/password/", {"old": password, "new": new, "again": new}).status_code == 303
    assert inside(client)
    member.refresh_from_db()
    assert not member.must_change_password


def test_new_password_ends_other_sessions(cast: players.Cast) -> None:
    here, there = Client(), Client()
    sign_in(here, "li")
    sign_in(there, "li")
    new = "a calm morning walk"
    wrong = here.post("/account/password/", {"old": "wrong", "new": new, "again": new})
    assert wrong.status_code == 422
    here.post("/account/password/", {"old": players.PASSWORD, "new": new, "again": new})
    assert inside(here)
    assert not inside(there)


def test_deactivation_ends_sessions_at_once(cast: players.Cast) -> None:
    client = Client()
    sign_in(client, "li")
    actions.deactivate_member(member=cast.li, by=cast.admin.actor(), at=players.NOW)
    assert not inside(client)


def test_idle_sessions_end(cast: players.Cast, settings: Any) -> None:
    client = Client()
    with time_machine.travel(players.NOW, tick=False):
        sign_in(client, "li")
        assert inside(client)
    with time_machine.travel(players.at(hours=0.49), tick=False):
        assert inside(client)
    with time_machine.travel(players.at(hours=0.98), tick=False):
        assert inside(client), "each page counts as being there"
    with time_machine.travel(players.at(hours=1.5), tick=False):
        answer = client.get("/account/")
        assert answer["Location"].startswith("/sign-in/")
        assert "离开" in client.get(answer["Location"]).content.decode()


def test_a_reading_page_writes_its_session_once_a_minute(cast: players.Cast) -> None:
    client = Client()
    with time_machine.travel(players.NOW, tick=False):
        sign_in(client, "li")
        client.get("/account/")
        before = Session.objects.get(pk=client.cookies["chenyue_session"].value).session_data
    with time_machine.travel(players.at(hours=0.01), tick=False):  # 36 seconds
        client.get("/account/")
        assert Session.objects.get(pk=client.cookies["chenyue_session"].value).session_data == before
    with time_machine.travel(players.at(hours=0.02), tick=False):
        client.get("/account/")
        assert Session.objects.get(pk=client.cookies["chenyue_session"].value).session_data != before


def test_second_step(cast: players.Cast) -> None:
    device, _codes = set_up(cast.li)
    client = Client()
    answer = sign_in(client, "li", next="/account/")
    assert answer["Location"].startswith(SECOND)
    assert not inside(client), "the password alone opens nothing"
    assert client.post(SECOND, {"code": "000000", "next": "/account/"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    code = code_of(device)
    done = client.post(SECOND, {"code": f"{code[:3]} {code[3:]}", "next": "/account/"})
    assert done["Location"] == "/account/"
    assert inside(client)
    other = Client()
    sign_in(other, "li")
    assert other.post(SECOND, {"code": code}).status_code == 422, "a code works once"


def test_a_code_that_was_seen_opens_nothing_once_it_was_used(cast: players.Cast) -> None:
    code = code_of(set_up(cast.li)[0])
    assert factors.check(cast.li, code)
    assert not factors.check(cast.li, code)


def test_second_step_needs_the_first(cast: players.Cast) -> None:
    device, _codes = set_up(cast.li)
    client = Client()
    assert client.post(SECOND, {"code": code_of(device)})["Location"] == "/sign-in/"
    assert not inside(client)


def test_a_session_without_the_second_step_is_worth_nothing(cast: players.Cast) -> None:
    client = players.client_of(cast.li)
    assert inside(client)
    set_up(cast.li)
    assert not inside(client), "sessions from before the second factor end"
    cast.li.refresh_from_db()
    assert not inside(players.client_of(cast.li))


def test_guessing_codes_is_slowed_down_and_ends(cast: players.Cast) -> None:
    client = Client()
    with time_machine.travel(players.NOW, tick=False):
        device, _codes = set_up(cast.li)
        sign_in(client, "li")
        for _n in range(5):
            client.post(SECOND, {"code": "000000"})
        assert client.post(SECOND, {"code": code_of(device)})["Location"] == "/sign-in/"
        sign_in(client, "li")
        waits = client.post(SECOND, {"code": code_of(device)})
        assert waits.status_code == 422, "throttled: even the right one waits"
    assert Entry.objects.filter(subject=f"member:{cast.li.pk}", verb="people.factor_failed").count() == 6


def test_pending_sign_in_runs_out(cast: players.Cast) -> None:
    with time_machine.travel(players.NOW, tick=False):
        device, _codes = set_up(cast.li)
        client = Client()
        sign_in(client, "li")
    with time_machine.travel(players.at(hours=0.1), tick=False):
        assert client.post(SECOND, {"code": code_of(device)})["Location"] == "/sign-in/"


def test_recovery_codes_work_once_each(cast: players.Cast) -> None:
    _device, codes = set_up(cast.li)
    assert len(set(codes)) == 10
    for attempt, status in [(codes[0].lower(), 303), (codes[0], 422)]:
        client = Client()
        sign_in(client, "li")
        assert client.post(SECOND, {"code": attempt}).status_code == status
    assert factors.left(cast.li) == 9


def test_stolen_database_signs_nobody_in(cast: players.Cast) -> None:
    device, codes = set_up(cast.li)
    assert device.key.startswith("1:")
    assert len(device.key) <= 80
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert not stored & {code.replace("-", "") for code in codes}
    assert not factors.check(cast.li, next(iter(stored)))


def test_setting_up_by_the_pages(cast: players.Cast) -> None:
    client, other = Client(), Client()
    sign_in(client, "li")
    sign_in(other, "li")
    page = client.get("/account/second-factor/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert not TOTPDevice.objects.exists()  # looking at the page writes nothing but the session
    device = factors.waiting(cast.li, client.session["people.factor_to_be"])
    assert factors.secret(device) in page
    assert factors.secret(device) in client.get("/account/second-factor/").content.decode()
    wrong = client.post("/account/second-factor/", {"code": "000000"})
    assert wrong.status_code == 422
    assert not TOTPDevice.objects.exists()
    shown = client.post("/account/second-factor/", {"code": code_of(device)})
    assert shown.status_code == 200
    assert len(re.findall(r"<li>\w{5}-\w{5}</li>", shown.content.decode())) == 10
    assert inside(client)
    assert not inside(other)
    assert client.post("/account/recovery-codes/", {"password": "wrong"}).status_code == 422
    assert client.post("/account/recovery-codes/", {"password": players.PASSWORD}).status_code == 200
    assert client.post("/account/second-factor/remove/", {"password": "wrong"}).status_code == 422
    assert client.post("/account/second-factor/remove/", {"password": players.PASSWORD}).status_code == 303
    assert inside(client)
    cast.li.refresh_from_db()
    assert not cast.li.second_factor


def test_pages_cost_no_more_for_the_second_factor(cast: players.Cast) -> None:
    client = players.client_of(cast.li)
    client.get("/account/password/")
    assert count(lambda: client.get("/account/password/")) <= 5

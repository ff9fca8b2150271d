"""One password on many names: stopped, without stopping those who work there."""

import random
import re
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

import cast as players
from chenyue.people import sessions, spraying
from chenyue.people.models import Member

pytestmark = pytest.mark.django_db
URL = "/sign-in/"
ATTACKER, HOME = "203.0.113.9", "198.51.100.4"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash costs a tenth of a second on purpose; here it is the counting that is looked at."""
    real = sessions.authenticate

    def only_right(request: Any, *, username: str, password: str) -> Any:
        return real(request, username=username, password=password) if password == players.PASSWORD else None

    monkeypatch.setattr(sessions, "authenticate", only_right)


def sign_in(client: Client, username: str, password: str = "Summer-2026!", **more: Any) -> Any:
    return client.post(URL, {"username": username, "password": password}, **more)


def spray(count: int, address: str = ATTACKER) -> list[int]:
    return [sign_in(Client(), f"name{n}", REMOTE_ADDR=address).status_code for n in range(count)]


def test_many_names_from_one_address_are_stopped_before_any_password_is_tried(cast: players.Cast) -> None:
    most = spraying.ADDRESS[0].most
    assert spray(most) == [422] * most
    stopped = sign_in(Client(), "li", players.PASSWORD, REMOTE_ADDR=ATTACKER)
    assert stopped.status_code == 429, "not even the right one: else the answer would tell which is right"
    assert "一刻钟" in stopped.content.decode()
    assert sign_in(Client(), "li", players.PASSWORD, REMOTE_ADDR=HOME).status_code == 303, "elsewhere all is as ever"


def test_a_colleague_behind_the_same_router_works_on(cast: players.Cast) -> None:
    browser = Client(REMOTE_ADDR=ATTACKER)
    assert sign_in(browser, "li", players.PASSWORD).status_code == 303
    browser.post("/sign-out/")
    spray(spraying.ADDRESS[0].most + 3)
    assert sign_in(Client(), "li", players.PASSWORD, REMOTE_ADDR=ATTACKER).status_code == 429
    assert sign_in(browser, "li").status_code == 422, "a slip of the finger is answered as ever"
    assert sign_in(browser, " LI ", players.PASSWORD).status_code == 303


def test_the_mark_of_one_name_opens_no_other(cast: players.Cast) -> None:
    browser = Client(REMOTE_ADDR=ATTACKER)
    sign_in(browser, "li", players.PASSWORD)
    browser.post("/sign-out/")
    mark = browser.cookies[spraying.COOKIE]
    assert mark["httponly"]
    told = signing.loads(mark.value, salt=spraying.COOKIE)
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in told), "a keyed hash: no name can be read from it"
    spray(spraying.ADDRESS[0].most)
    assert sign_in(browser, "zhao", players.PASSWORD).status_code == 429
    browser.cookies[spraying.COOKIE] = mark.value[:-4] + ("xxxx" if mark.value[-4:] != "xxxx" else "yyyy")
    assert sign_in(browser, "li", players.PASSWORD).status_code == 429, "a forged mark is none"


def test_a_stolen_mark_is_no_free_ticket(cast: players.Cast) -> None:
    browser = Client(REMOTE_ADDR=HOME)
    sign_in(browser, "li", players.PASSWORD)
    browser.post("/sign-out/")
    spray(spraying.ADDRESS[0].most)
    codes = [sign_in(browser, "li", REMOTE_ADDR=ATTACKER).status_code for _n in range(spraying.KNOWN.most + 1)]
    assert codes == [422] * spraying.KNOWN.most + [429]


def test_many_addresses_are_stopped_for_the_whole_office(cast: players.Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(spraying, "OFFICE", (replace(spraying.OFFICE[0], most=30),))
    known = Client(REMOTE_ADDR=HOME)
    sign_in(known, "li", players.PASSWORD)
    known.post("/sign-out/")
    most = spraying.OFFICE[0].most
    codes = [sign_in(Client(), "zhao", REMOTE_ADDR=f"10.0.{n // 250}.{n % 250}").status_code for n in range(most + 1)]
    assert codes == [422] * most + [429]
    assert sign_in(Client(), "zhao", players.PASSWORD, REMOTE_ADDR=HOME).status_code == 429
    assert sign_in(known, "li", players.PASSWORD).status_code == 303
    with time_machine.travel("2099-01-01T00:00:00Z"):
        assert sign_in(Client(), "zhao", players.PASSWORD, REMOTE_ADDR=HOME).status_code == 303, "it ends by itself"


def test_who_is_signed_in_changes_the_password_whatever_others_do(cast: players.Cast, client_of: Any) -> None:
    spray(spraying.ADDRESS[0].most, "127.0.0.1")
    new = "ein-anderer-langer-Satz"
    answer = client_of(cast.li).post("/account/password/", {"old": players.PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert Member.objects.get(pk=cast.li.pk).check_password(new)


def test_a_full_office_behind_one_router_stays_below_the_limit() -> None:
    """200 members, all on new computers in one quarter of an hour, each fifth try wrong: 2,000 such mornings."""
    chance = random.Random(7)
    mornings = 2_000
    above = 0
    for _morning in range(mornings):
        wrong = 0
        for _member in range(200):
            while chance.random() < 1 / 6:
                wrong += 1
        above += wrong >= spraying.ADDRESS[0].most
    assert above / mornings < 0.02

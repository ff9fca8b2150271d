"""At every door of office B with what somebody holds at office A: a session, a token, a receipt, an address."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from chenyue.city.models import Office
from chenyue.city.register import bare
from chenyue.core.errors import Refusal
from city.two_offices import at
from helpers import sample_case
from house.doors import WHO, Door
from house.test_doors import World, rows


def allowed(door: Door, who: str) -> set[int]:
    found = door.expect[who]
    return set(found) if isinstance(found, set | frozenset) else {found}


def made(door: Door, name: str, world: World) -> tuple[str, Any]:
    """The address and the form of a row, as its objects in A make them."""
    kwargs = door.kwargs(world) if callable(door.kwargs) else door.kwargs
    data = door.data(world) if callable(door.data) else door.data
    return reverse(name, kwargs=kwargs), data


OWN = {"healthz", "readyz", "metrics"}  # about the machine


def test_no_door_of_b_opens_to_what_a_gave(a: Any, b: Any) -> None:
    wrong, apart = knock_at(rows(), a, b)
    assert wrong == []
    for row in apart:  # whose things can't stand in one world with those of another row
        wrong, left = knock_at([row], a, b)
        assert (wrong, left) == ([], [])


def knock_at(doors: list[tuple[str, Door]], a: Any, b: Any) -> tuple[list[str], list[tuple[str, Door]]]:
    """What went wrong, and the rows whose things couldn't be made; nothing of it stays."""
    wrong: list[str] = []
    apart: list[tuple[str, Door]] = []
    with transaction.atomic():
        clients = {who: at(a.client(who), b) for who in WHO if who != "anonymous"}
        with a.inside():
            world = World(a.cast(), sample_case(a.cast()))
            marks = [world.filed.case.number, world.filed.appeal.receipt, world.filed.appeal.words[:12]]
            found = []
            for name, door in doors:
                try:
                    with transaction.atomic():
                        found.append((name, door, *made(door, name, world)))
                except Refusal:
                    apart.append((name, door))
        for name, door, url, data in found:
            if name not in OWN:
                wrong += knock(door, url, data, clients, marks)
        transaction.set_rollback(True)
    return wrong, apart


def knock(door: Door, url: str, data: Any, clients: dict[str, Any], marks: list[str]) -> list[str]:
    """With the session of somebody who is let in at A, if anybody is."""
    who = next((w for w in WHO if w != "anonymous" and allowed(door, w) & {200, 303}), "zhao")
    with transaction.atomic():
        answer = getattr(clients[who], door.method)(url, data)
        body = b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(True)
    said, wrong = body.decode("utf-8", "replace"), []
    if answer.status_code >= 500 or not as_a_stranger(answer, allowed(door, "anonymous")):
        wrong.append(f"{door.method} {url} by {who}: {answer.status_code} {answer.get('Location', '')}")
    return wrong + [f"{door.method} {url} by {who} shows {mark}" for mark in marks if mark in said and mark not in url]


def as_a_stranger(answer: Any, anonymous: set[int]) -> bool:
    """Whether this is what anybody gets: a page for all, the sign-in, or nothing."""
    if answer.status_code in (301, 302, 303, 307):
        return bool(anonymous & {301, 302, 303, 307}) or "/sign-in" in answer["Location"]
    return answer.status_code in anonymous or answer.status_code >= 400


def test_a_token_of_a_is_nobodys_at_b(a: Any, b: Any) -> None:
    from gateway.api_stage import Program, held

    with a.inside():
        text = held(a.cast(), a.cast().zhao)
    ours, theirs = Program(text), Program(text)
    at(ours.client, a)
    at(theirs.client, b)
    assert ours.get("/cases")[0] == 200
    assert theirs.get("/cases")[0] == 401


def test_a_session_of_a_is_nobodys_at_b_and_stays_good_at_a(a: Any, b: Any) -> None:
    client = a.client("zhao")
    assert client.get("/desk/inbox/").status_code == 200
    assert at(client, b).get("/desk/inbox/").status_code == 302
    theirs = b.client("zhao")
    theirs.cookies.update(client.cookies)
    assert theirs.get("/desk/inbox/").status_code == 302


def test_a_residents_session_and_receipt_of_a_are_nothing_at_b(a: Any, b: Any) -> None:
    from cast import client_of_resident

    with a.inside():
        filed = sample_case(a.cast())
        client = client_of_resident(filed.appeal.reporter)
        url = reverse("portal:progress", args=[filed.appeal.receipt])
    assert at(client, a).get(url).status_code == 200
    assert at(client, b).get(url).status_code == 404


@pytest.mark.parametrize("host", ["elsewhere.test", "chenguang.test.evil.test", "office_chenguang", "public", "[::1]"])
def test_another_name_opens_nothing(a: Any, host: str) -> None:
    from django.test import Client

    for path in ("/", "/desk/", "/api/v1/cases", "/static-less/"):
        assert Client(headers={"host": host}).get(path).status_code in (400, 404)


def test_a_name_with_port_dot_or_capitals_is_the_same(a: Any) -> None:
    for host in ("chenguang.test", "chenguang.test:7070", "CHENGUANG.test", "chenguang.test."):
        assert bare(host) == "chenguang.test"
    assert bare("[::1]:7070") == bare("[::1]") == "[::1]"


def test_a_closed_office_lets_nobody_in(a: Any, b: Any) -> None:
    client = a.client("zhao")
    Office.objects.filter(code=a.code).update(state=Office.State.CLOSED)
    assert client.get("/desk/inbox/").status_code == 410
    assert b.client("zhao").get("/desk/inbox/").status_code == 200


def test_counters_are_for_the_machine_only(a: Any) -> None:
    client = a.client("admin")
    assert client.get("/metrics", REMOTE_ADDR="10.1.1.1").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "10.1.1.1"}).status_code == 404
    assert b"chenyue_offices 2.0" in client.get("/metrics").content

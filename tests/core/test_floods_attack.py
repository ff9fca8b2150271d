"""Floods of forms: who sends hundreds is held back, who is caught in one beside them isn't."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from cast import at
from chenyue.core import floods, limits, office
from chenyue.core import proof_of_work as work
from chenyue.core.models import Tally
from helpers import count

pytestmark = pytest.mark.django_db
DOOR = "portal.tell"
NOON = at()
Sends = Callable[..., floods.Refusal | None]


@pytest.fixture(autouse=True)
def _set() -> None:
    office.put(flood_from_address=8, flood_from_all=64, flood_waiting=2)


def asks(address: str = "10.0.0.1", key: str = "k", **fields: str) -> HttpRequest:
    request = RequestFactory().post("/", {"idempotency_key": key, **fields}, REMOTE_ADDR=address)
    request.user = type("Nobody", (), {"is_authenticated": False})()
    return request


def paid(key: str, bits: int = 21, since: datetime = NOON, door: str = DOOR, solved: bool = True) -> dict[str, str]:
    task = work.task(f"{floods.whose()}\n{door}\n{key}", bits, int(since.timestamp()))
    return {"key": key, "proof_task": str(task), "proof": work.solve(task) if solved else ""}


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work enough to tell right from wrong, and no more."""
    monkeypatch.setattr(floods, "BY_ADDRESS", (0, 6, 6, 6, 7, 8, 9))
    monkeypatch.setattr(floods, "BY_ALL", (0, 5, 5, 5, 5))


def passed(addresses: list[str]) -> list[bool]:
    return [floods.refuses(asks(who, key=str(n)), DOOR, NOON) is None for n, who in enumerate(addresses)]


def test_ordinary_hours_ask_nothing_and_cost_one_statement() -> None:
    office.get("flood_guard")
    limits.times(limits.Limit("x", 1, timedelta(1)), "x", NOON)
    beside = [(limits.Limit("tell", 60, timedelta(hours=1)), "10.0.0.1")]
    assert count(lambda: floods.refuses(asks(), DOOR, NOON, beside=beside)) == 1
    shown = floods.fields(asks(), DOOR, "k", NOON)
    assert "proof.js" not in shown and 'value="0.' in shown
    assert count(lambda: floods.fields(asks(), DOOR, "k", NOON)) == 0


def test_three_hundred_from_one_address() -> None:
    assert sum(passed(["10.0.0.1"] * 300)) == 7
    assert floods.refuses(asks("10.0.0.2"), DOOR, NOON) is not None, "300 are a flood for everybody"
    assert floods.refuses(asks(), DOOR, NOON + floods.WINDOW) is None, "and it ends by itself"


def test_three_hundred_from_as_many_addresses(easy: None) -> None:
    assert sum(passed([f"10.0.{n % 3}.{n}" for n in range(300)])) == 63
    assert floods.refuses(asks("10.1.0.1", **paid("a", 5)), DOOR, NOON) is None, "who works is let in"
    assert floods.state(NOON).step == 3 and floods.state(NOON).count >= 256


def test_a_neighbour_of_the_flood_works_less_than_who_makes_it() -> None:
    for _n in range(100):
        floods.refuses(asks(), DOOR, NOON)
    guard, shown = floods.Guard.now(), {}
    for who in ("10.0.0.1", "10.0.0.2"):
        counted = [limits.times(limit, one, NOON) for limit, one in guard.counts(asks(who))]
        shown[who] = guard.bits(guard.steps(counted))
    assert shown == {"10.0.0.1": floods.BY_ADDRESS[4], "10.0.0.2": floods.BY_ALL[1]}
    assert max(floods.BY_ALL) <= 18, "a few seconds on the oldest telephone"


@pytest.mark.parametrize(
    ("fields", "let_in"),
    [
        (lambda: paid("k", 6), True),
        (lambda: paid("k", 5), False),  # too easy
        (lambda: paid("k", 6) | {"proof": "1.2.3.4.5.6.7.8"}, False),
        (lambda: paid("k", 6, door="portal.relay"), False),
        (lambda: paid("other", 6) | {"key": "k"}, False),
        (lambda: paid("k", 6, NOON - timedelta(hours=7)), False),
        (lambda: {}, False),
    ],
)
def test_only_the_right_work_pays(easy: None, fields: Any, let_in: bool) -> None:
    passed(["10.0.0.1"] * 8)
    assert (floods.refuses(asks(**fields()), DOOR, NOON) is None) is let_in


def test_time_pays_where_nothing_is_calculated_but_not_without_end() -> None:
    passed(["10.0.0.1"] * 8)
    long_ago, lately = NOON - timedelta(seconds=90), NOON - timedelta(seconds=10)
    refused = floods.refuses(asks(**paid("a", 0, lately)), DOOR, NOON)
    assert isinstance(refused, floods.Wait) and refused.seconds == 10
    found = [floods.refuses(asks(**paid(key, 0, long_ago)), DOOR, NOON) is None for key in "abc"]
    assert found == [True, True, False]
    last = floods.refuses(asks(**paid("d", 0, long_ago)), DOOR, NOON)
    assert isinstance(last, floods.Wait) and last.later


def test_what_was_waited_is_not_forgotten_when_more_is_asked_for(easy: None) -> None:
    passed(["10.0.0.1"] * 8)
    mine = paid("k", 0, NOON - timedelta(seconds=5))
    since = mine["proof_task"].split(".")[1]
    assert f'value="6.{since}.' in floods.fields(asks(**mine), DOOR, "k", NOON)
    assert f".{since}." not in floods.fields(asks(**mine), DOOR, "another", NOON)


def test_an_emergency_passes_and_limits_of_the_door_still_hold() -> None:
    passed(["10.0.0.1"] * 8)
    assert floods.refuses(asks(), DOOR, NOON, spared=lambda: True) is None
    beside = [(limits.Limit("tell", 1, timedelta(hours=1)), "x")]
    answers = [floods.refuses(asks(), DOOR, NOON, beside=beside, many="!", spared=lambda: True) for _n in range(2)]
    assert answers[0] is None and isinstance(answers[1], floods.Full)


def test_what_was_refused_in_a_flood_counts_for_no_limit_of_the_door() -> None:
    passed(["10.0.0.1"] * 8)
    beside = [(limits.Limit("tell", 1, timedelta(hours=1)), "x")]
    for _n in range(3):
        assert isinstance(floods.refuses(asks(), DOOR, NOON, beside=beside), floods.Wait)


def test_a_door_without_a_key_takes_an_answer_once(easy: None) -> None:
    passed(["10.0.0.1"] * 8)
    request = asks(**paid("k", 7))
    assert [floods.refuses(request, DOOR, NOON, spends=True) is None for _twice in range(2)] == [True, False]
    assert request.fresh_key  # type: ignore[attr-defined]


def test_off_counts_nothing_and_always_asks_a_little() -> None:
    office.put(flood_guard="off")
    before = Tally.objects.count()
    assert all(passed(["10.0.0.1"] * 20)) and Tally.objects.count() == before
    assert floods.fields(asks(), DOOR, "k", NOON) == "" and floods.state(NOON).step == 0
    office.put(flood_guard="always")
    assert floods.refuses(asks("10.0.0.9"), DOOR, NOON) is not None
    assert floods.refuses(asks("10.0.0.9", **paid("k", floods.A_LITTLE)), DOOR, NOON) is None


def test_nothing_readable_is_kept() -> None:
    passed(["10.0.0.1"] * 3)
    assert not any("10.0.0.1" in name for name in Tally.objects.values_list("name", flat=True))

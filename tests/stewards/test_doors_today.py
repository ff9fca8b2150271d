"""Five doors for today: the right ones, in the right order, each with its reason."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import NOW, Cast
from chenyue.stewards import care, today, weather
from chenyue.stewards.today import DoorToday, Reason, candidates, rank
from stewards.doors_stage import called, cared, own, visited

pytestmark = pytest.mark.django_db


def rooms(cast: Cast, days: float = 0, most: int = 5) -> list[str]:
    at = NOW + timedelta(days=days)
    return [door.room for door in rank(candidates([own(cast).pk], at), most)]


def said(cast: Cast, days: float = 0) -> list[str]:
    at = NOW + timedelta(days=days)
    return [str(reason.sentence) for door in rank(candidates([own(cast).pk], at)) for reason in door.reasons]


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(["101", "102", "201"]), st.integers(1, 120)), max_size=12
    )
)  # fmt: skip
def test_one_door_for_each_home_and_the_strongest_reason_first(told: list[tuple[int, str, int]]) -> None:
    doors = [DoorToday(building, room, reasons=[Reason("x", points)]) for building, room, points in told]
    found = rank(doors, most=5)
    homes = [(door.building_id, door.room) for door in found]
    assert len(homes) == len(set(homes)) == min(5, len({(b, r) for b, r, _ in told}))
    best = [max(p for b, r, p in told if (b, r) == home) for home in homes]
    assert best == sorted(best, reverse=True)


def test_a_call_of_the_weather_comes_before_help_before_a_visit_that_is_due(cast: Cast) -> None:
    cared(cast, "301", next_on=NOW.date())
    cared(cast, "201", heat=False, next_on=NOW.date() + timedelta(days=20))
    visited(cast, "201", "help", minutes=-24 * 60)
    cared(cast, "101", next_on=NOW.date() + timedelta(days=20))
    called(cast, "heat")
    assert rooms(cast) == ["301", "101", "201"], "301 is called for and due, 101 called for, 201 needs help"


def test_who_was_seen_needs_no_second_knock_who_was_not_at_home_does(cast: Cast) -> None:
    cared(cast, "101")
    cared(cast, "102")
    called(cast)
    visited(cast, "101", "well", minutes=1)
    visited(cast, "102", "nobody", minutes=5)
    assert rooms(cast, 0.01) == ["102"]


def test_due_overdue_birthday_and_not_yet(cast: Cast) -> None:
    cared(cast, "101", next_on=NOW.date() + timedelta(days=1))
    assert rooms(cast) == []
    assert len(said(cast, 1)) == 1
    cared(cast, "102", next_on=NOW.date() + timedelta(days=90), birthday=NOW.strftime("%m-%d"), reasons=["ill"])
    assert rooms(cast) == ["102"]
    assert rooms(cast, 4) == ["101"]
    assert "3" in said(cast, 4)[0]


def test_a_stopped_home_and_an_ended_call_are_no_reason(cast: Cast) -> None:
    entry = cared(cast)
    call = called(cast)
    weather.end(call=call, by=cast.li.actor(), at=NOW)
    care.stop(entry=entry, by=cast.wang.actor(), at=NOW)
    assert rooms(cast) == []


def test_help_at_a_home_that_is_not_on_the_list_is_followed_up_next_day(cast: Cast) -> None:
    visited(cast, "502", "help")
    assert rooms(cast) == []
    assert rooms(cast, 1) == ["502"]
    assert rooms(cast, 20) == []


def test_no_more_than_asked_for(cast: Cast) -> None:
    for number in range(8):
        cared(cast, f"10{number}", phone=None)
    assert len(rooms(cast)) == today.MOST

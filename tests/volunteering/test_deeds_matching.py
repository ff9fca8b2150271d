"""Matching: parts that add up, who is out of the question, a whole week; nobody is ordered anywhere."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cast import SHANGHAI
from chenyue.volunteering.matching import saying, solving
from chenyue.volunteering.matching.score import MOST, Person, Task, bars, best, covered, fit, metres, why_nobody

HERE, NEAR, FAR = (31.80, 119.97), (31.803, 119.97), (31.90, 119.97)
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


def person(pk: int = 1, **more: Any) -> Person:
    return Person(id=pk, number=f"V{pk:06d}", **{"where": HERE, "free": [("tue", "08:00", "12:00")]} | more)


def task(pk: int = 1, hours: float = 0, **more: Any) -> Task:
    starts = TUESDAY + timedelta(hours=hours)
    return Task(id=pk, number=f"N{pk}", **{"starts": starts, "ends": starts + timedelta(hours=2), "where": NEAR} | more)


@pytest.mark.parametrize(
    ("who", "what", "why"),
    [
        ({}, {}, ""),
        ({}, {"asker": 1}, "self"),
        ({"adult": False}, {}, "minor"),
        ({}, {"skills": frozenset({7})}, "skill"),
        ({"skills": frozenset({7}), "barred": frozenset({7})}, {"skills": frozenset({7})}, "licence"),
        ({"busy": ((TUESDAY, TUESDAY + timedelta(hours=1)),)}, {}, "busy"),
        ({}, {"where": FAR}, "far"),
        ({"free": [("wed", "08:00", "12:00")]}, {}, "time"),
        ({"free": ()}, {}, ""),
        ({"where": None}, {"where": FAR}, ""),
    ],
)
def test_who_is_out_of_the_question(who: dict[str, Any], what: dict[str, Any], why: str) -> None:
    assert bars(person(**who), task(**what)) == why
    assert (fit(person(**who), task(**what)) is None) == bool(why)


def test_parts_say_why_and_add_up() -> None:
    found = fit(person(skills=frozenset({7})), task(skills=frozenset({7})))
    assert found is not None
    assert {part.name: part.points for part in found.parts} == {"skill": 35, "time": 30, "way": 18, "load": 15}
    assert found.points == 98 and all(saying.part_words(part) for part in found.parts)
    assert sum(MOST.values()) == 100


def test_who_served_less_and_lives_nearer_comes_first() -> None:
    people = [person(1, minutes=900), person(2), person(3, where=None), person(4, free=[("tue", "08:00", "10:00")])]
    assert [one.person for one in best(task(), people)] == [2, 3, 1, 4]
    assert best(task(), people) == best(task(), list(reversed(people))), "the same whatever the order"


@pytest.mark.parametrize(
    ("free", "hours", "minutes"),
    [
        ([("tue", "08:00", "10:00")], 0, 60),
        ([("tue", "08:00", "10:00"), ("tue", "09:30", "12:00")], 0, 120),
        ([("tue", "22:00", "24:00"), ("wed", "00:00", "01:00")], 13.5, 120),
        ([("mon", "00:00", "24:00")], 0, 0),
    ],
)
def test_free_times_cover_a_span(free: Any, hours: float, minutes: int) -> None:
    asked = task(hours=hours)
    assert covered(free, asked.starts, asked.ends) == minutes


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres((30.0, 119.0), (31.0, 119.0)) == pytest.approx(111_195, abs=5)


def test_a_week_fills_most_needs_and_says_why_others_are_left() -> None:
    alone, both = person(1), person(2, skills=frozenset({7}))
    tasks = [task(1), task(2, skills=frozenset({7})), task(3, hours=0.5, skills=frozenset({9}))]
    week = solving.solve(tasks, [alone, both], seconds=5)
    assert {(one.task, one.person) for one in week.pairs} == {(1, 1), (2, 2)} and week.proven
    assert [(left.task, left.missing, left.reasons) for left in week.left] == [(3, 1, {"skill": 2})]
    assert all(saying.reason_words(why, 2) for why in ("skill", "elsewhere", "enough", "busy", "far", "time"))


def test_nobody_is_asked_too_often_or_for_two_things_at_once() -> None:
    days = [task(n, hours=24 * n) for n in range(5)] + [task(9, hours=1)]
    week = solving.solve(days, [person(1, free=())], most=3, seconds=5)
    assert len(week.pairs) == 3 and not {0, 9} <= {one.task for one in week.pairs}
    assert {reason for left in week.left for reason in left.reasons} <= {"enough", "elsewhere"}


people_and_tasks = st.tuples(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 900)), min_size=0, max_size=5),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 3), st.integers(0, 2)), min_size=0, max_size=5),
)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(people_and_tasks)
def test_every_week_keeps_its_rules(given_: tuple[list[Any], list[Any]]) -> None:
    people = [person(n, skills=frozenset(range(k)), minutes=m, free=()) for n, (k, m) in enumerate(given_[0])]
    tasks = [
        task(n, hours=h, people=count, skills=frozenset({s} - {0})) for n, (h, count, s) in enumerate(given_[1])
    ]  # fmt: skip
    week = solving.solve(tasks, people, seconds=5)
    by_task = {one.id: one for one in tasks}
    for one in tasks:
        chosen = sum(pair.task == one.id for pair in week.pairs)
        left = sum(found.missing for found in week.left if found.task == one.id)
        assert chosen + left == one.people
    for who in people:
        mine = [by_task[pair.task] for pair in week.pairs if pair.person == who.id]
        assert len(mine) <= solving.ASK_MOST and all(bars(who, one) == "" for one in mine)
        assert not any(solving.clash(a, b) for n, a in enumerate(mine) for b in mine[n + 1 :])
    assert solving.solve(tasks, people, seconds=5) == week, "the same each time"


def test_reasons_count_everybody_once() -> None:
    held = [person(n, adult=n > 1) for n in range(4)]
    assert why_nobody(replace(task(), skills=frozenset({7})), held) == {"minor": 2, "skill": 2}
    assert date(2026, 11, 24).weekday() == 1

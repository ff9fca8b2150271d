"""What the solver core judges without solving: broken rules, single changes, stand-ins, prices, sentences."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import translation

from chenyue.reception import why
from chenyue.reception.solving import solver
from chenyue.reception.solving.checking import Checker, check, price
from chenyue.reception.solving.offices import Size, office
from chenyue.reception.solving.problem import (
    Assignment,
    Breach,
    Code,
    Day,
    Person,
    Problem,
    Repair,
    Rules,
    Shift,
    Tally,
    Turn,
    Wish,
)  # fmt: skip
from chenyue.reception.solving.standing import stand_ins

pytestmark = pytest.mark.own_database
MONDAY = date(2026, 12, 7)
WEEK = tuple(
    Day(MONDAY + timedelta(days=n), workday=n % 7 < 5, weekend=n // 7 if n % 7 > 4 else None) for n in range(14)
)
FREE = Rules(gap=0, gap_leads=0, unit_most=None, most_running=None, fairness=())


def shift(day: int, kind: str = "early", **more: object) -> Shift:
    given: dict[str, object] = {"least": 1, "most": 1, **more}
    return Shift(f"{day}{kind}", day, kind, **given)  # type: ignore[arg-type]


def problem(*shifts: Shift, people: str | tuple[Person, ...] = "AB", rules: Rules = FREE, **more: object) -> Problem:
    who = tuple(Person(name) for name in people) if isinstance(people, str) else people
    return Problem(WEEK, shifts, who, rules, **more)  # type: ignore[arg-type]


def codes(of: Problem, *turns: tuple[str, str]) -> list[Code]:
    return [breach.code for breach in check(of, Assignment.of(turns))]


def test_each_rule_is_seen_when_broken_and_only_then() -> None:
    two = problem(shift(0), shift(1))
    assert codes(two, ("A", "0early"), ("B", "1early")) == []
    assert codes(two, ("A", "0early")) == [Code.STAFFED]
    assert codes(two, ("A", "0early"), ("B", "0early"), ("B", "1early")) == [Code.FULL]
    assert codes(two, ("A", "0early"), ("B", "1early"), ("C", "1early")) == [Code.UNKNOWN]
    assert codes(replace(two, rules=replace(FREE, gap=2)), ("A", "0early"), ("A", "1early")) == [Code.GAP]
    assert codes(replace(two, rules=replace(FREE, gap=1)), ("A", "0early"), ("A", "1early")) == []


def test_rules_on_one_person() -> None:
    follow = replace(FREE, follow=frozenset({("evening", "early")}))
    pair = problem(shift(0, "evening"), shift(1), rules=follow)
    assert codes(pair, ("A", "0evening"), ("A", "1early")) == [Code.FOLLOW]
    one = problem(shift(0), shift(0, "evening"), people=(Person("A", off=frozenset({1}), most=1), Person("B", least=1)))
    assert codes(one, ("A", "0early"), ("A", "0evening")) == [Code.LEAST, Code.MOST, Code.ONE_A_DAY]
    away = problem(shift(1), people=(Person("A", off=frozenset({1}), barred=frozenset({"2early"})), Person("B")))
    assert codes(away, ("A", "1early")) == [Code.LEAVE]
    pinned = replace(problem(shift(0)), pins=frozenset({Turn("A", "0early")}))
    assert codes(pinned, ("B", "0early")) == [Code.PIN]
    past = replace(problem(shift(0), shift(1)), published=Assignment.of([("A", "0early")]), frozen=1)
    assert codes(past, ("B", "0early"), ("B", "1early")) == [Code.PAST, Code.PAST]


def test_rules_on_a_sitting() -> None:
    people = (
        Person("L", lead=True, unit="u"),
        Person("M", lead=True, unit="u"),
        Person("N", skills=frozenset({"law"}), unit="u"),
    )
    of = problem(shift(0, least=2, most=2, leads=1, skills=(("law", 1),)), people=people)
    assert codes(of, ("L", "0early"), ("N", "0early")) == []
    assert codes(of, ("L", "0early"), ("M", "0early")) == [Code.LEAD, Code.SKILL]
    strict = replace(of, rules=replace(FREE, unit_most=1))
    assert codes(strict, ("L", "0early"), ("N", "0early")) == [Code.UNIT]


def test_nobody_works_seven_days_in_a_row_around_a_holiday() -> None:
    """A Saturday and Sunday on duty between two working weeks: twelve days in a row."""
    rules = replace(FREE, most_running=6)
    days = tuple(replace(day, holiday=n == 13) for n, day in enumerate(WEEK))
    of = replace(problem(shift(5), shift(6), rules=rules), days=days)
    broken = check(of, Assignment.of([("A", "5early"), ("A", "6early")]))
    assert [(b.code, b.people, b.limit) for b in broken] == [(Code.RUNNING, ("A",), 6)]
    assert check(of, Assignment.of([("A", "5early"), ("B", "6early")])) == []
    assert check(replace(of, days=WEEK), Assignment.of([("A", "5early"), ("A", "6early")])) == []


def test_a_change_names_only_what_it_newly_breaks() -> None:
    of = problem(shift(0), shift(1), shift(2), rules=replace(FREE, gap=2))
    checker = Checker(of)
    roster = Assignment.of([("A", "0early"), ("A", "1early"), ("B", "2early")])
    assert [b.code for b in checker.check(roster)] == [Code.GAP]
    assert checker.change(roster, [("A", "1early")], [("B", "1early")]) == [
        Breach(Code.GAP, ("B",), (1, 2), ("1early", "2early"), 2, 1)
    ]
    assert checker.change(roster, [("A", "0early")], [("B", "0early")]) == []


def test_the_price_adds_up() -> None:
    rules = replace(FREE, fairness=(Tally("points", 1),), unfamiliar=7, change=100)
    people = (Person("A", history={"points": 20}, familiar=frozenset({"x"})), Person("B"))
    of = problem(
        shift(0, venue="y"), shift(1, venue="x"), people=people, rules=rules,
        wishes=(Wish("A", "0early", 5, wanted=False), Wish("B", "1early", 3)),
        published=Assignment.of([("B", "0early")]),
    )  # fmt: skip
    # fair is 20 points each: 20 carried over and 20 planned
    all_b = price(of, Assignment.of([("B", "0early"), ("B", "1early")]))
    assert (all_b.fairness, all_b.wishes, all_b.venues, all_b.changes) == (0, 0, 0, 0)
    all_a = price(of, Assignment.of([("A", "0early"), ("A", "1early")]))
    assert (all_a.fairness, all_a.wishes, all_a.venues, all_a.changes) == (20**2 + 20**2, 8, 7, 100)
    assert all_a.total == 915


def test_stand_ins_are_ranked_legal_first_then_cheapest() -> None:
    people = (
        Person("L", lead=True), Person("M", lead=True, history={"points": 30}), Person("N", lead=True),
        Person("O", lead=True, off=frozenset({0})), Person("P"),
    )  # fmt: skip
    of = problem(shift(0, leads=1), people=people, rules=replace(FREE, fairness=(Tally("points", 1),)))
    found = stand_ins(of, Assignment.of([("L", "0early")]), "0early", "L")
    assert [one.person for one in found] == ["N", "M", "P"]  # O is on leave; P can't lead
    assert found[0].price < found[1].price
    assert [b.code for b in found[2].breaches] == [Code.LEAD]


def test_the_invented_office_is_the_same_each_time() -> None:
    assert office(Size(members=10, days=14)) == office(Size(members=10, days=14))
    assert office(Size(members=10, days=14)) != office(Size(members=10, days=14, seed=8))


def test_sentences_name_people_days_and_ways_out() -> None:
    names = why.Names(problem(shift(1), people=(Person("A", "王建国"), Person("B", "李梅"))), shift=lambda pk: "7点场")
    leave = Breach(Code.LEAVE, ("A",), (1,), ("1early",))
    with translation.override("zh-hans"):
        assert why.rule(leave, names) == "王建国在12月8日请假。"
        assert why.sentence(Breach(Code.LEAD, (), (1,), ("1early",), 1, 0), names) == "7点场：没有带班领导。"
        assert why.gives([leave], names) == "请王建国在12月8日销假值班。"
    with translation.override("en"):
        gaps = [Breach(Code.GAP, ("B",), (n, n + 1), (), 3, 1) for n in range(2)]
        assert why.gives(gaps, names) == "Let 李梅 take turns less than 3 workdays apart 2 times."


@pytest.mark.parametrize("code", [code for code in Code if code.name not in {"MOST_RUN", "LEAST_RUN", "LEAST_REST",
    "WEEKENDS", "MINUTES_MOST", "MINUTES_LEAST", "KIND"}])  # fmt: skip
def test_every_rule_of_an_office_has_its_sentences(code: Code) -> None:
    names = why.Names(problem(shift(1), people=(Person("A", "王建国"),)))
    breach = Breach(code, ("A",), (1,), ("1early",), 2, 1, "law")
    for said in (why.sentence(breach, names), why.rule(breach, names), why.gives([breach], names)):
        assert "%" not in said and said != code.value
    assert Repair((breach,), 1, Assignment()).price == 1


def test_judging_and_ranking_load_no_solver_and_no_arrays() -> None:
    code = (
        "import sys; sys.path.insert(0, 'src');"
        "from chenyue.reception.solving import checking, standing, solver, replanning, offices;"
        "assert not {'ortools', 'numpy', 'pandas', 'django'} & set(sys.modules)"
    )
    root = Path(solver.__file__).parents[4]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]


def test_the_web_process_never_loads_the_solver() -> None:
    code = (
        "import sys, django; sys.path[:0] = ['src', 'tests']; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "import chenyue.config.urls;"
        "assert not {'ortools', 'pandas'} & set(sys.modules), sorted(sys.modules)[:0]"
    )
    root = Path(solver.__file__).parents[4]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]

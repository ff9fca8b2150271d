"""What the solver core finds: known optima, legal rosters by an own reckoning, published instances, repairs."""

import itertools
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chenyue.reception.solving.checking import Checker, check
from chenyue.reception.solving.compiled import Compiled
from chenyue.reception.solving.explaining import explain
from chenyue.reception.solving.offices import Size, office
from chenyue.reception.solving.patterns import Patterner
from chenyue.reception.solving.problem import (
    Assignment,
    Breach,
    Code,
    Day,
    Person,
    Problem,
    Rules,
    Shift,
    Tally,
    Turn,
    Wish,
)
from chenyue.reception.solving.published import read, written
from chenyue.reception.solving.replanning import replan
from chenyue.reception.solving.solver import solve

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "roster"
FREE = Rules(gap=0, gap_leads=0, unit_most=None, most_running=None, fairness=())
DAYS = tuple(Day(date(2026, 12, 7) + timedelta(days=n)) for n in range(5))
SMALL = Size(members=18, leads=5, venues=1, days=14, leave=2, gap=2, first=date(2026, 3, 2))

TINY = """
SECTION_HORIZON
7
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=7|L=7,2400,960,3,2,2,1
B,E=7|L=1,2400,960,3,1,1,1
SECTION_DAYS_OFF
A,0
SECTION_SHIFT_ON_REQUESTS
B,6,E,4
SECTION_SHIFT_OFF_REQUESTS
A,2,E,3
SECTION_COVER
0,E,1,10,1
1,E,1,10,1
2,E,1,10,1
3,L,1,10,1
4,L,1,10,1
5,E,1,10,1
6,E,2,10,1
"""


def shift(day: int, **more: Any) -> Shift:
    return Shift(f"{day}", day, "early", **{"least": 1, "most": 1, **more})


@pytest.fixture
def reckoned() -> Iterator[Any]:
    """The independent checker of the benchmark."""
    sys.path.insert(0, str(ROOT))
    from bench.roster_check import check as own

    yield own
    sys.path.remove(str(ROOT))


def legal(problem: Problem, turns: frozenset[Turn]) -> list[str]:
    """What an office's roster breaks, reckoned without the solver core: plain loops over dates."""
    shifts, people, wrong = {s.id: s for s in problem.shifts}, {p.id: p for p in problem.people}, []
    for shift_ in problem.shifts:
        there = [people[t.person] for t in turns if t.shift == shift_.id]
        if len(there) != shift_.least or sum(p.lead for p in there) != shift_.leads:
            wrong.append(f"{shift_.id}: {len(there)} members")
        wrong += [f"{shift_.id}: {skill}" for skill, n in shift_.skills if sum(skill in p.skills for p in there) < n]
    for person in problem.people:
        mine = sorted((shifts[t.shift] for t in turns if t.person == person.id), key=lambda s: s.day)
        gap = problem.rules.gap_leads if person.lead else problem.rules.gap
        wrong += [f"{person.id} on leave" for s in mine if s.day in person.off]
        for a, b in itertools.pairwise(mine):
            if sum(d.workday for d in problem.days[a.day + 1 : b.day + 1]) < gap or a.day == b.day:
                wrong.append(f"{person.id}: {a.id} and {b.id}")
            if b.day == a.day + 1 and (a.kind, b.kind) in problem.rules.follow:
                wrong.append(f"{person.id}: {b.id} after {a.id}")
    for day, unit in itertools.product(range(len(problem.days)), {p.unit for p in problem.people if p.unit}):
        if sum(shifts[t.shift].day == day and people[t.person].unit == unit for t in turns) > 2:
            wrong.append(f"{unit} on {day}")
    return wrong


def all_rosters(problem: Problem) -> Iterator[Assignment]:
    people = [person.id for person in problem.people]
    for chosen in itertools.product(people, repeat=len(problem.shifts)):
        yield Assignment.of(zip(chosen, (s.id for s in problem.shifts), strict=True))


def test_the_optimum_of_a_small_problem_is_found_and_proven() -> None:
    """Against all 3⁵ rosters, each judged by the checker."""
    problem = Problem(
        DAYS, tuple(shift(day, points=10 + day) for day in range(5)),
        (Person("A", history={"points": 12}), Person("B", off=frozenset({2})), Person("C")),
        replace(FREE, gap=2, fairness=(Tally("points", 1),)),
        wishes=(Wish("C", "0", 40), Wish("A", "4", 25, wanted=False)),
    )  # fmt: skip
    checker = Checker(problem)
    best = min(checker.price(r).total for r in all_rosters(problem) if not checker.check(r))
    found = solve(problem, 10.0, seed=1, workers=1)
    assert (found.objective, found.legal, found.proven) == (best, True, True)
    again = solve(problem, 10.0, seed=1, workers=1)
    assert again.assignment == found.assignment


@pytest.mark.parametrize("solver", [None, False], ids=["with", "without"])
def test_an_office_gets_a_legal_roster_with_and_without_a_solver(solver: bool | None) -> None:
    problem = office(SMALL)
    found = solve(problem, 1.0, seed=1, workers=1, solver=solver)
    assert found.method == ("greedy" if solver is False else "cp-sat")
    assert found.legal and legal(problem, found.assignment.turns) == []
    assert found.objective == Checker(problem).price(found.assignment).total


def test_it_stops_when_asked_and_keeps_the_best() -> None:
    told: list[int | None] = []
    found = solve(
        office(SMALL), 60.0, seed=1, workers=1, progress=lambda *it: told.append(it[0]), stop=lambda: bool(told)
    )
    assert found.seconds < 60 and told and told[0] is not None and found.objective <= told[0]


def test_pins_and_the_past_stay() -> None:
    people = (Person("A"), Person("B"), Person("C"))
    problem = Problem(
        DAYS, tuple(shift(day) for day in range(5)), people, replace(FREE, gap=1),
        published=Assignment.of([("A", "0"), ("B", "1"), ("A", "2")]), pins=frozenset({Turn("C", "4")}), frozen=2,
    )  # fmt: skip
    found = solve(problem, 2.0, seed=1, workers=1)
    assert found.legal and {Turn("A", "0"), Turn("B", "1"), Turn("A", "2"), Turn("C", "4")} <= found.assignment.turns


def test_patterns_are_the_cheapest_of_all() -> None:
    """Dynamic programming against every line of seven days, judged by the checker."""
    problem = read(TINY)
    compiled, checker, rng = Compiled(problem), Checker(problem), random.Random(3)
    for p, person in enumerate(problem.people):
        patterner = Patterner(compiled, p)
        prices = [[rng.uniform(-9, 3) for _ in patterner.kinds] for _ in problem.days]
        best = float("inf")
        for line in itertools.product([None, 0, 1], repeat=7):
            chosen = [(day, k) for day, k in enumerate(line) if k is not None]
            if any(patterner.at[day][k] < 0 for day, k in chosen):
                continue
            turns = [(person.id, problem.shifts[patterner.at[day][k]].id) for day, k in chosen]
            if not [b for b in checker.check(Assignment.of(turns)) if b.people == (person.id,)]:
                best = min(best, sum(prices[day][k] for day, k in chosen))
        found = patterner.cheapest(prices, 3)
        assert found[0].price == pytest.approx(best)
        assert [pattern.price for pattern in found] == sorted(pattern.price for pattern in found)


def test_an_instance_is_solved_and_reckoned_alike(reckoned: Any) -> None:
    problem = read(TINY)
    found = solve(problem, 5.0, seed=1, workers=1)
    assert reckoned(TINY, written(problem, found.assignment)) == (found.objective, [])
    assert found.proven and found.bound == found.objective
    alone = solve(problem, 0.5, seed=1, solver=False)
    assert reckoned(TINY, written(problem, alone.assignment)) == (alone.objective, []) and alone.bound is None


def test_the_independent_checker_sees_what_is_broken(reckoned: Any) -> None:
    wrong = {"A": ["E", "E", "", "L", "E", "", "E"], "B": [""] * 7}
    _, broken = reckoned(TINY, wrong)
    said = " ".join(broken)
    assert all(part in said for part in ("a day off", "E after L", "only 1 days off", "0 minutes"))
    assert reckoned(TINY, {"A": ["E"]})[1]


@pytest.mark.parametrize("number", [1, 2])
def test_a_published_instance(number: int, reckoned: Any, tmp_path: Path) -> None:
    file, out = DATA / f"Instance{number}.txt", tmp_path / "out.json"
    if not file.is_file():
        pytest.skip(f"the published instances aren't at {DATA}")
    call_command("roster_bench", str(file), "--seconds", "1.5", "--workers", "1", "--output", str(out), verbosity=0)
    result = json.loads(out.read_text())
    assert reckoned(file.read_text(), result["assignment"]) == (result["objective"], [])
    assert result["bound"] is None or result["bound"] <= result["objective"]


def test_bad_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    for text in ("", "1,2\n", TINY.replace("L,480,E", "").replace("3,L", "3,X"), TINY.replace("\n7\n", "\n0\n")):
        file = tmp_path / "bad.txt"
        file.write_text(text)
        with pytest.raises(CommandError):
            call_command("roster_bench", str(file))
    with pytest.raises(CommandError):
        call_command("roster_bench", str(tmp_path / "none.txt"))


def test_an_illness_changes_few_names_and_nothing_past() -> None:
    problem = office(SMALL)
    first = solve(problem, 1.0, seed=1, workers=1)
    for ill in ("m07", "m10"):
        people = tuple(replace(p, off=p.off | set(range(6, 14))) if p.id == ill else p for p in problem.people)
        found = replan(replace(problem, people=people), first.assignment, (), today=6, seconds=1.5, seed=1, workers=1)
        assert legal(replace(problem, people=people), found.solution.assignment.turns) == []
        assert {t for t in found.changed if t.person == ill} == found.lost
        assert len(found.changed) <= len(found.lost) + 3
        day = {s.id: s.day for s in problem.shifts}
        assert all(day[turn.shift] >= 6 for turn in found.changed | found.added)


def test_all_leads_on_leave_is_told_with_the_smallest_conflict_and_ways_out() -> None:
    people = (Person("A", lead=True, off=frozenset({1})), Person("B", lead=True, off=frozenset({1, 2})), Person("C"))
    problem = Problem(DAYS, tuple(shift(day, leads=1) for day in range(3)), people, FREE)
    found = explain(problem, 4.0, workers=1)
    assert (found.possible, found.verified) == (False, True)
    assert found.conflict == (
        Breach(Code.LEAD, (), (1,), ("1",), 1),
        Breach(Code.LEAVE, ("A",), (1,)),
        Breach(Code.LEAVE, ("B",), (1,)),
    ) or {(b.code, b.people) for b in found.conflict} == {(Code.LEAD, ()), (Code.LEAVE, ("A",)), (Code.LEAVE, ("B",))}
    assert [repair.price for repair in found.repairs] == sorted(repair.price for repair in found.repairs)
    assert {repair.gives[0].code for repair in found.repairs} >= {Code.LEAVE, Code.LEAD}
    for repair in found.repairs:
        assert tuple(check(problem, repair.assignment)) == repair.gives


def test_a_unit_that_is_too_small_is_told_exactly() -> None:
    people = tuple(Person(name, unit="u") for name in "ABC")
    problem = Problem(DAYS, (shift(0, least=3, most=3),), people, replace(FREE, unit_most=2))
    found = explain(problem, 4.0, workers=1)
    assert found.conflict == (Breach(Code.STAFFED, (), (0,), ("0",), 3), Breach(Code.UNIT, (), (0,), (), 2, None, "u"))
    assert [(r.price, r.gives[0].code) for r in found.repairs] == [(15, Code.UNIT), (65, Code.STAFFED)]


def test_what_can_be_solved_is_not_explained() -> None:
    assert explain(Problem(DAYS, (shift(0),), (Person("A"),), FREE), 2.0, workers=1).possible is True

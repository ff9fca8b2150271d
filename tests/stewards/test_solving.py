"""The solver core for who answers for which building: rules, few changes, even loads, reasons. No database."""

import itertools
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chenyue.stewards.solving import checking, few, search
from chenyue.stewards.solving.explaining import Explainer
from chenyue.stewards.solving.offices import office
from chenyue.stewards.solving.problem import Building, First, Problem, Steward, distance
from chenyue.stewards.solving.solver import assign
from helpers import ROOT
from stewards import reckoned

pytestmark = pytest.mark.own_database
Row = tuple[int, int, int | None, bool, set[int], set[int]]
ROW = 0.0005  # degrees of latitude: about 56 m


def line(loads: list[float], **more: object) -> tuple[Building, ...]:
    """Buildings in a row from south to north."""
    return tuple(Building(n, load, 32 + n * ROW, 120, 1, **more) for n, load in enumerate(loads, 1))  # type: ignore[arg-type]


def at(pk: int, row: int, **more: object) -> Steward:
    """A steward who lives at that place of the row."""
    return Steward(pk, None, 32 + row * ROW, 120, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("solver", [True, False])
def test_one_resigns_only_theirs_change_hands(solver: bool) -> None:
    problem = replace(office(60, 24, seed=3), leaving=frozenset({5}), first=First.CHANGES, seconds=30.0)
    found = assign(problem, solver=solver)
    assert reckoned.wrong(problem, found.who) == []
    assert reckoned.changed(problem, found.who) == reckoned.needed(problem) != set()
    assert found.proven and found.tried == "few"  # solver or not


def test_a_neighbour_with_room_takes_over() -> None:
    people = (at(1, 1), at(2, 2), at(3, 17))
    current = {1: 1, 2: 2, 3: 2, 4: 3}
    problem = Problem(line([10, 20, 20, 30]), people, current, leaving=frozenset({1}), first=First.CHANGES, seconds=2)
    assert assign(problem).who[1] == 3  # 40 and 40, though 3 lives 900 m away; else 50 and 30, both uneven
    assert assign(replace(problem, balance=0.5)).who[1] == 2  # a wider band lets the neighbour have it
    far = replace(problem, stewards=(*people[:2], at(3, 40)))
    found = assign(far)
    assert found.who[1] == 2  # nobody is sent two kilometres for even loads
    assert {row.steward: row.why and row.why[0] for row in Explainer(far, found).loads()}[3] == "out_of_reach"


def test_even_loads_with_few_changes() -> None:
    people = (at(1, 1), at(2, 5))
    problem = Problem(line([30] * 6), people, dict.fromkeys(range(1, 7), 1), first=First.BALANCE, seconds=30)
    found = assign(problem)
    assert found.proven
    assert reckoned.uneven(problem, found.who) == set()
    assert reckoned.changed(problem, found.who) == {4, 5, 6}  # three are enough, and these live nearest to 2


def test_a_room_is_made_only_where_nobody_else_may() -> None:
    """1 leaves; only 2 may have 1幢, and 2 is full: one of theirs goes on to 3. Two changes, not more."""
    people = (at(1, 1), at(2, 2, most=2), at(3, 3, avoids=frozenset({1})))
    problem = Problem(
        line([30, 30, 30, 30]), people, {1: 1, 2: 2, 3: 2, 4: 3}, leaving=frozenset({1}), first=First.CHANGES, seconds=2
    )
    found = assign(problem)
    assert reckoned.wrong(problem, found.who) == []
    assert found.who[1] == 2 and len(reckoned.changed(problem, found.who)) == 2


def test_nobody_may_take_it_and_it_is_said_why() -> None:
    people = (at(1, 1, most=1), at(2, 2, avoids=frozenset({3})), at(3, 3, more=False))
    problem = Problem(line([30, 30, 30]), people, {1: 1, 2: 2}, first=First.CHANGES, seconds=2)
    found = assign(replace(problem, stewards=(replace(people[0], keeps=frozenset({1})), *people[1:])))
    assert 3 not in found.who
    explained = Explainer(problem, found)
    assert explained.nobody(3) == ("nobody", {"avoid": 1, "full": 1, "closed": 1, "serving": 3})


def test_two_keep_the_same_building() -> None:
    people = (at(1, 1, keeps=frozenset({1})), at(2, 2, keeps=frozenset({1})))
    problem = Problem(line([30, 30]), people, {1: 2, 2: 1}, seconds=1)
    assert problem.quarrels == ((1, (1, 2)),)
    assert assign(problem).who[1] == 2  # whose it is


def test_dialect_and_deputy_decide_between_equals() -> None:
    buildings = line([30, 30, 30], dialect="溧阳话")
    people = (at(1, 1), at(3, 3, dialects=frozenset({"溧阳话"})))
    problem = Problem(buildings, people, {1: 1, 3: 3}, first=First.CHANGES, seconds=1)
    assert assign(problem).who[2] == 3
    plain = replace(problem, buildings=line([30, 30, 30]), deputies={2: frozenset({1})})
    found = assign(plain)
    assert found.who[2] == 1
    words = dict(Explainer(plain, found).why(found.changes(plain)[0]))
    assert words["deputy"] == {"steward": 1} and "vacant" in words


def test_nobody_who_serves_is_left_with_nothing() -> None:
    """Without 1 the others could be even: 40 each. They aren't even, and 1 keeps a building."""
    people = (at(1, 1, more=False), at(2, 2), at(3, 3))
    problem = Problem(line([40, 20, 20]), people, {1: 1, 2: 2, 3: 2}, first=First.ANEW, seconds=2, balance=0.01)
    assert 1 in assign(problem).who.values()
    assert 1 in assign(problem, solver=False).who.values()


def test_half_a_share_is_half_a_load() -> None:
    people = (at(1, 1), at(2, 6, share=50))
    problem = Problem(line([20] * 6), people, {}, first=First.BALANCE, seconds=1)
    found = assign(problem)
    assert reckoned.carried(problem, found.who) == {1: 80, 2: 40}


REASONS = [
    ([100, 10, 10], {}, {1: 1, 2: 2, 3: 2}, {1: "one_alone", 2: "nothing_fits"}),
    ([30, 30, 30, 30], {"keeps": frozenset({1, 2, 3})}, {1: 1, 2: 1, 3: 1, 4: 2}, {1: "kept_heavy", 2: "nothing_fits"}),
]


@pytest.mark.parametrize(("loads", "more", "current", "why"), REASONS)
def test_why_a_load_stays_uneven(
    loads: list[float], more: dict[str, object], current: dict[int, int], why: dict[int, str]
) -> None:
    problem = Problem(line(loads), (at(1, 1, **more), at(2, 2)), current, seconds=1)
    found = assign(problem)
    said = {row.steward: row.why[0] for row in Explainer(problem, found).loads() if row.why}
    assert said == why


def test_stopped_keeps_the_best_so_far() -> None:
    asked = itertools.count()
    problem = replace(office(60, 24), seconds=30.0)
    found = assign(problem, stop=lambda: next(asked) > 3)
    assert found.stopped and found.seconds < 20
    assert reckoned.wrong(problem, found.who) == []


def test_the_price_falls_and_is_told() -> None:
    told: list[tuple[int, float]] = []
    problem = replace(office(40, 16), seconds=1.0)
    found = assign(problem, told=lambda price, _bound, used: told.append((price, used)))
    assert told[-1][0] == found.objective == checking.price(problem, found.who)
    assert all(0 <= used <= 1 for _price, used in told)
    assert found.bound is None or found.bound <= found.objective


def test_metres_are_metres() -> None:
    problem = office(20, 5)
    for b, s in itertools.product(problem.buildings, problem.stewards):
        assert abs(problem.metres(b.id, s.id) - reckoned.metres(problem, b.id, s.id)) < 2  # type: ignore[operator]
    assert distance(32, 120, 32, 120) == 0


people_rows = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from([50, 100]),
        st.sampled_from([None, 1, 2, 4]),
        st.booleans(),
        st.sets(st.integers(1, 8), max_size=2),
        st.sets(st.integers(1, 8), max_size=2),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=8),
    people_rows,
    st.data(),
    st.sampled_from(list(First)),
)
def test_steps_break_no_rule_and_leave_only_what_nobody_may_have(
    loads: list[int],
    rows: list[Row],
    data: st.DataObject,
    first: First,
) -> None:
    problem = drawn(loads, rows, data, first)
    state = search.start(problem)
    search.improve(state, float("inf"))
    search.fill(state)
    assert reckoned.wrong(problem, state.who) == []
    for building in set(problem.building) - set(state.who):
        full = {s.id for s in problem.serving if not state.room(s.id)}
        assert set(problem.options[building]) <= full


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), people_rows, st.data(), st.sampled_from(list(First)))
def test_no_assignment_is_cheaper_than_what_is_proven(
    loads: list[int],
    rows: list[Row],
    data: st.DataObject,
    first: First,
) -> None:
    """Against all assignments there are, one by one."""
    problem = drawn(loads, rows[:3], data, first)
    found = assign(problem, workers=1)
    assert reckoned.wrong(problem, found.who) == []
    best = min(checking.price(problem, who) for who in every(problem))
    if found.proven:
        assert found.objective == best
    assert found.objective >= best


def drawn(loads: list[int], rows: list[tuple], data: st.DataObject, first: First) -> Problem:  # type: ignore[type-arg]
    """A problem of these rows, with a state of today and somebody who may leave."""
    people = [
        at(n, row, share=share, most=most, more=more, keeps=frozenset(keeps - avoids), avoids=frozenset(avoids))
        for n, (row, share, most, more, keeps, avoids) in enumerate(rows, 1)
    ]
    ids = [s.id for s in people]
    current = {n: data.draw(st.sampled_from([None, *ids])) for n in range(1, len(loads) + 1)}
    leaving = data.draw(st.sampled_from([frozenset(), frozenset({1})])) if len(ids) > 1 else frozenset()
    standing = {b: s for b, s in current.items() if s is not None}
    return Problem(line(list(map(float, loads))), tuple(people), standing, leaving, first=first, seconds=5.0)


def every(problem: Problem) -> list[dict[int, int]]:
    """All assignments that break no rule."""
    choices = [[None, *problem.options[b.id]] for b in problem.buildings]
    found = []
    for row in itertools.product(*choices):
        who = {b.id: s for b, s in zip(problem.buildings, row, strict=True) if s is not None}
        if not reckoned.wrong(problem, who):
            found.append(who)
    return found


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), people_rows, st.data())
def test_few_buildings_are_given_away_at_the_lowest_price(
    loads: list[int], rows: list[Row], data: st.DataObject
) -> None:
    """Against all ways of giving away what isn't kept."""
    problem = drawn(loads, rows[:3], data, First.CHANGES)
    kept = {b: s for b, s in problem.current.items() if s in problem.options[b]}
    if any(breach.rule == "most" for breach in checking.breaches(problem, kept)):
        return
    who = kept | few.cheapest(problem, kept)
    assert reckoned.wrong(problem, who) == []
    ways = [way for way in every(problem) if all(way.get(b) == s for b, s in kept.items())]
    assert checking.price(problem, who) == min(checking.price(problem, way) for way in ways)


def test_many_vacant_buildings_go_to_the_solver() -> None:
    problem = replace(office(40, 16, seed=2), first=First.CHANGES, seconds=1.5)
    current = {b: s for b, s in problem.current.items() if b > 12}
    vacant = replace(problem, current=current)
    found = assign(vacant)
    assert reckoned.wrong(vacant, found.who) == []
    assert reckoned.changed(vacant, found.who) == set(range(1, 13))
    assert found.tried == "cp-sat"


def test_web_processes_never_load_the_solver() -> None:
    code = (
        "import sys; sys.path.insert(0, 'src');"
        "import chenyue.stewards.solving.solver, chenyue.stewards.solving.explaining;"
        "assert not {'ortools', 'numpy', 'pandas', 'django'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]

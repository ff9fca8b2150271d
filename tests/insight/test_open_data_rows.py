"""Open data's promise, proved on random months by another road than the code's: k people, nothing by subtraction.

The proof recounts from the cases: of each total that somebody could know it takes away the rows that lie in it.
"""

import itertools
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chenyue.insight.opendata import rows
from chenyue.insight.opendata.rows import Row, Told

K = 5


def month(seed: int, cases: int, people: int) -> list[Told]:
    """Few places and matters with most cases, many with one or two."""
    dice = random.Random(seed)
    found = []
    for _n in range(cases):
        leaf = min(int(dice.paretovariate(0.9)), 14)
        where = f"社区{min(int(dice.paretovariate(1.1)), 6)}"
        who = dice.choice([None, dice.randrange(people)])
        found.append(Told(f"2026-10-{dice.randint(1, 9):02}", where, f"小类{leaf}", f"大类{leaf // 4}", who))
    return found


def inside(row: Row, case: Told) -> bool:
    """Whether a row's words fit a case."""
    pairs = zip(row[:4], (case.day, case.community, case.group, case.category), strict=True)
    return all(said in ("", is_) for said, is_ in pairs)


def placed(made: list[Row], told: list[Told]) -> dict[Row, list[int]]:
    """Which cases stand in which row: each in the finest that fits it, as a reader understands the table."""
    found: dict[Row, list[int]] = {row: [] for row in made}
    for n, case in enumerate(told):
        fitting = [row for row in made if inside(row, case)]
        found[max(fitting, key=lambda row: sum(part != "" for part in row[:4]))].append(n)
    return found


def people(told: list[Told], which: list[int]) -> int:
    return len({told[n].who if told[n].who is not None else ("?", n) for n in which})


def proved(told: list[Told], made: list[Row]) -> None:
    """Raises AssertionError where the promise is broken."""
    if not made:
        assert people(told, list(range(len(told)))) < K
        return
    held = placed(made, told)
    assert {row: len(cases) for row, cases in held.items()} == {row: row.n for row in made}
    assert all(people(told, cases) >= K for cases in held.values())
    parts = ({c.day for c in told}, {c.community for c in told}, {(c.group, c.category) for c in told})
    matters = {("", "")} | parts[2] | {(group, "") for group, _leaf in parts[2]}
    for day, community, (group, leaf) in itertools.product({""} | parts[0], {""} | parts[1], matters):
        total = Row(day, community, group, leaf, 0)
        within = [row for row in made if all(a in ("", b) for a, b in zip(total[:4], row[:4], strict=True))]
        known = [n for n, case in enumerate(told) if inside(total, case)]
        left = sorted(set(known) - {n for row in within for n in held[row]})
        assert not within or not left or people(told, left) >= K, (total, within, left)


@pytest.mark.parametrize(("cases", "crowd"), [(5, 5), (40, 30), (120, 12), (400, 300)])
def test_k_people_stand_behind_each_row_and_no_total_gives_fewer_away(cases: int, crowd: int) -> None:
    told = month(cases, cases, crowd)
    found = rows.make(told, K)
    proved(told, found.rows)
    assert sum(row.n for row in found.rows) + found.hidden == found.total == cases
    assert rows.faults(found.rows, told, K) == []


CASE = st.builds(
    Told, st.sampled_from(["d1", "d2"]), st.sampled_from(["甲", "乙", "丙"]),
    category=st.sampled_from(["a", "b", "c", "e"]), group=st.just("g"),
    who=st.one_of(st.none(), st.integers(0, 12)),
)  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(CASE, max_size=40))
def test_the_same_of_any_small_month(told: list[Told]) -> None:
    proved(told, rows.make(told, K).rows)


def test_who_tells_of_much_is_one() -> None:
    told = [Told("2026-10-01", "甲", "井盖", "市政", "one")] * 40
    assert rows.make(told, K).rows == []
    assert rows.make(told, K).hidden == 40


def test_what_is_common_is_told_finely_and_what_is_rare_coarsely() -> None:
    told = [Told("2026-10-01", "甲", "井盖", "市政", n) for n in range(9)]
    told += [Told(f"2026-10-0{n + 1}", "甲", "路灯", "市政", n + 20) for n in range(6)]
    told += [Told(f"2026-10-0{n + 1}", "乙", "噪声", "环境", n + 40) for n in range(5)]
    found = rows.make(told, K)
    assert Row("2026-10-01", "甲", "市政", "井盖", 9) not in found.rows  # one lamp of that day would be given away
    assert Counter(row.community for row in found.rows) == Counter(["甲", "甲", "乙"])


def test_a_single_rare_case_takes_another_row_with_it() -> None:
    told = [Told("2026-10-01", "甲", "井盖", "市政", n) for n in range(30)]
    told += [Told("2026-10-02", "乙", "噪声", "环境", 99)]
    assert rows.make(told, K).rows == [Row("", "", "", "", 31)]


@pytest.mark.parametrize("k", [0, 1, 4])
def test_no_k_is_below_five(k: int) -> None:
    with pytest.raises(ValueError, match="at least 5"):
        rows.make([], k)
    assert rows.faults([], [], k) == ["k"]


def test_a_case_that_is_gone_or_new_is_a_fault() -> None:
    told = month(3, 60, 50)
    made = rows.make(told, K).rows
    assert rows.faults(made, told[1:], K) == ["changed"]
    assert "small" in rows.faults([Row("", "甲", "", "", 4)], told, K)


def test_the_same_month_with_slightly_other_numbers_is_too_near() -> None:
    old = [Row("", "甲", "市政", "井盖", 12), Row("", "甲", "市政", "", 7)]
    assert rows.too_near(old, [Row("", "甲", "市政", "井盖", 12), Row("", "甲", "市政", "", 8)], K)
    assert rows.too_near(old, [Row("", "甲", "市政", "", 20)], K)
    assert not rows.too_near(old, old, K)
    assert not rows.too_near(old, [Row("", "甲", "市政", "井盖", 12), Row("", "甲", "市政", "", 30)], K)
    assert rows.too_near([], [Row("", "甲", "市政", "", 3)], K)

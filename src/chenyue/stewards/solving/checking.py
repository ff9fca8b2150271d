"""Judging an assignment: what it breaks, what it costs, what each steward carries. Pure, and quick."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from chenyue.stewards.solving.problem import ESTATE, Problem


@dataclass(frozen=True)
class Breach:
    """A rule that doesn't bend and is broken: gone, avoids, keeps, most, more, unknown."""

    rule: str
    steward: int
    building: int | None = None


def breaches(problem: Problem, who: Mapping[int, int]) -> list[Breach]:
    """Rules that `who` breaks; empty if it may be carried out. What is vacant breaks no rule, it is only vacant."""
    found = []
    held = Counter(who.values())
    for building, steward in sorted(who.items()):
        row = problem.steward.get(steward)
        if row is None or building not in problem.building:
            found.append(Breach("unknown", steward, building))
        elif steward in problem.leaving:
            found.append(Breach("gone", steward, building))
        elif building in row.avoids:
            found.append(Breach("avoids", steward, building))
        elif not problem.may(building, row):
            found.append(Breach("more", steward, building))
    quarrels = dict(problem.quarrels)
    for row in problem.serving:
        for building in sorted(row.keeps - row.avoids):
            if building in problem.building and who.get(building) != row.id and building not in quarrels:
                found.append(Breach("keeps", row.id, building))
        if row.most is not None and held[row.id] + row.holds > row.most:
            found.append(Breach("most", row.id))
    return found


def loads(problem: Problem, who: Mapping[int, int]) -> dict[int, int]:
    """Tenths of weighted homes that each steward carries; of those who leave too, while they have something."""
    carried = {s.id: round(s.carries * 10) for s in problem.stewards}
    for building, steward in who.items():
        if building in problem.weight:
            carried[steward] = carried.get(steward, 0) + problem.weight[building]
    return carried


def estates(problem: Problem, who: Mapping[int, int]) -> dict[int, set[int | None]]:
    """The estates that each steward goes to."""
    found: dict[int, set[int | None]] = defaultdict(set)
    for building, steward in who.items():
        found[steward].add(problem.building[building].estate)
    return found


def outside(problem: Problem, who: Mapping[int, int]) -> list[int]:
    """Serving stewards whose load lies outside of their band."""
    carried = loads(problem, who)
    return [s.id for s in problem.serving if problem.bands[s.id].off(carried[s.id])]


def price(problem: Problem, who: Mapping[int, int]) -> int:
    """What an assignment costs, all in all."""
    prices, carried = problem.prices, loads(problem, who)
    total = prices.vacant * sum(b.id not in who for b in problem.buildings)
    for building, steward in who.items():
        total += problem.own(building, steward)
    total += prices.emptied * len(problem.active - set(who.values()))
    for row in problem.serving:
        off = problem.bands[row.id].off(carried[row.id])
        total += prices.tenth * off + (prices.outside if off else 0)
    return total + sum(ESTATE * (len(found) - 1) for found in estates(problem, who).values())

"""Column generation: a person's whole pattern of days is one column, and the linear programme chooses among them.

Pricing (`patterns`) finds the patterns that would help; the duals give a bound that on rosters with strict patterns is
nearly the optimum. Diving fixes one person after the other and prices anew in between. The same works on a few people
while the others stay as they are, and there the bound says at once when nothing can be gained. OR-Tools' GLOP solves
the programmes.

After Barnhart et al., "Branch-and-price", Operations Research 46 (1998); dual smoothing after Wentges (1997).
"""

import random
from collections.abc import Callable, Iterable

from ortools.linear_solver import pywraplp

from chenyue.reception.solving.pricing import Pricing, Shifts
from chenyue.reception.solving.state import Cells, State

ALONE = 100_000.0  # price of leaving someone without a pattern: never in a final answer
SMOOTH = 0.5  # weight of the best duals so far when pricing
TINY = 1e-6


class Master:
    """The linear programme over patterns of some `people`, everyone else staying as in `state`."""

    def __init__(self, pricing: Pricing, state: State, people: Iterable[int], rng: random.Random) -> None:
        self.pricing, self.compiled, self.rng = pricing, pricing.compiled, rng
        self.people = sorted(people)
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.goal = self.lp.Objective()
        counts = list(state.counts)
        self.now = sum(row.price(count) for row, count in zip(self.compiled.rows, counts, strict=True))
        for p in self.people:
            self.now += pricing.cost(p, state.cells[p])
            for s in state.cells[p]:
                for r in state.rows(p, s) if s is not None else ():
                    counts[r] -= 1
        self._rows(counts)
        self.ones = {p: self.lp.Constraint(1, 1) for p in self.people}
        for constraint in self.ones.values():
            self._var(ALONE, constraint, 1)
        self.columns: list[tuple[int, Shifts, pywraplp.Variable]] = []
        self.seen: set[tuple[int, Shifts]] = set()
        self.fixed: dict[int, Shifts] = {}
        self.bound = float("-inf")
        for p in self.people:
            if any(s is not None for s in state.cells[p]):
                self.add(p, tuple(state.cells[p]))

    def _rows(self, counts: list[int]) -> None:
        infinity = self.lp.infinity()
        self.rows, self.lows, self.highs = [], [], []
        for row, count in zip(self.compiled.rows, counts, strict=True):
            low, high = row.low - count, infinity if row.high is None else row.high - count
            constraint = self.lp.Constraint(low, high)
            self._var(row.under or 0, constraint, 1)
            self._var(row.over or 0, constraint, -1)
            self.rows.append(constraint)
            self.lows.append(low)
            self.highs.append(high)

    def _var(self, cost: float, constraint: pywraplp.Constraint, sign: int) -> None:
        var = self.lp.NumVar(0, self.lp.infinity(), "")
        constraint.SetCoefficient(var, sign)
        self.goal.SetCoefficient(var, cost)

    def add(self, p: int, shifts: Shifts) -> bool:
        """Take a pattern in; False if it was there."""
        if (p, shifts) in self.seen:
            return False
        self.seen.add((p, shifts))
        cost = self.pricing.pool[p].setdefault(shifts, self.pricing.cost(p, shifts))
        var = self.lp.NumVar(0, self.lp.infinity(), "")
        self.goal.SetCoefficient(var, cost)
        self.ones[p].SetCoefficient(var, 1)
        for s in shifts:
            for r in self.pricing.rows[p][s] if s is not None else ():
                self.rows[r].SetCoefficient(var, 1)
        self.columns.append((p, shifts, var))
        return True

    def generate(
        self, free: set[int], *, slack: float, rounds: int, hopeless: float, over: Callable[[], bool]
    ) -> float | None:
        """Solve, price, add, until nothing helps; the value. None once the bound is above `hopeless`, or time is up.

        Stops early when value and bound are within `slack`.
        """
        centre: list[float] | None = None
        best = float("-inf")
        for _ in range(rounds):
            if self.lp.Solve() != pywraplp.Solver.OPTIMAL or over():
                return None
            value = self.goal.Value()
            duals = [row.dual_value() for row in self.rows]
            alone = {p: self.ones[p].dual_value() for p in free}
            bound, asked, added = self._price(free, self._smooth(centre, duals), duals, alone)
            if not added and centre is not None:
                bound, asked, added = self._price(free, duals, duals, alone)
            if bound > best:
                best, centre = bound, asked
            if best > hopeless:
                self.bound = max(self.bound, best)
                return None
            if not added or value - best < slack:
                break
        if not self.fixed:
            self.bound = max(self.bound, best)
        return float(self.goal.Value()) if self.lp.Solve() == pywraplp.Solver.OPTIMAL else None

    @staticmethod
    def _smooth(centre: list[float] | None, duals: list[float]) -> list[float]:
        if centre is None:
            return duals
        return [SMOOTH * a + (1 - SMOOTH) * b for a, b in zip(centre, duals, strict=True)]

    def _price(
        self, free: set[int], asked: list[float], duals: list[float], alone: dict[int, float]
    ) -> tuple[float, list[float], int]:
        """Price everyone free under `asked`; the bound that gives, and how many patterns help under `duals`."""
        added = 0
        bound = sum(
            dual * (low if dual > 0 else high) if dual else 0.0
            for dual, low, high in zip(asked, self.lows, self.highs, strict=True)
        )
        for p in self.people:
            if p not in free:
                bound += sum(self.pricing.reduced(p, s, asked) for s in self.fixed[p] if s is not None)
                continue
            patterns = self.pricing.best(p, asked, 3)
            bound += patterns[0].price if patterns else ALONE
            for pattern in patterns:
                real = sum(self.pricing.reduced(p, s, duals) for s in pattern.shifts if s is not None)
                if real - alone[p] < -TINY:
                    added += self.add(p, pattern.shifts)
        return bound, asked, added

    def dive(self, hopeless: float, over: Callable[[], bool]) -> dict[int, Shifts] | None:
        """Patterns for all people, fixed one after the other; None if that can't get below `hopeless`."""
        free = set(self.people)
        while free:
            found: dict[int, tuple[float, Shifts]] = {}
            for p, shifts, var in self.columns:
                if p in free and (value := var.solution_value()) > found.get(p, (TINY, ()))[0]:
                    found[p] = (value, shifts)
            if found.keys() != free:
                return None
            sure = [p for p in sorted(free) if found[p][0] > 0.97]
            if not sure:
                sure = [max(sorted(free), key=lambda p: found[p][0] * self.rng.uniform(0.8, 1.0))]
            for p in sure:
                self._fix(p, found[p][1])
                free.discard(p)
            if free and self.generate(free, slack=0.5, rounds=12, hopeless=hopeless, over=over) is None:
                return None
        return dict(self.fixed)

    def _fix(self, p: int, shifts: Shifts) -> None:
        self.fixed[p] = shifts
        for q, theirs, var in self.columns:
            if q == p:
                only = 1.0 if theirs == shifts else 0.0
                var.SetBounds(only, only)


def improve(
    pricing: Pricing, state: State, people: Iterable[int], rng: random.Random, over: Callable[[], bool]
) -> tuple[Cells | None, float]:
    """Better patterns for these people, or None; and a bound on what they and all rows cost together."""
    master = Master(pricing, state, people, rng)
    target = master.now - 1 + TINY
    if len(master.people) < len(pricing.patterners):
        for p in master.people:
            for shifts in pricing.pool[p]:
                master.add(p, shifts)
    if master.generate(set(master.people), slack=0.3, rounds=60, hopeless=target, over=over) is None:
        return None, master.bound
    found = master.dive(target, over)
    if found is None:
        return None, master.bound
    cells = state.copy()
    for p, shifts in found.items():
        cells[p] = list(shifts)
    return cells, master.bound


def root(
    pricing: Pricing, state: State, rng: random.Random, over: Callable[[], bool], told: Callable[[float], None]
) -> tuple[Cells | None, float]:
    """The programme over everyone: its bound on the objective, told as soon as it is known, and what a dive finds."""
    master = Master(pricing, state, range(len(pricing.patterners)), rng)
    done = master.generate(set(master.people), slack=TINY, rounds=2000, hopeless=float("inf"), over=over)
    if master.bound > float("-inf"):
        told(master.bound + pricing.compiled.constant)
    if done is None:
        return None, master.bound
    found = master.dive(float("inf"), over)
    if found is None:
        return None, master.bound
    return [list(found[p]) for p in range(len(pricing.patterners))], master.bound

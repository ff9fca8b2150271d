"""Patterns for all people of a problem: what they cost, which are best under given duals. NumPy; no solver."""

import random
import time
from collections.abc import Iterable

from chenyue.reception.solving.patterns import Pattern, Patterner
from chenyue.reception.solving.state import State

Shifts = tuple[int | None, ...]


class Pricing:
    """The patterners of all people, and every pattern that was ever useful."""

    def __init__(self, state: State) -> None:
        self.compiled = state.compiled
        self.patterners = [Patterner(self.compiled, p) for p in range(len(self.compiled.people))]
        self.pool: list[dict[Shifts, int]] = [{} for _ in self.patterners]
        self.rows: list[list[list[int]]] = [
            [state.rows(p, s) for s in range(len(self.compiled.shifts))] for p in range(len(self.compiled.people))
        ]

    @property
    def works(self) -> bool:
        """True if patterns are what this problem is about, and few enough to search."""
        compiled = self.compiled
        plain = all(
            one.earliest == list(range(1, len(compiled.days) + 1)) and not one.windows and not one.lines
            for one in compiled.ones
        )
        limits = all(person.least == 0 and person.most is None for person in compiled.people)
        soft = all(not row.hard for row in compiled.rows)
        return compiled.patterned and plain and limits and soft and all(p.fits for p in self.patterners)

    def cost(self, p: int, shifts: Iterable[int | None]) -> int:
        """What a pattern costs by itself."""
        prices = self.compiled.ones[p].prices
        return sum(prices.get(s, 0) for s in shifts if s is not None)

    def reduced(self, p: int, s: int, duals: list[float]) -> float:
        """The price of a shift less what its rows pay for it."""
        return self.compiled.ones[p].prices.get(s, 0) - sum(duals[r] for r in self.rows[p][s])

    def best(self, p: int, duals: list[float], count: int) -> list[Pattern]:
        """The patterns of p that are cheapest under these duals."""
        patterner = self.patterners[p]
        return patterner.cheapest(
            [[self.reduced(p, s, duals) if s >= 0 else 0.0 for s in row] for row in patterner.at], count
        )


def alone(pricing: Pricing, state: State, rng: random.Random, deadline: float) -> None:
    """Without a solver: each person in turn takes the best pattern beside all others, until nobody can do better."""
    compiled = pricing.compiled
    people = list(range(len(compiled.people)))
    better = True
    while better and time.monotonic() < deadline:
        better = False
        rng.shuffle(people)
        for p in people:
            before, had = state.score, list(state.cells[p])
            for s in had:
                if s is not None:
                    state.drop(p, s)
            prices = [[float(state.delta(p, s)) if s >= 0 else 0.0 for s in row] for row in pricing.patterners[p].at]
            found = pricing.patterners[p].cheapest(prices)
            for s in found[0].shifts if found else had:
                if s is not None:
                    state.put(p, s)
            if state.score < before:
                better = True

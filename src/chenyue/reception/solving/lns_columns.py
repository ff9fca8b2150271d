"""Large-neighbourhood search over whole patterns: column generation makes some people anew, the others stay.

A neighbourhood whose bound shows that nothing can be gained ends at once. How many people are taken is chosen by what
each size has gained per second.
"""

import random
import time

from chenyue.reception.solving.columns import improve, root
from chenyue.reception.solving.pricing import Pricing
from chenyue.reception.solving.solver import SMALL, Search

SIZES = (4, 6, 8, 10, 13, 16, 20)


class Chooser:
    """Picks among arms by gain per second, with a floor so that none is forgotten."""

    def __init__(self, arms: list[int], rng: random.Random) -> None:
        self.arms, self.rng = arms, rng
        self.worth = dict.fromkeys(arms, 1.0)

    def pick(self) -> int:
        """An arm, the better the likelier."""
        return self.rng.choices(self.arms, [self.worth[arm] for arm in self.arms])[0]

    def learn(self, arm: int, gained: bool, seconds: float) -> None:
        """What became of it; old news fades."""
        news = (1.0 if gained else 0.0) / max(0.05, seconds)
        self.worth[arm] = max(0.1, 0.8 * self.worth[arm] + 0.2 * news)


def run(search: Search, pricing: Pricing) -> None:
    """Improve until it is over or proven."""
    if _small(search):
        _whole(search)
    if search.done():
        return
    cells, _ = root(pricing, search.state, search.rng, search.over, search.raise_bound)
    _take(search, cells)
    number = len(pricing.patterners)
    chooser = Chooser([size for size in SIZES if size < number] + [number], search.rng)
    while not search.done():
        size = chooser.pick()
        began = time.monotonic()
        people = _people(search, size)
        cells, _ = improve(pricing, search.state, people, search.rng, search.over)
        chooser.learn(size, _take(search, cells), time.monotonic() - began)


def _small(search: Search) -> bool:
    return sum(len(options) for person in search.compiled.options for options in person) <= SMALL


def _whole(search: Search) -> None:
    """The whole problem to CP-SAT, briefly: small ones are proven so."""
    from chenyue.reception.solving.cp import Part

    compiled = search.compiled
    cells = [(p, day) for p in range(len(compiled.people)) for day in range(len(compiled.days))]
    found = Part(search.state, cells).solve(min(4.0, search.left / 4), search.seed, search.workers, search.over)
    _take(search, found.cells)
    if found.optimal:
        search.raise_bound(float(search.state.price))


def _take(search: Search, cells: list[list[int | None]] | None) -> bool:
    """Keep a roster that is no worse; True if it is better."""
    if cells is None:
        return False
    before, kept = search.state.score, search.state.copy()
    search.state.load(cells)
    if search.state.score > before:
        search.state.load(kept)
    search.tell()
    return search.state.score < before


def _people(search: Search, size: int) -> list[int]:
    """Whom to take: by chance, or around a shift that has too few or too many."""
    state, compiled, rng = search.state, search.compiled, search.rng
    everyone = list(range(len(compiled.people)))
    if size >= len(everyone):
        return everyone
    dear = [r for r, row in enumerate(compiled.rows) if row.price(state.counts[r])]
    if not dear or rng.random() < 0.5:
        return rng.sample(everyone, size)
    row = compiled.rows[rng.choice(dear)]
    near = [p for p in everyone if any(s in compiled.options[p][compiled.day_of[s]] for s in row.shifts)]
    rng.shuffle(near)
    others = [p for p in everyone if p not in near]
    rng.shuffle(others)
    return (near + others)[:size]

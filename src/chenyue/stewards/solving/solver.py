"""Who answers for which building: as few changes as possible, even loads, short ways. `assign` is the door.

1. What must change, changes alone: if somebody leaves or a building is vacant, only those buildings are given away, and
   that is proven. The rest moves only if nobody may take them otherwise.
2. Loads first (balance, anew): steps from what is, then CP-SAT from there, until time is up or it is proven.
"""

import importlib.util
import random
import time
from collections.abc import Callable, Collection, Mapping

from chenyue.stewards.solving import checking, few, search
from chenyue.stewards.solving.problem import Assignment, First, Problem, distance

Told = Callable[[int, int | None, float], None]  # price so far, bound, part of the time used (0 to 1)
Stop = Callable[[], bool]
STEPS = 0.25  # of the time goes into steps, at most
WORKERS = 2
NEAR = 24  # so many cheapest stewards of each building are looked at, where all would be too many
PARTS = 0.7  # of the time is over when parts end and the whole is asked
PART = 0.6  # seconds for one part, at most
SIZE = 8  # stewards in one part
IDLE = 60  # parts that found nothing better, after which it is enough
MANY = 6000  # pairs of building and steward beyond which that is so


def installed() -> bool:
    """True if OR-Tools can be imported. Doesn't import it."""
    return importlib.util.find_spec("ortools") is not None


class Run:
    """One search: what is best, how long it may take, whom to tell."""

    def __init__(self, problem: Problem, seed: int, workers: int, told: Told | None, stop: Stop | None) -> None:
        self.problem, self.seed, self.workers, self.told, self.stop = problem, seed, workers, told, stop
        self.began, self.cpu = time.monotonic(), time.process_time()
        self.deadline = self.began + problem.seconds
        self.loading = 0.0
        self.who: dict[int, int] = {}
        self.price: int | None = None
        self.bound: int | None = None
        self.tried = "search"

    @property
    def left(self) -> float:
        """Seconds that remain."""
        return self.deadline - time.monotonic()

    def over(self) -> bool:
        """True once time is up or somebody asked to stop."""
        return self.left <= 0 or bool(self.stop and self.stop())

    def take(self, who: Mapping[int, int]) -> None:
        """Keep this assignment if it is cheaper than what was kept, and tell."""
        found = checking.price(self.problem, who)
        if self.price is None or found < self.price:
            self.who, self.price = dict(who), found
        self.tell()

    def tell(self, price: int | None = None, bound: int | None = None) -> None:
        """Report how far it is."""
        if self.told and (price := self.price if price is None else price) is not None:
            used = min(1.0, (time.monotonic() - self.began) / max(0.001, self.problem.seconds))
            self.told(price, bound if bound is not None else self.bound, used)

    def load(self) -> None:
        """Load OR-Tools. It takes seconds on a busy machine, which aren't the search's."""
        began = time.monotonic()
        from chenyue.stewards.solving import cp  # noqa: F401

        self.loading += time.monotonic() - began
        self.deadline += time.monotonic() - began

    def steps(self) -> None:
        """Improve step by step from what is."""
        state = search.start(self.problem, self.seed)
        self.take(state.who)
        search.improve(state, self.began + STEPS * self.problem.seconds, self.stop, self.seed)
        self.take(state.who)

    def exact(self, options: Mapping[int, Collection[int]], kept: Mapping[int, int], whole: bool) -> bool:
        """Ask CP-SAT where buildings other than `kept` go. `whole`: its bound holds for the question.

        True if what was found is proven to be the cheapest with these options.
        """
        self.load()
        from chenyue.stewards.solving.cp import Model

        self.tried = "cp-sat"
        model = Model(self.problem, options, kept=kept)
        model.hint(self.who)
        found = model.solve(self.left, self.seed, self.workers, self.tell, self.stop)
        if whole:
            self.bound = max(found.bound, self.bound or 0)
        if found.who is not None:
            self.take({**kept, **found.who})
        return found.proven

    def parts(self, until: float) -> None:
        """Solve parts exactly, one after the other: some stewards near each other, and all that they have."""
        from chenyue.stewards.solving.cp import Model

        self.tried = "cp-sat"
        problem, rng, idle = self.problem, random.Random(self.seed), 0
        near = _neighbours(problem)
        while idle < IDLE and not self.over() and time.monotonic() < until:
            among = _some(problem, self.who, near, rng)
            mine = {b: s for b, s in self.who.items() if s in among}
            options = {b: tuple(s for s in problem.options[b] if s in among) for b in mine}
            model = Model(problem, options, among)
            model.hint(mine)
            found = model.solve(min(PART, self.left), rng.randrange(1 << 30), self.workers, None, None)
            before = self.price
            if found.who is not None:
                self.take(self.who | found.who)
            idle = 0 if self.price != before else idle + 1

    def answer(self) -> Assignment:
        """The best so far."""
        price, seconds = checking.price(self.problem, self.who), time.monotonic() - self.began - self.loading
        return Assignment(
            who=self.who, objective=price, bound=self.bound, proven=self.bound is not None and price <= self.bound,
            seconds=round(seconds, 3), cpu=round(time.process_time() - self.cpu, 3),
            tried=self.tried, stopped=bool(self.stop and self.stop()),
        )  # fmt: skip


def assign(
    problem: Problem,
    *,
    seed: int = 0,
    workers: int = WORKERS,
    told: Told | None = None,
    stop: Stop | None = None,
    solver: bool | None = None,
) -> Assignment:
    """Who should answer for each building, found in `problem.seconds` of wall time at most.

    `told` hears the price so far, the bound if there is one, and the part of the time that is used; `stop` is asked
    often, and once it says True the best so far is given. `solver` false searches without OR-Tools, as happens by
    itself where it isn't installed. No rule is ever broken (`checking.breaches`); a building that nobody may take is
    left out of `who`.
    """
    exact = installed() if solver is None else solver
    run = Run(problem, seed, workers, told, stop)
    if problem.first is First.CHANGES and _only_needed(run, exact):
        return run.answer()
    run.steps()
    if exact:
        run.load()
    if exact and not run.over() and len(problem.serving) > SIZE:
        run.parts(run.deadline - (1 - PARTS) * problem.seconds)
    if exact and not run.over():
        options = problem.options
        near = _near(problem, run.who)
        run.exact(near or options, {}, whole=near is None)
    return run.answer()


def _only_needed(run: Run, exact: bool) -> bool:
    """Give away what must be, and leave all else: True if that is possible, and then nothing has fewer changes."""
    problem = run.problem
    kept = {b: s for b, s in problem.current.items() if s in problem.options.get(b, ())}
    if any(breach.rule == "most" for breach in checking.breaches(problem, kept)):
        return False
    options = {b: ids for b, ids in problem.options.items() if b not in kept}
    if len(options) <= few.MOST:
        run.tried, proven = "few", True
        run.take(kept | few.cheapest(problem, kept))
    else:
        run.take(search.start(problem, run.seed).who)
        proven = run.exact(options, kept, whole=False) if exact else False
    moved = [b for b, s in kept.items() if run.who.get(b) != s]
    if moved or len(run.who) < len(problem.buildings):
        return False  # somebody else must move for it, or nobody may take it: the whole question says which
    if proven:
        run.bound = run.price  # nothing has fewer changes, and with these nothing is cheaper
    return True


def _near(problem: Problem, who: Mapping[int, int]) -> dict[int, tuple[int, ...]] | None:
    """The stewards to look at for each building, where all pairs would be too many; None if they aren't."""
    if sum(len(ids) for ids in problem.options.values()) <= MANY:
        return None
    found = {}
    for building, ids in problem.options.items():
        near = sorted(ids, key=lambda s: (problem.comfort(building, s), s))[:NEAR]
        theirs = {problem.current.get(building), who.get(building)} & set(ids)
        found[building] = tuple(sorted({*near, *(s for s in theirs if s is not None)}))
    return found


def _neighbours(problem: Problem) -> dict[int, list[int]]:
    """For each steward the others, the nearest first."""
    found = {}
    for steward in problem.serving:
        here = problem.anchors[steward.id]
        others = [(_apart(here, problem.anchors[s.id]), s.id) for s in problem.serving if s.id != steward.id]
        found[steward.id] = [pk for _metres, pk in sorted(others)]
    return found


def _apart(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    return distance(*one, *other) if one and other else 0.0


def _some(problem: Problem, who: Mapping[int, int], near: Mapping[int, list[int]], rng: random.Random) -> set[int]:
    """Some stewards near each other; every other time around one whose load isn't even, where there is one."""
    uneven = checking.outside(problem, who)
    ids = list(near)
    first = rng.choice(uneven if uneven and rng.random() < 0.5 else ids)
    close = near[first][: 3 * SIZE]
    return {first, *rng.sample(close, min(len(close), SIZE - 1))}

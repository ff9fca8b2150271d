"""Finds a roster: a quick legal start, then large-neighbourhood search until time is up or nothing cheaper exists.

Where people's days follow strict patterns, neighbourhoods are solved by column generation (`columns`), which also
gives the bound; elsewhere by CP-SAT (`cp`). Neighbourhoods are chosen by how they did so far. Without OR-Tools the
start is improved by hand-overs and exchanges (`greedy`), and the solution says so by its method.

OR-Tools is imported here at the first solve, never before: a web process may import this module, and must not solve.
"""

import importlib.util
import math
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from chenyue.reception.solving import greedy
from chenyue.reception.solving.checking import Checker
from chenyue.reception.solving.compiled import Compiled
from chenyue.reception.solving.problem import Assignment, Problem, Solution
from chenyue.reception.solving.state import State

if TYPE_CHECKING:
    from chenyue.reception.solving.pricing import Pricing

Progress = Callable[[int | None, float | None, float], None]
Stop = Callable[[], bool]
SMALL = 1500  # possible turns up to which the whole is given to CP-SAT at once
SOON = 0.1  # of the time goes into mending the start, at most


def installed() -> bool:
    """True if OR-Tools can be imported. Doesn't import it."""
    return importlib.util.find_spec("ortools") is not None


class Search:
    """One run: what is best, how long it may take, whom to tell."""

    def __init__(
        self, problem: Problem, seconds: float, seed: int, workers: int, progress: Progress | None, stop: Stop | None
    ) -> None:
        self.problem, self.seconds, self.seed, self.workers = problem, seconds, seed, workers
        self.progress, self.stop = progress, stop
        self.began = time.monotonic()
        self.deadline = self.began + seconds
        self.rng = random.Random(seed)
        self.compiled = Compiled(problem)
        self.bound: float | None = None
        self.method = "greedy"
        self.told: tuple[int | None, float | None] | None = None
        self.state = State(self.compiled)

    @property
    def left(self) -> float:
        """Seconds that remain."""
        return self.deadline - time.monotonic()

    def over(self) -> bool:
        """True once time is up or someone asked to stop."""
        return self.left <= 0 or bool(self.stop and self.stop())

    def done(self) -> bool:
        """True once nothing cheaper can exist, or it is over."""
        return self.proven() or self.over()

    def proven(self) -> bool:
        """True if the bound shows that this is the cheapest legal roster."""
        return self.bound is not None and not self.state.broken and self.state.price <= math.ceil(self.bound - 1e-6)

    def tell(self) -> None:
        """Report progress when there is any."""
        now = (None if self.state.broken else self.state.price, self.bound)
        if self.progress and now != self.told:
            self.progress(*now, time.monotonic() - self.began)
        self.told = now

    def raise_bound(self, bound: float) -> None:
        """Take a better lower bound in."""
        self.bound = bound if self.bound is None else max(self.bound, bound)
        self.tell()

    def solution(self) -> Solution:
        """The best so far."""
        assignment = self.compiled.assignment(self.state.pairs())
        checker = Checker(self.problem)
        return Solution(
            assignment=assignment,
            objective=checker.price(assignment).total,
            bound=None if self.bound is None else float(math.ceil(self.bound - 1e-6)),
            seconds=round(time.monotonic() - self.began, 3),
            proven=self.proven(),
            breaches=tuple(checker.check(assignment)),
            method=self.method,
        )


def solve(
    problem: Problem,
    seconds: float = 30.0,
    *,
    seed: int = 0,
    workers: int = 2,
    progress: Progress | None = None,
    stop: Stop | None = None,
    solver: bool | None = None,
    start: Assignment | None = None,
) -> Solution:
    """The best roster found in so many seconds of wall time.

    `progress` is called with (price of the best legal roster or None, bound or None, seconds passed) whenever one of
    them improves; `stop` is asked often, and once it says True the best so far is given. The same `seed` with one
    worker takes the same steps; how far they lead depends on the machine. `solver` false plans without OR-Tools, as
    happens by itself where it isn't installed. `start` is a roster to begin with: of its turns, those that fit.

    A roster whose rules contradict each other is answered with the least broken one; see `Solution.breaches`.
    """
    search = Search(problem, seconds, seed, workers, progress, stop)
    if start is not None:
        greedy.take(search.state, search.compiled.numbers(start.turns))
        patterned = None
    else:
        patterned = _start(search)
    search.tell()
    if solver is False or not installed():
        _by_hand(search, patterned)
    elif patterned is not None:
        from chenyue.reception.solving import lns_columns

        search.method = "columns"
        lns_columns.run(search, patterned)
    else:
        from chenyue.reception.solving import lns_cp

        search.method = "cp-sat"
        lns_cp.run(search)
    search.tell()
    return search.solution()


def _start(search: Search) -> "Pricing | None":
    """A first roster; the pricing, if this problem is one for patterns."""
    if search.compiled.patterned:
        from chenyue.reception.solving.pricing import Pricing, alone

        pricing = Pricing(search.state)
        if pricing.works:
            alone(pricing, search.state, search.rng, search.began + max(1.0, SOON * search.seconds))
            return pricing
        return None
    search.state = greedy.start(search.compiled, search.rng, search.deadline)
    if search.state.broken:
        until = min(search.deadline, time.monotonic() + max(0.5, SOON * search.seconds))
        greedy.mend(search.state, search.rng, until, search.stop)
    return None


def _by_hand(search: Search, pricing: "Pricing | None") -> None:
    """Improve without a solver until time is up or nothing has helped for long."""
    state, rng = search.state, search.rng
    idle = 0
    while not search.over() and idle < 40:
        before, kept = state.score, state.copy()
        if pricing is not None:
            _shake(state, pricing, rng)
            from chenyue.reception.solving.pricing import alone

            alone(pricing, state, rng, search.deadline)
        else:
            greedy.mend(state, rng, search.deadline, search.stop)
            greedy.polish(state, rng, search.deadline, search.stop)
        idle = 0 if state.score < before else idle + 1
        if state.score > before:
            state.load(kept)
        search.tell()


def _shake(state: State, pricing: "Pricing", rng: random.Random) -> None:
    """Clear some people's patterns, so that others may take what those had."""
    for p in rng.sample(range(len(pricing.patterners)), min(4, len(pricing.patterners))):
        for s in [s for s in state.cells[p] if s is not None]:
            state.drop(p, s)

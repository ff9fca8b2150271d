"""Step by step: from what is, give vacant buildings to somebody, then move and exchange while that makes it cheaper.

Quick and never proven: the start for CP-SAT, and the whole answer where OR-Tools isn't installed.
"""

import random
import time
from collections.abc import Callable

from chenyue.stewards.solving.problem import ESTATE, Problem

Stop = Callable[[], bool]


class State:
    """Who has what, with what each move would cost. Breaks no rule."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.prices = problem, problem.prices
        self.who: dict[int, int] = {}
        self.load = {s.id: round(s.carries * 10) for s in problem.serving}
        self.held = {s.id: s.holds for s in problem.serving}
        self.estates: dict[int, dict[int | None, int]] = {s.id: {} for s in problem.serving}
        self.options = {b: frozenset(ids) for b, ids in problem.options.items()}
        self.price = {(b, s): problem.own(b, s) for b, ids in problem.options.items() for s in ids}
        self.most = {s.id: s.most for s in problem.serving}

    def room(self, steward: int, less: int = 0) -> bool:
        """Whether they may have one more, after giving `less` away."""
        most = self.most[steward]
        return most is None or self.held[steward] - less < most

    def put(self, building: int, steward: int) -> None:
        """Give a building that nobody has."""
        self.who[building] = steward
        self.load[steward] += self.problem.weight[building]
        self.held[steward] += 1
        here, estate = self.estates[steward], self.problem.building[building].estate
        here[estate] = here.get(estate, 0) + 1

    def take(self, building: int) -> int:
        """Take a building away; gives whose it was."""
        steward = self.who.pop(building)
        self.load[steward] -= self.problem.weight[building]
        self.held[steward] -= 1
        here, estate = self.estates[steward], self.problem.building[building].estate
        here[estate] -= 1
        if not here[estate]:
            del here[estate]
        return steward

    def off(self, steward: int, more: int = 0) -> int:
        """What their load costs, with so many tenths more."""
        off = self.problem.bands[steward].off(self.load[steward] + more)
        return self.prices.tenth * off + (self.prices.outside if off else 0)

    def own(self, building: int, steward: int) -> int:
        """What it costs that they have it, loads and estates aside."""
        return self.price[building, steward]

    def joins(self, building: int, steward: int) -> int:
        """What one estate more costs them, if it is one more."""
        here = self.estates[steward]
        return ESTATE if here and self.problem.building[building].estate not in here else 0

    def leaves(self, building: int, steward: int) -> int:
        """What is saved if theirs is taken, by one estate less."""
        here = self.estates[steward]
        return ESTATE if len(here) > 1 and here[self.problem.building[building].estate] == 1 else 0

    def giving(self, building: int, steward: int) -> int:
        """What it costs to give them a building that nobody has; the price of its being vacant not counted."""
        weight = self.problem.weight[building]
        found = self.own(building, steward) + self.joins(building, steward)
        if not self.held[steward] and steward in self.problem.active:
            found -= self.prices.emptied
        return found + self.off(steward, weight) - self.off(steward)

    def moving(self, building: int, to: int) -> int:
        """By how much it gets dearer if a building goes to somebody else."""
        here, weight = self.who[building], self.problem.weight[building]
        less = self.off(here, -weight) - self.off(here) - self.own(building, here) - self.leaves(building, here)
        if self.held[here] == 1 and here in self.problem.active:
            less += self.prices.emptied
        return less + self.giving(building, to)

    def exchange(self, one: int, other: int) -> int:
        """By how much it gets dearer if two buildings change places; both are left as they are."""
        before, mine, theirs = 0, self.take(one), self.take(other)
        self.put(one, mine)
        self.put(other, theirs)
        before = self._both(mine, theirs) + self.own(one, mine) + self.own(other, theirs)
        self.swap(one, other)
        after = self._both(mine, theirs) + self.own(one, theirs) + self.own(other, mine)
        self.swap(one, other)
        return after - before

    def _both(self, one: int, other: int) -> int:
        spans = len(self.estates[one]) + len(self.estates[other])
        return self.off(one) + self.off(other) + ESTATE * spans

    def swap(self, one: int, other: int) -> None:
        """Exchange two buildings."""
        mine, theirs = self.take(one), self.take(other)
        self.put(one, theirs)
        self.put(other, mine)


def start(problem: Problem, seed: int = 0) -> State:
    """What stays as it is, and the vacant ones given away, the heaviest first."""
    state = State(problem)
    for b in sorted(problem.buildings, key=lambda b: len(state.options[b.id]) != 1):  # what must be kept comes first
        here = problem.current.get(b.id)
        only = next(iter(state.options[b.id])) if len(state.options[b.id]) == 1 else here
        if only in state.options[b.id] and state.room(only):
            state.put(b.id, only)
    fill(state)
    return state


def fill(state: State) -> None:
    """Give vacant buildings away, where somebody may take them."""
    weight = state.problem.weight
    for building in sorted(state.options, key=lambda b: (-weight[b], b)):
        if building not in state.who:
            able = [s for s in state.options[building] if state.room(s)]
            if able:
                state.put(building, min(able, key=lambda s: (state.giving(building, s), s)))


def improve(state: State, deadline: float, stop: Stop | None = None, seed: int = 0) -> None:
    """Move and exchange while it gets cheaper; until the deadline (`time.monotonic`) at most."""
    rng = random.Random(seed)
    better = True
    while better and time.monotonic() < deadline and not (stop and stop()):
        better = _moves(state, rng, deadline)
        if not better and time.monotonic() < deadline:
            better = _exchanges(state, rng, deadline)


def _moves(state: State, rng: random.Random, deadline: float) -> bool:
    better = False
    order = list(state.who)
    rng.shuffle(order)
    for building in order:
        if time.monotonic() > deadline:
            break
        here = state.who[building]
        able = [s for s in state.options[building] if s != here and state.room(s)]
        if not able:
            continue
        to = min(able, key=lambda s: (state.moving(building, s), s))
        if state.moving(building, to) < 0:
            state.take(building)
            state.put(building, to)
            better = True
    return better


def _exchanges(state: State, rng: random.Random, deadline: float) -> bool:
    """One round of exchanges, those outside of their band first."""
    better = False
    troubled = [b for b, s in state.who.items() if state.off(s)]
    others = list(state.who)
    rng.shuffle(troubled)
    for one in troubled or others:
        if time.monotonic() > deadline:
            break
        for other in others:
            mine, theirs = state.who[one], state.who[other]
            if mine == theirs or theirs not in state.options[one] or mine not in state.options[other]:
                continue
            if state.exchange(one, other) < 0:
                state.swap(one, other)
                better = True
    return better

"""The cheapest pattern of days for one person, by dynamic programming: what pricing and the start both ask for.

A state is where a run of work (by kind and length) or of rest (by length, capped) stands, and what is used of minutes,
weekends and limited kinds. The rules are those of `Patterns`; a run that touches the edge may be shorter.
"""

from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chenyue.reception.solving.compiled import Compiled

Array = NDArray[np.float64]
NEVER = 1e15
MOST_STATES = 60_000  # of used minutes × weekends × limited kinds; beyond that another search is quicker


@dataclass(frozen=True, slots=True)
class Pattern:
    """A person's days: the shift taken on each, or None; and its price under the prices asked with."""

    price: float
    shifts: tuple[int | None, ...]


class Patterner:
    """Finds cheapest patterns for person `p` of a compiled problem."""

    def __init__(self, compiled: Compiled, p: int) -> None:
        self.compiled, self.p = compiled, p
        rules = compiled.people[p].patterns
        self.length = len(compiled.days)
        one = compiled.ones[p]
        found = compiled.options[p]
        allowed = sorted({compiled.shifts[s].kind for options in found for s in options})
        self.kinds = [kind for kind in allowed if rules.most_of_kind.get(kind, 1) > 0]
        self.at = [[-1] * len(self.kinds) for _ in range(self.length)]
        for day, options in enumerate(found):
            for s in options:
                kind = compiled.shifts[s].kind
                if kind in self.kinds:
                    self.at[day][self.kinds.index(kind)] = s
        self.must = [one.fixed.get(day) is not None for day in range(self.length)]
        self.least_run, self.least_rest = rules.least_run, max(1, rules.least_rest)
        self.most_run = min(rules.most_run or self.length, self.length)
        self._spend(rules, [compiled.shifts[s].minutes for row in self.at for s in row if s >= 0])
        follow = compiled.problem.rules.follow
        self.before = [[j for j, a in enumerate(self.kinds) if (a, b) not in follow] for b in self.kinds]
        self.weekend = [
            0 if day.weekend is None else 1 + int(d > 0 and compiled.days[d - 1].weekend == day.weekend)
            for d, day in enumerate(compiled.days)
        ]

    def _spend(self, rules: Any, minutes: list[int]) -> None:
        """Sizes of what is used up: minutes in their largest common unit, weekends, kinds whose limit can bind."""
        unit = gcd(*minutes) if minutes and any(minutes) else 0
        if unit and (rules.most_minutes is not None or rules.least_minutes):
            most = rules.most_minutes if rules.most_minutes is not None else max(minutes) * self.length
            capacity, self.low = most // unit, -(-rules.least_minutes // unit)
            lengths = {
                self.compiled.shifts[s].kind: self.compiled.shifts[s].minutes for r in self.at for s in r if s >= 0
            }
            self.steps = [lengths.get(kind, 0) // unit for kind in self.kinds]
            most_turns = most // max(1, min(m for m in minutes if m))
        else:
            capacity, self.low, self.steps, most_turns = 0, 0, [0] * len(self.kinds), self.length
        weekends = 0 if rules.most_weekends is None else rules.most_weekends
        self.count_weekends = rules.most_weekends is not None
        limits = [rules.most_of_kind.get(kind, self.length) for kind in self.kinds]
        self.limited = [k for k, limit in enumerate(limits) if limit < min(self.length, most_turns)]
        self.sizes = (capacity + 1, weekends + 1, *(limits[k] + 1 for k in self.limited))
        self.fits = int(np.prod(self.sizes)) <= MOST_STATES

    def _used(self, k: int, weekend: bool) -> tuple[int, ...]:
        """What one turn of kind k uses of each size."""
        return (self.steps[k], int(weekend and self.count_weekends), *(int(k == limited) for limited in self.limited))

    @staticmethod
    def _moved(into: Array, what: Array, used: tuple[int, ...], price: float) -> None:
        """into[…, x + used] = what[…, x] + price; what would go over a limit is dropped."""
        lead = (slice(None),) * (what.ndim - len(used))
        if any(step >= size for step, size in zip(used, what.shape[len(lead) :], strict=True)):
            return
        target = lead + tuple(slice(step, None) for step in used)
        source = lead + tuple(slice(None, -step if step else None) for step in used)
        np.add(what[source], price, out=into[target])

    def _forward(self, prices: list[list[float]]) -> tuple[list[Array], list[Array]]:
        shape = self.sizes
        works: list[Array] = []
        rests: list[Array] = []
        begin = np.full(shape, NEVER)
        begin[(0,) * len(shape)] = 0.0
        kinds, runs, rest = len(self.kinds), self.most_run, self.least_rest
        for day in range(self.length):
            work, off = np.full((kinds, runs, *shape), NEVER), np.full((rest, *shape), NEVER)
            if day == 0:
                ended, startable = begin, begin
            else:
                last_work, last_off = works[-1], rests[-1]
                ends = [r for r in range(runs) if r + 1 >= self.least_run or r + 1 == day]
                ended = last_work[:, ends].min(axis=(0, 1)) if kinds and ends else np.full(shape, NEVER)
                starts = sorted({rest - 1, day - 1} & set(range(rest)))
                startable = last_off[starts].min(axis=0)
            if not self.must[day]:
                off[0] = ended
                if day:
                    off[1:] = rests[-1][:-1]
                    off[rest - 1] = np.minimum(off[rest - 1], rests[-1][rest - 1])
            for k in range(kinds):
                if self.at[day][k] < 0:
                    continue
                weekend = self.weekend[day]
                self._moved(work[k, 0], startable, self._used(k, weekend > 0), prices[day][k])
                if day and runs > 1:
                    going = works[-1][self.before[k], : runs - 1].min(axis=0) if self.before[k] else None
                    if going is not None:
                        self._moved(work[k, 1:], going, self._used(k, weekend == 1), prices[day][k])
            works.append(work)
            rests.append(off)
        return works, rests

    def cheapest(self, prices: list[list[float]], count: int = 1) -> list[Pattern]:
        """The cheapest patterns, best first, at most `count`, each with another number of minutes; [] if none fits.

        `prices[day][k]` is the price of the k-th of `self.kinds` on that day.
        """
        works, rests = self._forward(prices)
        last_work, last_off = works[-1], rests[-1]
        by_minutes = min(self.low, self.sizes[0])
        axes = tuple(range(1, len(self.sizes)))
        off = last_off.min(axis=0)[by_minutes:]
        ends = off.min(axis=axes) if axes else off
        if self.kinds:
            on = last_work.min(axis=(0, 1))[by_minutes:]
            ends = np.minimum(ends, on.min(axis=axes))
        found = []
        for index in np.argsort(ends, kind="stable")[:count]:
            if ends[index] < NEVER / 2:
                found.append(Pattern(float(ends[index]), self._back(works, rests, by_minutes + int(index), prices)))
        return found

    def _back(
        self, works: list[Array], rests: list[Array], minutes: int, prices: list[list[float]]
    ) -> tuple[int | None, ...]:
        """The pattern that ends cheapest with these minutes used."""
        day = self.length - 1
        tail = rests[day][:, minutes]
        best = np.unravel_index(int(tail.argmin()), tail.shape)
        state: tuple[int, int] = (-1, int(best[0]))  # (kind or -1 for rest, index of length)
        used = (minutes, *map(int, best[1:]))
        if self.kinds:
            head = works[day][:, :, minutes]
            other = np.unravel_index(int(head.argmin()), head.shape)
            if head[other] < tail[best]:
                state, used = (int(other[0]), int(other[1])), (minutes, *map(int, other[2:]))
        found: list[int | None] = [None] * self.length
        while True:
            k, run = state
            if k >= 0:
                found[day] = self.at[day][k]
                weekend = self.weekend[day]
                spent = self._used(k, weekend > 0 if run == 0 else weekend == 1)
                used = tuple(u - s for u, s in zip(used, spent, strict=True))
            if day == 0:
                return tuple(found)
            day -= 1
            state = self._before(works[day], rests[day], state, used, day)

    def _before(
        self, work: Array, off: Array, state: tuple[int, int], used: tuple[int, ...], day: int
    ) -> tuple[int, int]:
        """The cheapest state on `day` from which `state` was reached on the next."""
        k, run = state
        if k >= 0 and run > 0:
            return min(((j, run - 1) for j in self.before[k]), key=lambda s: work[(*s, *used)])
        if k >= 0:
            starts = sorted({self.least_rest - 1, day} & set(range(self.least_rest)))
            return -1, min(starts, key=lambda q: off[(q, *used)])
        reached = [(-1, run - 1)] if run else []
        if run == self.least_rest - 1:
            reached.append((-1, run))
        if run == 0:
            ends = [r for r in range(self.most_run) if r + 1 >= self.least_run or r == day]
            reached += [(j, r) for j in range(len(self.kinds)) for r in ends]
        return min(reached, key=lambda s: off[(s[1], *used)] if s[0] < 0 else work[(*s, *used)])

"""Why no roster is possible, and what would make it possible.

Three steps: the stretch of days where it can't be done is narrowed down; in it, rules are left out one after the other
as long as it stays impossible, until each that remains is needed (a smallest conflict, by inclusion); and ways out are
solved for, cheapest first, each as a whole roster. Every claim rests on a solve with plain constraints: what a solver
says about its own assumptions isn't used (or-tools issue 5141).

Needs OR-Tools; without it there is no explanation beyond the breaches of the best roster.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from chenyue.reception.solving import greedy
from chenyue.reception.solving.checking import Checker
from chenyue.reception.solving.compiled import Compiled
from chenyue.reception.solving.elastic import PRICES, Elastic, Rule, rules
from chenyue.reception.solving.problem import Assignment, Breach, Code, Explanation, Problem, Repair
from chenyue.reception.solving.state import Cells, State

Stop = Callable[[], bool]
ALIKE = 2  # after so many repairs mainly by the same rule, that rule must give way less


@dataclass(slots=True)
class _Asking:
    """One explanation in the making."""

    problem: Problem
    compiled: Compiled
    deadline: float
    seed: int
    workers: int
    stop: Stop | None

    @property
    def left(self) -> float:
        """Seconds that remain; 0 once someone asked to stop."""
        return 0.0 if self.stop and self.stop() else self.deadline - time.monotonic()

    def empty(self) -> Cells:
        """A roster with nothing but the past."""
        state = State(self.compiled)
        for p, one in enumerate(self.compiled.ones):
            for day, s in one.fixed.items():
                if s is not None and day < self.compiled.begin:
                    state.put(p, s)
        return state.cells

    def possible(self, chosen: Sequence[Rule], span: range) -> bool | None:
        """Whether these rules can hold together in these days."""
        if self.left <= 0:
            return None
        model = Elastic(self.compiled, self.empty(), span, chosen)
        return model.solve(min(self.left, 20.0), self.seed, self.workers)[0]


def explain(
    problem: Problem,
    seconds: float = 30.0,
    *,
    best: Assignment | None = None,
    seed: int = 0,
    workers: int = 2,
    repairs: int = 5,
    stop: Stop | None = None,
) -> Explanation:
    """Why this problem has no legal roster. `best` is the roster with the fewest breaches found so far, if any.

    Half of the time at most goes into the conflict, the rest into at most so many repairs.
    """
    from chenyue.reception.solving.solver import solve

    began = time.monotonic()
    if best is None:
        best = solve(problem, seconds * 0.2, seed=seed, workers=workers, stop=stop).assignment
    compiled = Compiled(problem)
    asking = _Asking(problem, compiled, began + seconds * 0.65, seed, workers, stop)
    breaches = Checker(problem).check(best)
    if not breaches:
        return Explanation(possible=True)
    span = _narrow(asking, breaches)
    conflict: list[Rule] = []
    verified = False
    if span is not None:
        conflict, verified = _smallest(asking, rules(compiled, span), span, breaches)
    asking.deadline = began + seconds
    state = State(compiled)
    greedy.take(state, compiled.numbers(best.turns))
    found = sorted(_repairs(asking, state.cells, breaches, repairs), key=lambda repair: (repair.price, repair.gives))
    if found and not found[0].gives:
        return Explanation(possible=True, repairs=(found[0],))
    return Explanation(
        possible=False if span is not None else None,
        conflict=tuple(sorted(rule.breach for rule in conflict)),
        verified=verified,
        repairs=tuple(found),
    )


def _spans(asking: _Asking, breaches: Sequence[Breach]) -> Iterator[range]:
    """Stretches around the days where something broke, the shortest first; at last the whole."""
    begin, end = asking.compiled.begin, len(asking.compiled.days)
    days = sorted({day for breach in breaches for day in breach.days if day >= begin})
    reach = 0
    while days and reach < (end - begin) // 2:
        seen = set()
        for day in days[:6]:
            span = range(max(begin, day - reach), min(end, day + reach + 1))
            if span not in seen:
                seen.add(span)
                yield span
        reach = reach * 2 + 1
    yield range(begin, end)


def _narrow(asking: _Asking, breaches: Sequence[Breach]) -> range | None:
    """A short stretch of days in which the rules already contradict each other; None if none was found."""
    for span in _spans(asking, breaches):
        if asking.possible(rules(asking.compiled, span), span) is False:
            return span
        if asking.left <= 0:
            return None
    return None


def _smallest(asking: _Asking, chosen: list[Rule], span: range, breaches: Sequence[Breach]) -> tuple[list[Rule], bool]:
    """Leave rules out, in ever smaller chunks, while it stays impossible; at the end one by one.

    What shifts need is tried first, those that did not break before those that did: the fewer demands remain, the
    smaller every later question. True if each rule that is left was shown to be needed.
    """
    broken = {shift for breach in breaches for shift in breach.shifts}
    chosen = sorted(
        chosen, key=lambda rule: (rule.row < 0, bool(broken & set(rule.breach.shifts)), PRICES[rule.breach.code])
    )
    size = max(1, len(chosen) // 2)
    while True:
        chosen, complete = _without(asking, chosen, span, size)
        if not complete:
            return chosen, False
        if size == 1:
            return chosen, True
        size = max(1, size // 2) if size <= len(chosen) else max(1, len(chosen) // 2)


def _without(asking: _Asking, chosen: list[Rule], span: range, size: int) -> tuple[list[Rule], bool]:
    """Try to do without each chunk; the rules that are needed, and whether every answer was certain."""
    start = 0
    while start < len(chosen):
        fewer = chosen[:start] + chosen[start + size :]
        answer = asking.possible(fewer, span)
        if answer is None:
            return chosen, False
        if answer:
            start += size
        else:
            chosen = fewer
    return chosen, True


def _repairs(asking: _Asking, cells: Cells, breaches: Sequence[Breach], count: int) -> Iterator[Repair]:
    """Ways out, cheapest first: the rules give way at a price, then not in that way again, and so on."""
    compiled = asking.compiled
    begin, end = compiled.begin, len(compiled.days)
    days = [day for breach in breaches for day in breach.days if day >= begin]
    reach = 10
    span = range(max(begin, min(days) - reach), min(end, max(days) + reach + 1)) if days else range(begin, end)
    model = Elastic(compiled, cells, span, (), rules(compiled, span))
    checker = Checker(asking.problem)
    seen: Counter[Code] = Counter()
    told: set[tuple[Breach, ...]] = set()
    for _ in range(3 * count):
        if asking.left <= 0.2 or len(told) >= count:
            return
        answer, solver = model.solve(asking.left / (count - len(told)), asking.seed, asking.workers, priced=True)
        if not answer:
            return
        used = model.used(solver)
        roster = compiled.assignment((p, s) for p, line in enumerate(model.read(solver)) for s in line if s is not None)
        gives = tuple(checker.check(roster))
        if not gives:  # it can be done after all: the search before just didn't find it
            yield Repair((), 0, roster)
            return
        kind = Counter(model.slacks[number][0].breach.code for number in used).most_common(1)[0][0]
        if (alike := _alike(gives)) not in told:
            told.add(alike)
            seen[kind] += 1
            yield Repair(gives, round(solver.objective_value), roster)
        model.forbid(used)
        if seen[kind] % ALIKE == 0:
            model.forbid(used, kind=kind)


def _alike(gives: tuple[Breach, ...]) -> tuple[Breach, ...]:
    """Gives without the shifts: the same leave released for another sitting is no other way out."""
    return tuple(sorted({replace(breach, shifts=()) if breach.code is Code.LEAVE else breach for breach in gives}))

"""Mends a published roster after turns were lost: the past stays, as few names as possible change.

First the fewest changes that make it legal again are sought in a growing stretch of days; then, at the same number of
changes, what is cheapest.
"""

import time
from collections.abc import Iterable
from dataclasses import replace

from chenyue.reception.solving import greedy
from chenyue.reception.solving.checking import price
from chenyue.reception.solving.compiled import Compiled
from chenyue.reception.solving.problem import Assignment, Problem, Replan, Turn
from chenyue.reception.solving.solver import Progress, Stop, installed, solve
from chenyue.reception.solving.state import State

FIRM = 100_000  # price of a change while mending: nothing soft outweighs it
FEWEST = 0.6  # of the time goes into changing few; the rest into what is soft


def replan(
    problem: Problem,
    published: Assignment,
    lost: Iterable[tuple[str, str]],
    *,
    today: int,
    seconds: float = 15.0,
    seed: int = 0,
    workers: int = 2,
    progress: Progress | None = None,
    stop: Stop | None = None,
    solver: bool | None = None,
) -> Replan:
    """A legal roster close to `published` that does without the `lost` turns.

    Days before `today` stay as they are. Each other published turn that goes costs `Rules.change`, far more than
    anything soft; so does a lost one, which nobody can avoid. Whoever is ill for longer should also be `off` on those
    days in `problem`: what they then have is lost too. The objective given is that of the problem's own prices.
    """
    gone = {Turn(*turn) for turn in lost}
    off = {person.id: person.off for person in problem.people}
    shifts = {shift.id: shift for shift in problem.shifts}
    gone |= {
        turn
        for turn in published.turns
        if turn.shift in shifts
        and shifts[turn.shift].day >= today
        and shifts[turn.shift].day in off.get(turn.person, ())
    }
    barred: dict[str, set[str]] = {}
    for turn in gone:
        barred.setdefault(turn.person, set()).add(turn.shift)
    after = replace(
        problem,
        people=tuple(
            replace(person, barred=person.barred | barred[person.id]) if person.id in barred else person
            for person in problem.people
        ),
        pins=frozenset(problem.pins - gone),
        published=published,
        frozen=max(today, problem.frozen),
    )
    firm = replace(after, rules=replace(problem.rules, change=max(FIRM, problem.rules.change)))
    began = time.monotonic()
    start = None
    if solver is not False and installed():
        start = _fewest(firm, gone, seconds * FEWEST, seed, workers)
    left = max(0.1, seconds - (time.monotonic() - began))
    found = solve(firm, left, seed=seed, workers=workers, progress=progress, stop=stop, solver=solver, start=start)
    return Replan(
        solution=replace(found, objective=price(after, found.assignment).total, bound=None, proven=False),
        lost=frozenset(gone),
        changed=published.turns - found.assignment.turns,
        added=found.assignment.turns - published.turns,
    )


def _fewest(problem: Problem, gone: set[Turn], seconds: float, seed: int, workers: int) -> Assignment:
    """The roster with the fewest changes that wider and wider searches found; nothing soft counts here."""
    from chenyue.reception.solving.cp import Part

    bare = replace(problem, wishes=(), rules=replace(problem.rules, fairness=(), unfamiliar=0))
    compiled = Compiled(bare)
    state = State(compiled)
    greedy.take(state, compiled.published)
    deadline = time.monotonic() + seconds
    days = sorted({compiled.day_of[s] for _, s in compiled.numbers(gone)})
    leads = {compiled.people[p].lead for p, _ in compiled.numbers(gone)}
    alike = [p for p, person in enumerate(compiled.people) if person.lead in leads]
    everyone = list(range(len(compiled.people)))
    for people, reach in ((alike, 4), (everyone, 8), (everyone, len(compiled.days))):
        if not days or not state.broken:
            break
        span = range(max(compiled.begin, days[0] - reach), min(len(compiled.days), days[-1] + reach + 1))
        part = Part(state, [(p, day) for p in people for day in span])
        found = part.solve(max(0.1, (deadline - time.monotonic()) * 0.6), seed, workers)
        if found.cells is not None:
            state.load(found.cells)
    return compiled.assignment(state.pairs())

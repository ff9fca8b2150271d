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
from chenyue.reception.solving.problem import Assignment, Problem, Replan, Solution, Turn
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
    found = mend(after, seconds, seed=seed, workers=workers, progress=progress, stop=stop, solver=solver, firm=True)
    return Replan(
        solution=found,
        lost=frozenset(gone),
        changed=published.turns - found.assignment.turns,
        added=found.assignment.turns - published.turns,
    )


def mend(
    problem: Problem,
    seconds: float = 15.0,
    *,
    seed: int = 0,
    workers: int = 2,
    progress: Progress | None = None,
    stop: Stop | None = None,
    solver: bool | None = None,
    firm: bool = False,
) -> Solution:
    """As `solve`, for a problem whose published roster has holes or breaks rules: as few published turns go as can be.

    Where the published roster is legal, or there is none, this is `solve`, unless `firm`: then changes are paid for as
    the rules say.
    Prices told on the way are those of a search in which a change outweighs everything; the solution's are the rules'.
    """
    holes = _holes(problem)
    if holes is None and not firm:
        return solve(problem, seconds, seed=seed, workers=workers, progress=progress, stop=stop, solver=solver)
    dear = replace(problem, rules=replace(problem.rules, change=max(FIRM, problem.rules.change)))
    began = time.monotonic()
    start = None
    if holes is not None and solver is not False and installed():
        start = _fewest(dear, holes, seconds * FEWEST, seed, workers)
    left = max(0.1, seconds - (time.monotonic() - began))
    found = solve(dear, left, seed=seed, workers=workers, progress=progress, stop=stop, solver=solver, start=start)
    return replace(
        found,
        objective=price(problem, found.assignment).total,
        bound=None,
        proven=False,
        seconds=round(time.monotonic() - began, 3),
    )


def _holes(problem: Problem) -> list[int] | None:
    """Days on which the published roster lacks somebody, or has somebody who can't be; None where all is well."""
    compiled = Compiled(problem)
    standing = {(p, s) for p, s in compiled.published if compiled.day_of[s] >= compiled.begin}
    if not standing:
        return None
    state = State(compiled)
    greedy.take(state, compiled.published)
    days = {compiled.day_of[s] for p, s in standing if state.cells[p][compiled.day_of[s]] != s}
    for row, count in zip(compiled.rows, state.counts, strict=True):
        if row.broken(count):
            days |= {compiled.day_of[s] for s in row.shifts}
    return sorted(days) or None


def _fewest(problem: Problem, holes: list[int], seconds: float, seed: int, workers: int) -> Assignment:
    """The roster with the fewest changes that wider and wider searches found; nothing soft counts here."""
    from chenyue.reception.solving.cp import Part

    bare = replace(problem, wishes=(), rules=replace(problem.rules, fairness=(), unfamiliar=0))
    compiled = Compiled(bare)
    state = State(compiled)
    greedy.take(state, compiled.published)
    deadline = time.monotonic() + seconds
    short = [row.who for row, count in zip(compiled.rows, state.counts, strict=True) if row.broken(count)]
    leads = {p for who in short for p in who if compiled.people[p].lead}
    only_leads = any(who <= leads for who in short)
    everyone = list(range(len(compiled.people)))
    alike = sorted(leads) if only_leads else everyone
    for people, reach in ((alike, 4), (everyone, 8), (everyone, len(compiled.days))):
        if not state.broken:
            break
        span = range(max(compiled.begin, holes[0] - reach), min(len(compiled.days), holes[-1] + reach + 1))
        part = Part(state, [(p, day) for p in people for day in span])
        found = part.solve(max(0.1, (deadline - time.monotonic()) * 0.6), seed, workers)
        if found.cells is not None:
            state.load(found.cells)
    return compiled.assignment(state.pairs())

"""Who could take a shift that has become vacant: everyone, the legal and cheapest first. Milliseconds; no solver."""

from chenyue.reception.solving.checking import Checker
from chenyue.reception.solving.problem import Assignment, Code, Problem, StandIn, Turn
from chenyue.reception.solving.state import State

NEVER = {Code.UNKNOWN, Code.PAST, Code.LEAVE, Code.ONE_A_DAY}  # what can't be waved through by a leader


def stand_ins(
    problem: Problem | Checker, roster: Assignment, shift: str, absent: str, *, limit: int | None = None
) -> list[StandIn]:
    """Those who could stand in for `absent` at `shift`, ranked: fewest broken rules, then lowest price.

    A price is by how much the roster becomes dearer. People on leave that day, or already on duty that day, are no
    stand-ins. The rules broken by each are the stand-in's own, and what this shift then still lacks (a lead, a skill);
    `shift` must be one of the problem's (KeyError).
    """
    checker = problem if isinstance(problem, Checker) else Checker(problem)
    compiled = checker.compiled
    vacated = roster.changed(remove=[(absent, shift)])
    here = vacated.people(shift)
    number = compiled.shift_no[shift]
    state = State(compiled)
    for p, s in compiled.numbers(vacated.turns):
        if state.cells[p][compiled.day_of[s]] is None:
            state.put(p, s)
    found = []
    for p, person in enumerate(compiled.people):
        if person.id == absent or person.id in here or state.cells[p][compiled.day_of[number]] is not None:
            continue
        turn = Turn(person.id, shift)
        breaches = set(checker.change(vacated, add=[turn]))
        breaches |= {b for b in checker.at(vacated.changed(add=[turn]), shift) if b.code is not Code.STAFFED}
        if any(breach.code in NEVER for breach in breaches):
            continue
        before = state.price
        state.put(p, number)
        found.append(StandIn(person.id, state.price - before, tuple(sorted(breaches))))
        state.drop(p, number)
    found.sort(key=lambda stand_in: (len(stand_in.breaches), stand_in.price, stand_in.person))
    return found[:limit]

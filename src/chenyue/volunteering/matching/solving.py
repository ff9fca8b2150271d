"""A whole week at once: which volunteers to ask for which needs. OR-Tools is imported here, in a job, nowhere else.

Most needs first, then the best fits. Hard: nobody at two places at once (with half an hour between), at most so many
times a week, no more people than are needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from chenyue.volunteering.matching.score import Fit, Person, Task, fit, why_nobody

BETWEEN = timedelta(minutes=30)
PLACE = 1000  # price of a place that stays empty: always more than any fit (at most 100)
ASK_MOST = 3  # times a week


@dataclass(frozen=True)
class Left:
    """A need that lacks people: how many, and why."""

    task: int
    missing: int
    reasons: dict[str, int]


@dataclass(frozen=True)
class Week:
    """What was found: pairs, needs left over, and whether nothing better exists."""

    pairs: list[Fit] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    proven: bool = True


def solve(
    tasks: Sequence[Task], people: Sequence[Person], *, most: int = ASK_MOST, seconds: float = 10, seed: int = 1
) -> Week:
    """The best week within so many seconds of wall time. Deterministic for one worker and a proven result."""
    fits = {(t.id, p.id): one for t in tasks for p in people if (one := fit(p, t)) is not None}
    chosen, proven = (_search(tasks, people, fits, most, seconds, seed)) if fits else (set(), True)
    pairs = sorted((fits[pair] for pair in chosen), key=lambda one: (one.task, -one.points, one.person))
    return Week(pairs, _left(tasks, people, fits, chosen, most), proven)


def _search(
    tasks: Sequence[Task], people: Sequence[Person], fits: dict[tuple[int, int], Fit], most: int, seconds: float,
    seed: int,
) -> tuple[set[tuple[int, int]], bool]:  # fmt: skip
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = {pair: model.new_bool_var(f"x{pair[0]}_{pair[1]}") for pair in fits}
    for task in tasks:
        mine = [x[pair] for pair in x if pair[0] == task.id]
        model.add(cp_model.LinearExpr.sum(mine) <= task.people)
    for person in people:
        mine_of = [task for task in tasks if (task.id, person.id) in x]
        model.add(cp_model.LinearExpr.sum([x[task.id, person.id] for task in mine_of]) <= most)
        for at, one in enumerate(mine_of):
            for other in mine_of[at + 1 :]:
                if clash(one, other):
                    model.add_bool_or([x[one.id, person.id].negated(), x[other.id, person.id].negated()])
    model.maximize(
        cp_model.LinearExpr.weighted_sum(list(x.values()), [PLACE + fits[pair].points for pair in x])
    )  # fmt: skip
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return set(), False
    return {pair for pair, var in x.items() if solver.boolean_value(var)}, status == cp_model.OPTIMAL


def clash(one: Task, other: Task) -> bool:
    """Whether nobody can do both: the ways between take half an hour."""
    return one.starts < other.ends + BETWEEN and other.starts < one.ends + BETWEEN


def _left(
    tasks: Sequence[Task], people: Sequence[Person], fits: dict[tuple[int, int], Fit], chosen: set[tuple[int, int]],
    most: int,
) -> list[Left]:  # fmt: skip
    by_task = {task.id: task for task in tasks}
    taken: dict[int, list[Task]] = {}
    for done, who in chosen:
        taken.setdefault(who, []).append(by_task[done])
    found = []
    for task in tasks:
        missing = task.people - sum(pair[0] == task.id for pair in chosen)
        if missing <= 0:
            continue
        reasons = why_nobody(task, people)
        for person in people:
            if (task.id, person.id) in fits and (task.id, person.id) not in chosen:
                elsewhere = taken.get(person.id, [])
                why = "elsewhere" if any(clash(task, one) for one in elsewhere) else "enough"
                reasons[why] = reasons.get(why, 0) + 1
        found.append(Left(task.id, missing, reasons))
    return found

"""The solver core as the office uses it: a roster, a roster with few changes, why there is none.

OR-Tools is loaded by the job worker at its first solve, and never by a web process.
"""

from collections.abc import Callable
from typing import Any

from chenyue.reception.rostering import drafts, saying
from chenyue.reception.rostering.building import Built
from chenyue.reception.solving import replanning, solver
from chenyue.reception.solving.problem import Assignment, Solution

Progress = Callable[[int | None, float | None, float], None]
Stop = Callable[[], bool]
MOST = 60  # seconds that an explanation gets


def solve(built: Built, seconds: float, *, replans: bool, progress: Progress, stop: Stop) -> Solution:
    """The best roster found in so many seconds.

    With `replans` as few as possible of the turns that stand are changed: turns on days of leave are lost, what is past
    stays as it is.
    """
    problem = built.problem
    if not replans or problem.published is None:
        return solver.solve(problem, seconds, progress=progress, stop=stop)
    standing, today = problem.published, problem.frozen
    return replanning.replan(problem, standing, (), today=today, seconds=seconds, progress=progress, stop=stop).solution


def findings(built: Built, best: Assignment, seconds: float, *, stop: Stop) -> list[dict[str, Any]]:
    """Why there is no roster, as rows of `Plan.findings`: the rules of a smallest conflict, then priced repairs.

    Each repair holds the draft that is possible with it. Without OR-Tools there is nothing to say beyond what the
    best roster breaks.
    """
    if not solver.installed():
        return []
    from chenyue.reception.solving.explaining import explain

    found = explain(built.problem, min(MOST, max(10.0, seconds)), best=best, stop=stop)
    rows: list[dict[str, Any]] = [
        {"kind": "rule", "words": saying.rule(breach, built), "verified": found.verified} for breach in found.conflict
    ]
    for repair in found.repairs:
        draft = drafts.stored(repair.assignment.turns, built)
        words = saying.gives(repair.gives, built)
        rows.append({"kind": "repair", "words": words, "price": repair.price, "draft": draft})
    return rows

"""The solver core as the office uses it: a roster, a roster with few changes, why there is none.

OR-Tools is loaded by the job worker at its first solve, and never by a web process.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from chenyue.reception.rostering import drafts, saying
from chenyue.reception.rostering.building import Built
from chenyue.reception.solving import replanning, solver
from chenyue.reception.solving.problem import Assignment, Solution

Progress = Callable[[int | None, float | None, float], None]
Stop = Callable[[], bool]
MOST = 60  # seconds that an explanation gets
FIRST = 3.0  # seconds of the first stretch


def solve(
    built: Built, seconds: float, *, replans: bool, progress: Progress, keep: Callable[[Solution], None], stop: Stop
) -> Solution:
    """The best roster found in so many seconds.

    With `replans` as few as possible of the turns that stand are changed: turns on days of leave are lost, what is past
    stays as it is. Else it is searched in growing stretches, each from where the last ended, and `keep` hears of the
    roster after each: what is lost with a worker is the last stretch at most.
    """
    problem = built.problem
    if replans and problem.published is not None:
        standing, today = problem.published, problem.frozen
        return replanning.replan(
            problem, standing, (), today=today, seconds=seconds, progress=progress, stop=stop
        ).solution
    used, stretch = 0.0, min(FIRST, seconds)
    best: Solution | None = None
    while True:
        told = partial(_later, progress, used)
        start = best.assignment if best and best.legal else None
        best = solver.solve(problem, stretch, seed=round(used), progress=told, stop=stop, start=start)
        used += stretch
        best = replace(best, seconds=used)
        if best.proven or stop() or used >= seconds - 0.5:
            return best
        keep(best)
        stretch = min(2 * used, seconds - used)


def _later(progress: Progress, before: float, price: int | None, bound: float | None, elapsed: float) -> None:
    progress(price, bound, before + elapsed)


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

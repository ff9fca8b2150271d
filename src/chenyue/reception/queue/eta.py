"""How long will it be? An interval from P50 to P80, by playing the queue through many times. Pure.

For each visit in progress the rest is drawn from past visits that lasted longer than it has so far; then the line is
served by whichever window is free first, with times drawn from the same past. Never "place × mean", which errs by
twenty minutes and more: see docs/adr/0016.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# numpy is imported by who draws, not by who loads this module: it would take 25 MB of every process of a quiet office.
SHORTEST, LONGEST = 60.0, 90 * 60.0  # seconds; what lies outside was a slip of the key, not a visit
PRIOR = 40  # visits that the defaults count for
LIKE_IT = 5  # past visits that lasted longer, below which the rest is guessed from how long it has been


@dataclass(frozen=True)
class Interval:
    """Seconds until a visitor is called: half of them are called by `low`, four of five by `high`."""

    low: float
    high: float


@cache
def defaults(count: int = 200) -> tuple[float, ...]:
    """Seconds of visits where a venue has no past yet: seven short of ten (about 6 min), three long (about 22)."""
    import numpy as np

    # The mixture of reference simulation "reception, 90 minutes, two windows": gamma(4; 1.5) and gamma(4; 5.5) minutes.
    random = np.random.default_rng(7)
    drawn = np.concatenate([random.gamma(4, 1.5 * 60, 14_000), random.gamma(4, 5.5 * 60, 6_000)])
    spread = np.quantile(np.clip(drawn, SHORTEST, LONGEST), (np.arange(count) + 0.5) / count)
    return tuple(float(x) for x in spread)


def usable(past: Sequence[float]) -> tuple[float, ...]:
    """Past durations in seconds fit to draw from, and forty visits' worth of defaults.

    So the venue's own past takes over slowly: thirty visits alone would know too little of the long ones.
    """
    return tuple(min(x, LONGEST) for x in past if x >= SHORTEST) + defaults(PRIOR)


def _rest(
    elapsed: float, past: "npt.NDArray[np.float64]", draws: int, random: "np.random.Generator"
) -> "npt.NDArray[np.float64]":
    """What is left of a visit that has lasted `elapsed` seconds, `draws` times."""
    import numpy as np

    longer = past[past > elapsed]
    if len(longer) >= LIKE_IT:
        return np.asarray(random.choice(longer, draws) - elapsed)
    return np.asarray(elapsed * random.uniform(0.05, 0.5, draws))  # longer than nearly all before it


def waits(
    *, windows: int, busy: Sequence[float], ahead: int, past: Sequence[float], draws: int = 400, seed: int = 0
) -> list[Interval]:
    """Intervals for each of `ahead` visitors in the line, and last for one who comes now.

    `busy`: for each window with somebody at it, the seconds since they were called. `past`: see `usable`. The same
    seed gives the same answer.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    spread = np.asarray(past, dtype=np.float64)
    seats = max(windows, len(busy), 1)
    free = np.zeros((draws, seats))
    for window, elapsed in enumerate(busy):
        free[:, window] = _rest(max(0.0, elapsed), spread, draws, random)
    lines, found = np.arange(draws), []
    for _ in range(ahead + 1):
        first = free.argmin(axis=1)
        begins = free[lines, first]
        low, high = np.quantile(begins, (0.5, 0.8))
        found.append(Interval(float(low), float(high)))
        free[lines, first] = begins + random.choice(spread, draws)
    return found


def told(interval: Interval) -> tuple[int, int]:
    """Minutes as people read them: whole ones up to ten, then the nearest five; the second is always larger."""
    low, high = _rounded(interval.low), _rounded(interval.high)
    if high <= low:
        high = low + (1 if low < 10 else 5)
    return low, high


def _rounded(seconds: float) -> int:
    minutes = seconds / 60
    return round(minutes) if minutes < 10 else 5 * round(minutes / 5)

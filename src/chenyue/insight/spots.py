"""Hot spots: where some trouble comes more often than it usually does there. Pure; numpy and scipy, in a job only.

For each place and category the cases of the last days are held against the days before. What is usual at a place is
little known where little happened, so it is drawn towards what is usual for the category at all places: a gamma prior
fitted to them, hence a negative binomial for what to expect. A trouble that rose everywhere (a storm, a frost) is no
spot: the expectation rises with the whole office. The exact upper tail gives p; Benjamini and Hochberg's rule keeps the
share of false alarms among all that are shown below `rate`, counting every place and category that was looked at.
The floor of three cases in thirty days is the house's own rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

WINDOW = 30  # days looked at
USUAL = 365  # days before them that say what is usual
FLOOR = 3  # cases below which nothing is a spot
RATE = 0.10  # at most this share of what is shown is chance
NEW_SHAPE = 0.5  # how far places differ in a kind of which nothing is known: as far as in kinds that differ much
WEEK_PARTS = ("weekday-day", "weekday-evening", "weekday-night", "weekend-day", "weekend-evening", "weekend-night")


class Seen(NamedTuple):
    """A case: its place and category (ids), how many days ago (0: the last day looked at), which part of the week."""

    place: int
    category: int
    ago: int
    part: int


@dataclass(frozen=True)
class Spot:
    """A place and category with more than usual. `part`: the part of the week it keeps to, or None."""

    place: int
    category: int
    count: int
    expected: float
    p: float
    q: float
    part: int | None


def part_of_week(weekday: int, hour: int) -> int:
    """An index of `WEEK_PARTS`; `weekday` 0 is Monday. Day: 6–18, evening: 18–22, night: the rest."""
    time = 0 if 6 <= hour < 18 else 1 if 18 <= hour < 22 else 2
    return time + (3 if weekday >= 5 else 0)


def find(
    seen: Sequence[Seen], *, window: int = WINDOW, usual: int = USUAL, floor: int = FLOOR, rate: float = RATE
) -> tuple[list[Spot], int]:
    """Spots, the surest first, and how many places and categories were tested. Linear in the cases."""
    import numpy as np

    rows = np.array([one for one in seen if one.ago < window + usual], dtype=np.int64).reshape(-1, 4)
    if not len(rows):
        return [], 0
    pairs, cell = np.unique(rows[:, :2], axis=0, return_inverse=True)
    cell = cell.ravel()
    recent = rows[:, 2] < window
    now = np.bincount(cell[recent], minlength=len(pairs))
    before = np.bincount(cell[~recent], minlength=len(pairs))
    places = len(np.unique(rows[:, 0]))
    expected, p = np.zeros(len(pairs)), np.ones(len(pairs))
    tests = 0
    for category in np.unique(pairs[:, 1]):
        mine = pairs[:, 1] == category
        expected[mine], p[mine] = _tails(now[mine], before[mine], places, window / usual)
        tests += places  # a place without a case was looked at, too
    q = _adjusted(p, tests)
    hot = np.nonzero((now >= floor) & (q <= rate) & (now > expected))[0]
    usual_parts = _shares(rows)
    found = [
        Spot(
            int(pairs[n, 0]), int(pairs[n, 1]), int(now[n]), round(float(expected[n]), 3), float(p[n]), float(q[n]),
            _part(rows[recent & (cell == n), 3], usual_parts.get(int(pairs[n, 1]))),
        )
        for n in hot
    ]  # fmt: skip
    return sorted(found, key=lambda spot: (spot.p, -spot.count, spot.place, spot.category)), tests


def _tails(now: Any, before: Any, places: int, stretch: float) -> tuple[Any, Any]:
    """What is expected in the window, and the chance of so many or more, for each place of one category.

    Prior of a place's rate: gamma with the mean and the spread of all places (those without a case count as zeros).
    """
    import numpy as np
    from scipy.special import betainc

    mean = before.sum() / places
    spread = ((before - mean) ** 2).sum() + (places - len(before)) * mean**2
    excess = spread / max(places - 1, 1) - mean  # of the rate itself, beyond what chance gives
    shape = mean**2 / excess if excess > 1e-9 and mean > 0 else 50.0
    shape = float(np.clip(shape, 0.02, 50.0))
    if not mean:  # a kind that is new, or was never told of: only the other places say what is usual, and not how much
        mean, shape = 1 / (places * stretch), NEW_SHAPE  # places differ
    pace = shape / max(mean, 0.5 / places)  # inverse scale, in lengths of the usual stretch
    # What rose everywhere is not told by one place: its own share of the rise is left out.
    rest_now, rest_before = now.sum() - now, before.sum() - before
    rise = (rest_now + 1) / (rest_before * stretch + 1)
    exposure = stretch * np.maximum(rise, 0.2)
    posterior = shape + before
    expected = posterior / (pace + 1) * exposure
    # Negative binomial: P(X ≥ k) = I_{e/(β+e)}(k, α)
    chance = exposure / (pace + 1 + exposure)
    p = np.where(now > 0, betainc(np.maximum(now, 1), posterior, chance), 1.0)
    return expected, p


def _adjusted(p: Any, tests: int) -> Any:
    """Benjamini and Hochberg: the smallest rate at which each would be shown."""
    import numpy as np

    order = np.argsort(p)
    ranked = p[order] * tests / np.arange(1, len(p) + 1)
    q = np.minimum.accumulate(ranked[::-1])[::-1]
    found = np.empty_like(q)
    found[order] = np.minimum(q, 1.0)
    return found


def _shares(rows: Any) -> dict[int, Any]:
    """By category, which share of its cases falls into each part of the week, a little smoothed."""
    import numpy as np

    found = {}
    for category in np.unique(rows[:, 1]):
        counts = np.bincount(rows[rows[:, 1] == category, 3], minlength=len(WEEK_PARTS)) + 0.5
        found[int(category)] = counts / counts.sum()
    return found


def _part(parts: Any, usual: Any) -> int | None:
    """The part of the week that these cases keep to, if chance alone would hardly do that (p < 0.01)."""
    import numpy as np
    from scipy.special import betainc

    if usual is None or len(parts) < FLOOR:
        return None
    counts = np.bincount(parts, minlength=len(WEEK_PARTS))
    top = int(counts.argmax())
    k, n, share = int(counts[top]), len(parts), float(usual[top])
    p = float(betainc(k, n - k + 1, share)) if k else 1.0
    return top if p * len(WEEK_PARTS) < 0.01 else None

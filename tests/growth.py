"""How what is done grows with what it is done to: two measurements of one run compared, so no machine is too slow."""

import gc
import time
from collections.abc import Callable

TIMES = 4  # the larger of the two is so many times the smaller
STEEP = 9.0  # what grows with the length gives 4, what grows with its square 16
LITTLE = 0.01  # CPU seconds of the larger below which there is nothing to compare
TRIES = 5  # what grows too fast does so each time; a machine with other work on it stumbles once


def growth(act: Callable[[int], object], size: int) -> float:
    """How many times longer `act(4 * size)` takes than `act(size)`, by the best of some tries of each.

    Seconds are those that this thread worked. The first try that is not steep settles it. `act(size)` is
    called once before, so that what is built once isn't counted.
    """
    act(size)
    small = large = float("inf")
    for _try in range(TRIES):
        small = min(small, _spent(act, size))
        large = min(large, _spent(act, TIMES * size))
        if large < max(LITTLE, STEEP * small):
            break
    return large / small if large >= LITTLE else 1.0


def least(act: Callable[[], object]) -> float:
    """CPU seconds of this thread that an act takes, by the best of some tries."""
    act()
    return min(_spent(lambda _size: act(), 0) for _try in range(TRIES))


def _spent(act: Callable[[int], object], size: int) -> float:
    gc.disable()  # a collection looks at all that earlier tests left behind
    try:
        began = time.thread_time()
        act(size)
        return time.thread_time() - began
    finally:
        gc.enable()

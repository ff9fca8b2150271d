"""Did it come down? Two counts of two stretches, held against each other exactly. Pure, without numpy.

Given how many there were in both stretches together, the number of the later one is binomial if nothing changed, with
the share of its days. The interval of that share (Clopper and Pearson 1934: never narrower than it says) gives the
interval of the ratio of the two rates.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

SURE = 0.95  # of the interval, two-sided
Verdict = Literal["proved", "missed", "same", "more", "few", "changed"]


@dataclass(frozen=True)
class Proof:
    """What came of it. Days are those on which the office took anything in at all; `ratio`: after ÷ before, by day.

    Verdicts: `proved`: clearly fewer, and not more than the target; `missed`: clearly fewer, but the target isn't
    reached; `same`: no clear fall; `more`: clearly more than before; `few`: too few to say either; `changed`: what was
    counted isn't used any more, such as a category that was split.
    """

    before: int
    after: int
    before_days: int
    after_days: int
    target: int
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None  # of so few or fewer, if nothing had changed
    verdict: Verdict

    def kept(self) -> dict[str, Any]:
        """As the project's row keeps it."""
        return asdict(self)


def held(before: int, after: int, before_days: int, after_days: int, target: int, *, changed: bool = False) -> Proof:
    """Hold two counts against each other; `target`: at most so many in a stretch as long as the one before."""
    whole = before + after
    if changed or before_days <= 0 or after_days <= 0 or not whole:
        verdict: Verdict = "changed" if changed else "few"
        return Proof(before, after, before_days, after_days, target, None, None, None, None, verdict)
    low, high = interval(after, whole)
    scale = before_days / after_days
    ratio = after / before * scale if before else None
    bounds = [share / (1 - share) * scale if share < 1 else None for share in (low, high)]
    p = below(after, whole, after_days / (before_days + after_days))
    said = _verdict(before, after, before_days, after_days, target, bounds)
    return Proof(
        before, after, before_days, after_days, target, _short(ratio), _short(bounds[0]), _short(bounds[1]),
        round(p, 6), said,
    )  # fmt: skip


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _verdict(
    before: int, after: int, before_days: int, after_days: int, target: int, bounds: list[float | None]
) -> Verdict:
    low, high = bounds
    if low is not None and low > 1:
        return "more"
    if high is not None and high < 1:
        return "proved" if after * before_days <= target * after_days else "missed"
    # Would even none at all have been a clear fall? If not, nothing could have been proved.
    best = interval(0, before)[1] if before else 1.0
    possible = best < 1 and best / (1 - best) * before_days / after_days < 1
    return "same" if possible else "few"


def interval(k: int, n: int, sure: float = SURE) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share of which `k` of `n` were seen."""
    tail = (1 - sure) / 2
    low = 0.0 if k == 0 else _root(lambda share: 1 - below(k - 1, n, share), tail)
    high = 1.0 if k == n else _root(lambda share: -below(k, n, share), -tail)
    return low, high


def _root(rising: Any, wanted: float) -> float:
    """Where a rising function of a share reaches a value."""
    low, high = 0.0, 1.0
    for _turn in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2


def below(k: int, n: int, share: float) -> float:
    """The chance of `k` or fewer of `n`."""
    if k < 0:
        return 0.0
    if k >= n or share <= 0:
        return 1.0
    if share >= 1:
        return 0.0
    yes, no, whole = math.log(share), math.log1p(-share), math.lgamma(n + 1)
    parts = (whole - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * yes + (n - i) * no for i in range(k + 1))
    return min(1.0, math.fsum(map(math.exp, parts)))

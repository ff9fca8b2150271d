"""Before and after, exactly: golden values of Clopper and Pearson's interval, verdicts, and days of outage."""

from datetime import date, timedelta

import pytest

from chenyue.insight.outages import outages
from chenyue.insight.proof import below, held, interval

MONDAY = date(2026, 9, 7)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Published tables of the exact interval, 95 %.
    [
        (0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129),
        (3, 20, 0.0321, 0.3789),
    ],
)  # fmt: skip
def test_the_interval_is_the_published_one(k: int, n: int, low: float, high: float) -> None:
    assert interval(k, n) == (pytest.approx(low, abs=2e-4), pytest.approx(high, abs=2e-4))


def test_the_chance_of_few() -> None:
    assert [round(below(k, 4, 0.5), 6) for k in (-1, 0, 1, 4)] == [0, 0.0625, 0.3125, 1]
    assert below(1, 3, 0) == 1 and below(1, 3, 1) == 0


@pytest.mark.parametrize(
    ("before", "after", "days", "target", "verdict"),
    [
        (20, 3, (90, 90), 5, "proved"),
        (20, 6, (90, 90), 5, "missed"),
        (20, 15, (90, 90), 5, "same"),
        (10, 30, (90, 90), 5, "more"),
        (4, 0, (90, 90), 1, "few"),  # even none at all is no proof: 0 of 4 reaches up to 1.5
        (20, 2, (90, 30), 9, "same"),  # a third of the days
        (20, 1, (90, 30), 9, "proved"),
        (20, 4, (90, 180), 3, "proved"),  # two targets in twice the days
        (0, 0, (90, 90), 0, "few"),
        (5, 1, (90, 0), 3, "few"),
    ],
)
def test_verdicts(before: int, after: int, days: tuple[int, int], target: int, verdict: str) -> None:
    assert held(before, after, *days, target).verdict == verdict


def test_a_proof_says_its_ratio_with_the_interval() -> None:
    found = held(20, 4, 90, 90, 5)
    assert (found.ratio, found.verdict) == (0.2, "proved")
    assert found.low is not None and found.high is not None and found.low < 0.2 < found.high < 0.7
    assert held(0, 3, 90, 90, 5).ratio is None
    assert held(20, 0, 90, 90, 5, changed=True).verdict == "changed"


def days(empty: set[int], weekend: int = 8) -> dict[date, int]:
    found = {}
    for n in range(70):
        day = MONDAY + timedelta(days=n)
        found[day] = 0 if n in empty else weekend if day.weekday() > 4 else 12
    return found


def test_an_empty_day_where_much_comes_is_an_outage_and_a_quiet_sunday_is_not() -> None:
    last = MONDAY + timedelta(days=69)
    assert outages(days({10, 11}), MONDAY, last) == {MONDAY + timedelta(days=10), MONDAY + timedelta(days=11)}
    quiet = days({6, 13}, weekend=1)
    assert outages(quiet, MONDAY, last) == set()
    assert outages({}, MONDAY, last) == set()

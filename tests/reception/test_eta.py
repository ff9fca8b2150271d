"""Waiting times: the reference's mornings played through, and how often the interval holds."""

import heapq

import numpy as np
import pytest

from chenyue.reception.queue import eta


def talks(random, count):
    """Minutes of visits in the reference: seven of ten gamma(4; 1.5), three gamma(4; 5.5)."""
    long = random.random(count) < 0.3
    return np.where(long, random.gamma(4, 5.5, count), random.gamma(4, 1.5, count))


def morning(random):
    """Arrivals (half of them in the first quarter of an hour) and their talks, in minutes."""
    count = random.poisson(14)
    first = count // 2
    arrivals = np.sort(np.concatenate([random.uniform(0, 15, first), random.uniform(15, 90, count - first)]))
    return list(zip(arrivals, talks(random, count), strict=True))


def play(random, past, windows=2, seen=None):
    """One morning, first come first heard: for each visitor what was told on arrival, and what it was. Minutes."""
    free, busy, found, ends = [0.0] * windows, [], [], []
    for arrival, talk in morning(random):
        busy = [(b, e) for b, e in ends if b <= arrival < e]
        ahead = sum(b > arrival for b, e in ends)
        asked = eta.waits(
            windows=windows, busy=[(arrival - b) * 60 for b, e in busy], ahead=ahead, past=past, draws=200,
            seed=int(random.integers(1 << 30)),
        )[-1]  # fmt: skip
        begins = max(arrival, heapq.heappop(free))
        heapq.heappush(free, begins + talk)
        ends.append((begins, begins + talk))
        found.append((asked, begins - arrival))
    return found


@pytest.fixture(scope="module")
def mornings():
    random = np.random.default_rng(2026)
    past = eta.usable([float(t) * 60 for t in talks(random, 300)])
    return [row for _ in range(150) for row in play(random, past)]


def test_four_of_five_are_called_by_the_later_end(mornings):
    waited = [(asked, wait) for asked, wait in mornings if asked.high > 60]  # who was told to wait at all
    share = np.mean([wait * 60 <= asked.high for asked, wait in waited])
    as_told = np.mean([wait <= eta.told(asked)[1] for asked, wait in waited])
    assert len(waited) > 1000
    assert 0.75 <= share <= 0.85, share
    assert 0.75 <= as_told <= 0.85, as_told


def test_the_middle_errs_less_than_the_naive_estimate(mornings):
    error = np.mean([abs(asked.low / 60 - wait) for asked, wait in mornings])
    bias = np.mean([asked.low / 60 - wait for asked, wait in mornings])
    assert error < 7.5 and abs(bias) < 2.5, (error, bias)


def test_nobody_before_you_and_a_free_window_is_now():
    assert eta.waits(windows=2, busy=[60], ahead=0, past=eta.defaults())[-1] == eta.Interval(0, 0)
    assert eta.told(eta.Interval(0, 0)) == (0, 1)


def test_those_further_back_wait_longer_and_the_same_seed_says_the_same():
    found = eta.waits(windows=2, busy=[300, 20], ahead=6, past=eta.defaults(), seed=5)
    assert [i.low for i in found] == sorted(i.low for i in found)
    assert all(i.low < i.high for i in found)
    assert found == eta.waits(windows=2, busy=[300, 20], ahead=6, past=eta.defaults(), seed=5)


def test_a_talk_that_has_lasted_longer_than_all_before_still_ends():
    rest = eta.waits(windows=1, busy=[5000], ahead=0, past=eta.usable([600.0] * 40))[-1]
    assert 0 < rest.low < rest.high < 5000


def test_a_slip_of_the_key_is_no_visit():
    assert len(eta.usable([3.0, 500.0])) == 1 + eta.PRIOR
    assert max(eta.usable([1e9] * 40)) == eta.LONGEST


@pytest.mark.parametrize("known", [0, 30])
def test_a_new_venue_is_told_nearly_as_well(known):
    held = []
    for seed in range(4):  # a past of thirty visits differs much from the next
        random = np.random.default_rng(100 + seed)
        past = eta.usable([float(t) * 60 for t in talks(random, known)])
        found = [row for _ in range(20) for row in play(random, past)]
        held += [wait * 60 <= asked.high for asked, wait in found if asked.high > 60]
    assert 0.72 <= np.mean(held) <= 0.88, np.mean(held)


@pytest.mark.parametrize(
    ("low", "high", "minutes"),
    [(0, 40, (0, 1)), (200, 380, (3, 6)), (530, 1150, (9, 20)), (720, 760, (10, 15)), (1500, 2400, (25, 40))],
)
def test_minutes_as_people_read_them(low, high, minutes):
    assert eta.told(eta.Interval(low, high)) == minutes

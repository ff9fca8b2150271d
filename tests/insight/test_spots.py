"""Hot spots: what is planted is found, what is chance hardly ever, and a storm over everything is no spot."""

import numpy as np
import pytest

from chenyue.insight import spots
from chenyue.insight.spots import Seen


def world(seed: int, planted: int) -> tuple[list[Seen], set[tuple[int, int]]]:
    """A year of 300 places and 40 categories that differ, a storm, a quiet season, and so many spots."""
    dice = np.random.default_rng(seed)
    base = dice.gamma(0.6, 1, 300)[:, None] * dice.gamma(0.5, 1, 40)[None, :] * dice.gamma(1.0, 1, (300, 40))
    base *= 10_000 / base.sum()
    now = base * 30 / 365
    now[:, 3] *= 5
    now[:, 7] *= 0.3
    truth = set()
    for _n in range(planted):
        place, category = int(dice.integers(300)), int(dice.integers(40))
        now[place, category] += dice.uniform(8, 14)
        truth.add((place, category))
    rows = []
    for counts, first, last in ((dice.poisson(base), 30, 395), (dice.poisson(now), 0, 30)):
        for place, category in zip(*np.nonzero(counts), strict=True):
            for ago in dice.integers(first, last, counts[place, category]):
                rows.append(Seen(int(place), int(category), int(ago), int(dice.integers(6))))
    return rows, truth


def test_false_alarms_are_few_and_real_spots_are_found() -> None:
    shown = false = missed = truly = 0
    for seed in range(8):
        rows, truth = world(seed, 10 if seed % 2 else 0)
        got = {(spot.place, spot.category) for spot in spots.find(rows)[0]}
        shown, false = shown + len(got), false + len(got - truth)
        truly, missed = truly + len(truth), missed + len(truth - got)
    assert false <= 0.1 * shown + 2
    assert missed <= 0.2 * truly


def repeated(place: int, category: int, agos: list[int], part: int = 0) -> list[Seen]:
    return [Seen(place, category, ago, part) for ago in agos]


@pytest.mark.parametrize("rows", [[], repeated(1, 1, [3]), repeated(1, 1, [3, 4]), repeated(1, 1, [900] * 9)])
def test_no_data_and_one_case_are_no_spot(rows: list[Seen]) -> None:
    assert spots.find(rows)[0] == []


def quiet() -> list[Seen]:
    return [Seen(place, 1, 30 + 9 * n, n % 6) for place in range(2, 40) for n in range(4)]


def test_a_spot_says_what_was_expected_and_which_part_of_the_week_it_keeps_to() -> None:
    evening = spots.WEEK_PARTS.index("weekday-evening")
    found, tests = spots.find(quiet() + repeated(1, 1, list(range(0, 27, 3)), evening))
    assert [(spot.place, spot.category, spot.count, spot.part) for spot in found] == [(1, 1, 9, evening)]
    assert found[0].expected < 1 and found[0].p <= found[0].q <= spots.RATE
    assert tests == 39


def test_what_always_comes_there_is_no_spot() -> None:
    always = repeated(1, 1, [3, 9, 20]) + repeated(1, 1, [31 + 10 * n for n in range(36)])
    assert spots.find(quiet() + always)[0] == []


@pytest.mark.parametrize(
    ("weekday", "hour", "part"),
    [(0, 6, "weekday-day"), (4, 21, "weekday-evening"), (5, 22, "weekend-night"), (6, 5, "weekend-night")],
)
def test_parts_of_the_week(weekday: int, hour: int, part: str) -> None:
    assert spots.WEEK_PARTS[spots.part_of_week(weekday, hour)] == part

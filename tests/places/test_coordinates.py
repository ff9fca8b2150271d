"""Coordinate systems of China, against published pairs, and the inverse to a tenth of a millimetre."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chenyue.places.coordinates import (
    System,
    bd09_to_gcj02,
    from_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    in_china,
    to_gcj02,
    to_wgs84,
)

# WGS-84, GCJ-02, BD-09 (longitude, latitude) and the shift in metres, as published, rounded to 1e-7 degrees.
PUBLISHED = [
    ((116.3974, 39.9087), (116.4036436, 39.9101035), (116.4100164, 39.9164431), 554.9),
    ((116.404, 39.915), (116.4102445, 39.9164043), (116.4166272, 39.9226996), 555.0),
    ((119.4842, 31.4161), (119.4894047, 31.4141658), (119.4958888, 31.4201497), 538.7),
    ((114.0579, 22.5431), (114.0630140, 22.5403828), (114.0695640, 22.5460416), 605.9),
    ((104.0665, 30.5728), (104.0690049, 30.5703457), (104.0754810, 30.5763563), 363.3),
]
HALF = 1.001e-7  # degrees: what rounding to seven places may leave


def close(one: tuple[float, float], other: tuple[float, float], to: float) -> bool:
    return abs(one[0] - other[0]) <= to and abs(one[1] - other[1]) <= to


@pytest.mark.parametrize(("wgs", "gcj", "bd", "metres"), PUBLISHED)
def test_published_pairs(
    wgs: tuple[float, float], gcj: tuple[float, float], bd: tuple[float, float], metres: float
) -> None:
    assert close(to_gcj02(wgs), gcj, HALF)
    assert close(from_wgs84(wgs, System.BD09), bd, HALF)
    assert close(from_gcj02(gcj), wgs, 2 * HALF)
    assert close(to_wgs84(bd, System.BD09), wgs, 2 * HALF)
    found = to_gcj02(wgs)
    east = (found[0] - wgs[0]) * 111_195 * math.cos(math.radians(wgs[1]))
    assert abs(math.hypot(east, (found[1] - wgs[1]) * 111_195) - metres) < 0.5


points = st.tuples(st.floats(73.5, 134.5), st.floats(18.2, 53.2))


@settings(max_examples=200, deadline=None)
@given(points)
def test_there_and_back(point: tuple[float, float]) -> None:
    assert close(from_gcj02(to_gcj02(point)), point, 1e-9)
    assert close(bd09_to_gcj02(gcj02_to_bd09(point)), point, 1e-9)
    for system in System:
        assert close(to_wgs84(from_wgs84(point, system), system), point, 1e-9)


@pytest.mark.parametrize("point", [(2.35, 48.86), (139.7, 35.7), (0.0, 0.0), (-73.9, 40.7)])
def test_abroad_nothing_is_shifted(point: tuple[float, float]) -> None:
    assert not in_china(point)
    assert to_gcj02(point) == from_gcj02(point) == point

"""Coordinates: WGS-84, which the office stores, and the shifted systems of maps in China. Pure.

GCJ-02 is the system of Amap, Tencent and WeChat; BD-09 that of Baidu. CGCS2000 (天地图) equals WGS-84 to a few
centimetres. The formulas have been public since 2013; a commercial service agrees with them to 0.73 m. Degrees all
over; points are (longitude, latitude), as in GeoJSON.
"""

import math
from collections.abc import Callable
from enum import StrEnum

Point = tuple[float, float]
AXIS = 6378245.0  # metres; Krasovsky 1940
FLAT = 0.006693421622965823  # its first eccentricity, squared
BD = math.pi * 3000 / 180
CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # west, south, east, north: outside of it nothing is shifted
ROUNDS = 12
EXACT = 1e-12  # degrees: about a ten-thousandth of a millimetre


class System(StrEnum):
    """Where a pair of degrees comes from."""

    WGS84 = "wgs84"  # GPS, 天地图 (CGCS2000)
    GCJ02 = "gcj02"  # Amap, Tencent, WeChat
    BD09 = "bd09"  # Baidu


def in_china(point: Point) -> bool:
    """Whether a point lies in the box within which points are shifted."""
    west, south, east, north = CHINA
    return west <= point[0] <= east and south <= point[1] <= north


def _waves(x: float, first: float) -> float:
    """What longitude and latitude of the shift have in common: waves of three lengths."""
    return (
        (20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x))
        + (20 * math.sin(math.pi * first) + 40 * math.sin(math.pi * first / 3))
    ) * (2 / 3)


def _shift(point: Point) -> Point:
    x, y = point[0] - 105.0, point[1] - 35.0
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + _waves(x, y)
    north += (160 * math.sin(math.pi * y / 12) + 320 * math.sin(math.pi * y / 30)) * (2 / 3)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + _waves(x, x)
    east += (150 * math.sin(math.pi * x / 12) + 300 * math.sin(math.pi * x / 30)) * (2 / 3)
    lat = math.radians(point[1])
    m = 1 - FLAT * math.sin(lat) ** 2
    root = math.sqrt(m)
    return (
        math.degrees(east / (AXIS / root * math.cos(lat))),
        math.degrees(north / (AXIS * (1 - FLAT) / (m * root))),
    )


def to_gcj02(point: Point) -> Point:
    """WGS-84 to GCJ-02. Outside of China nothing is shifted."""
    if not in_china(point):
        return point
    east, north = _shift(point)
    return point[0] + east, point[1] + north


def from_gcj02(point: Point) -> Point:
    """GCJ-02 to WGS-84: the inverse by iteration, exact to 1e-9 degrees (a tenth of a millimetre) and better."""
    if not in_china(point):
        return point
    found = point
    for _round in range(ROUNDS):
        east, north = _shift(found)
        off = found[0] + east - point[0], found[1] + north - point[1]
        found = found[0] - off[0], found[1] - off[1]
        if max(abs(off[0]), abs(off[1])) < EXACT:
            break
    return found


def gcj02_to_bd09(point: Point) -> Point:
    """GCJ-02 to BD-09."""
    x, y = point
    z = math.hypot(x, y) + 0.00002 * math.sin(y * BD)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * BD)
    return z * math.cos(angle) + 0.0065, z * math.sin(angle) + 0.006


def bd09_to_gcj02(point: Point) -> Point:
    """BD-09 to GCJ-02: the usual formula, then made exact by iteration."""
    x, y = point[0] - 0.0065, point[1] - 0.006
    z = math.hypot(x, y) - 0.00002 * math.sin(y * BD)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * BD)
    found = z * math.cos(angle), z * math.sin(angle)
    for _round in range(ROUNDS):
        there = gcj02_to_bd09(found)
        off = there[0] - point[0], there[1] - point[1]
        found = found[0] - off[0], found[1] - off[1]
        if max(abs(off[0]), abs(off[1])) < EXACT:
            break
    return found


def _same(point: Point) -> Point:
    return point


TO_WGS84: dict[System, Callable[[Point], Point]] = {
    System.WGS84: _same,
    System.GCJ02: from_gcj02,
    System.BD09: lambda point: from_gcj02(bd09_to_gcj02(point)),
}
FROM_WGS84: dict[System, Callable[[Point], Point]] = {
    System.WGS84: _same,
    System.GCJ02: to_gcj02,
    System.BD09: lambda point: gcj02_to_bd09(to_gcj02(point)),
}


def to_wgs84(point: Point, system: System) -> Point:
    """A point of any of the systems, in WGS-84."""
    return TO_WGS84[system](point)


def from_wgs84(point: Point, system: System) -> Point:
    """A point of WGS-84, in any of the systems."""
    return FROM_WGS84[system](point)

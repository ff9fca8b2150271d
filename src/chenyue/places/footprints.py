"""Outlines of buildings from GeoJSON, in any of the coordinate systems, after a dry run.

A feature is matched to a building by its code or name (`code`, `full_name`, `name` or `名称`, with `estate` or `小区`
beside a bare number), else by the one building whose point lies in it. What lies far from where the building was said
to be is left out with the distance: half a kilometre means that the file is in another coordinate system.
"""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core import events, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.places.coordinates import Point, System, to_wgs84
from chenyue.places.events import PlacesImported
from chenyue.places.models import Footprint, Kind, Place
from chenyue.places.schematic import METRES_A_DEGREE

MOST = 5000  # features
MOST_BYTES = 20 * 1024 * 1024
FAR = 250.0  # metres from where the building was said to be
FINE = 0.5  # metres: corners that stick out less are left out
LARGEST = 1000.0  # metres of a building's longest side; a larger ring is an estate or a mistake
CODES, FULL, NAMES, ESTATES = ("code",), ("full_name", "全称"), ("name", "名称", "楼幢", "幢号"), ("estate", "小区")


@dataclass(frozen=True)
class Trouble:
    """A feature that was left out: its number in the file from 1, its name if it has one, what is wrong."""

    number: int
    name: str
    sentence: str


@dataclass
class Report:
    """What became of a file. `created` and `updated` count outlines; `placed` buildings that had no point before."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    placed: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    matched: list[tuple[str, str]] = field(default_factory=list)  # (building, how it was matched)


class _Wrong(Exception):
    """One feature can't be read; the others are."""


@transaction.atomic
def import_footprints(
    content: bytes, filename: str, *, system: System, by: Actor, at: datetime, dry_run: bool = False
) -> Report:
    """Read outlines. A building that has one gets the new one; nothing else is removed. Raises Refusal for the file."""
    features = _features(content)
    found, report = _Buildings(), Report()
    seen: dict[int, int] = {}
    rows: list[tuple[Place, list[Point], list[Point], bool]] = []
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        named = properties if isinstance(properties, dict) else {}
        try:
            told = _thinned(_ring(feature))
            ring = [to_wgs84(point, system) for point in told]
            building, how = found.match(named, ring)
            if building.pk in seen:
                raise _Wrong(_("The same building as feature %(n)d.") % {"n": seen[building.pk]})
            _check_near(building, ring)
        except _Wrong as wrong:
            report.troubles.append(Trouble(number, _named(named, *FULL, *NAMES), str(wrong)))
            continue
        seen[building.pk] = number
        report.matched.append((building.full_name, how))
        rows.append((building, ring, told, building.latitude is None))
    _count(report, rows)
    if not dry_run:
        _write(rows, filename, system, at)
        snapshots.bump("places")
        created, updated = report.created, report.updated
        events.emit(PlacesImported(filename, len(features), created, updated, by, at))
    return report


def _features(content: bytes) -> list[Any]:
    if len(content) > MOST_BYTES:
        raise Refusal(_("This file is larger than 20 MB. Split it by community."), field="file")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refusal(
            _("This isn't GeoJSON. Export it as GeoJSON (UTF-8) and choose it anew."), field="file"
        ) from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise Refusal(_("There are no features in this file: a FeatureCollection is wanted."), field="file")
    if len(features) > MOST:
        raise Refusal(_("More than %(n)d features. Split the file by community.") % {"n": MOST}, field="file")
    return features


def _ring(feature: Any) -> list[Point]:
    """The outer ring of a polygon, of the largest one if there are several."""
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    parts = shape.get("coordinates") if isinstance(shape, dict) else None
    if kind == "Polygon" and isinstance(parts, list):
        parts = [parts]
    elif kind != "MultiPolygon" or not isinstance(parts, list):
        raise _Wrong(_("Not an outline: a Polygon is wanted."))
    rings = [_points(part[0]) for part in parts if isinstance(part, list) and part]
    if not rings:
        raise _Wrong(_("Not an outline: a Polygon is wanted."))
    return max(rings, key=lambda ring: abs(_area(ring)))


def _points(ring: Any) -> list[Point]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _Wrong(_("An outline has at least three corners and ends where it began."))
    points = []
    for pair in ring:
        if not isinstance(pair, list) or len(pair) < 2 or not all(_is_number(value) for value in pair[:2]):
            raise _Wrong(_("A corner isn't a pair of numbers."))
        longitude, latitude = float(pair[0]), float(pair[1])
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise _Wrong(_("A corner isn't longitude and latitude in degrees (metres of a survey aren't either)."))
        points.append((longitude, latitude))
    return points[:-1] if points[0] == points[-1] else points


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e9


def _area(ring: list[Point]) -> float:
    """Twice the signed area, in square degrees."""
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in pairwise([*ring, ring[0]]))


def _flat(point: Point, origin: Point) -> Point:
    east = (point[0] - origin[0]) * METRES_A_DEGREE * math.cos(math.radians(origin[1]))
    return east, (point[1] - origin[1]) * METRES_A_DEGREE


def _thinned(ring: list[Point]) -> list[Point]:
    """Without corners that stick out less than half a metre (Douglas and Peucker)."""
    flat = [_flat(point, ring[0]) for point in ring]
    far = max(range(len(flat)), key=lambda n: math.hypot(*flat[n]))
    if far == 0:
        raise _Wrong(_("An outline has at least three corners and ends where it began."))
    kept = {0, far, *_corners(flat, 0, far), *_corners([*flat, flat[0]], far, len(flat))}
    found = [ring[n] for n in sorted(kept - {len(flat)})]
    if len(found) < 3:
        raise _Wrong(_("An outline has at least three corners and ends where it began."))
    xs, ys = [p[0] for p in flat], [p[1] for p in flat]
    if max(max(xs) - min(xs), max(ys) - min(ys)) > LARGEST:
        raise _Wrong(_("More than a kilometre long: this isn't one building."))
    return found


def _corners(flat: list[Point], first: int, last: int) -> Iterator[int]:
    spans = [(first, last)]
    while spans:
        low, high = spans.pop()
        if high - low < 2:
            continue
        far = max(range(low + 1, high), key=lambda n: _off(flat[n], flat[low], flat[high]))
        if _off(flat[far], flat[low], flat[high]) > FINE:
            yield far
            spans += [(low, far), (far, high)]


def _off(point: Point, start: Point, end: Point) -> float:
    """Metres from a point to a line."""
    x, y = end[0] - start[0], end[1] - start[1]
    long = math.hypot(x, y)
    if not long:
        return math.hypot(point[0] - start[0], point[1] - start[1])
    return abs(x * (point[1] - start[1]) - y * (point[0] - start[0])) / long


def _named(properties: dict[str, Any], *keys: str) -> str:
    for key in keys:
        if isinstance(value := properties.get(key), str | int) and str(value).strip():
            return str(value).strip()[:160]
    return ""


def _check_near(building: Place, ring: list[Point]) -> None:
    if building.latitude is None or building.longitude is None:
        return
    metres = math.hypot(*_flat(middle(ring), (building.longitude, building.latitude)))
    if metres > FAR:
        words = _("%(building)s is said to lie %(metres)d m from there. Is the file in another coordinate system?")
        raise _Wrong(words % {"building": building.full_name, "metres": metres})


def middle(ring: Iterable[Point]) -> Point:
    """The mean of the corners."""
    points = list(ring)
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def inside(point: Point, ring: list[Point]) -> bool:
    """Whether a point lies in a ring (crossings to the east)."""
    x, y = point
    crossed = False
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossed = not crossed
    return crossed


class _Buildings:
    """The office's buildings, by code, by name, by point."""

    def __init__(self) -> None:
        rows = Place.objects.filter(kind=Kind.BUILDING, active=True).select_related("estate", "community")
        self.rows = list(rows.order_by("pk"))
        self.codes = {place.code: place for place in self.rows}
        self.full: dict[str, list[Place]] = {}
        self.short: dict[tuple[str, str], list[Place]] = {}
        for place in self.rows:
            self.full.setdefault(place.full_name, []).append(place)
            self.short.setdefault((place.estate.name if place.estate else "", place.name), []).append(place)

    def match(self, properties: dict[str, Any], ring: list[Point]) -> tuple[Place, str]:
        """The building that a feature is about, and how it was found."""
        if (found := self.codes.get(_named(properties, *CODES).upper())) is not None:
            return found, _("by its code")
        name = _named(properties, *FULL, *NAMES)
        named = self.full.get(name, []) or self.short.get(
            (_named(properties, *ESTATES), _named(properties, *NAMES)), []
        )
        if len(named) == 1:
            return named[0], _("by its name")
        within = [place for place in self.rows if self._in(place, ring)]
        if len(within) == 1 and not named:
            return within[0], _("by the point in it")
        if len(named) > 1:
            raise _Wrong(_("Several buildings have this name. Give the estate, or the code of the door."))
        if len(within) > 1:
            raise _Wrong(_("The points of %(n)d buildings lie in it.") % {"n": len(within)})
        raise _Wrong(_("No building has this name, and the point of none lies in it."))

    def _in(self, place: Place, ring: list[Point]) -> bool:
        if place.latitude is None or place.longitude is None:
            return False
        return inside((place.longitude, place.latitude), ring)


def _count(report: Report, rows: list[tuple[Place, list[Point], list[Point], bool]]) -> None:
    there = {row.building_id: row.ring for row in Footprint.objects.filter(building__in=[row[0] for row in rows])}
    for building, ring, _told, blank in rows:
        if building.pk not in there:
            report.created += 1
        elif there[building.pk] == [list(point) for point in ring]:
            report.unchanged += 1
        else:
            report.updated += 1
        report.placed += blank


def _write(
    rows: list[tuple[Place, list[Point], list[Point], bool]], filename: str, system: System, at: datetime
) -> None:
    for building, ring, told, blank in rows:
        values = {"ring": ring, "told": told, "system": system.value, "source": filename[-120:], "made_at": at}
        Footprint.objects.update_or_create(building=building, defaults=values)
        if blank:
            building.longitude, building.latitude = middle(ring)
            building.save(update_fields=["longitude", "latitude"])


def rings(building_ids: Iterable[int]) -> dict[int, tuple[Point, ...]]:
    """The outlines of these buildings, (longitude, latitude) WGS-84. One statement."""
    rows = Footprint.objects.filter(building_id__in=list(building_ids)).values_list("building_id", "ring")
    return {building: tuple((x, y) for x, y in ring) for building, ring in rows}

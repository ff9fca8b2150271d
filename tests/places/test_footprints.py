"""Outlines from GeoJSON: matched, converted, thinned, refused with a reason; a dry run writes nothing."""

import json
from typing import Any

import pytest

from cast import NOW
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.places import footprints
from chenyue.places.coordinates import System, from_wgs84
from chenyue.places.models import Footprint, Place
from helpers import count

pytestmark = pytest.mark.django_db
HALF = (0.0002, 0.00006)  # degrees: a slab of 38 by 13 metres


def ring_at(place: Any, system: System = System.WGS84, east: float = 0.0) -> list[list[float]]:
    """A closed rectangle around a building's point."""
    lon, lat = place.longitude + east, place.latitude
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return [list(from_wgs84((lon + x * HALF[0], lat + y * HALF[1]), system)) for x, y in corners]


def feature(ring: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def file_of(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def read(*features: Any, system: System = System.WGS84, dry_run: bool = False) -> footprints.Report:
    return footprints.import_footprints(
        file_of(*features), "楼幢.geojson", system=system, by=SYSTEM, at=NOW, dry_run=dry_run
    )


def test_by_name_by_code_by_estate_and_by_point(cast: Any) -> None:
    one, two, three, four = (cast.place(f"金桂苑{n}幢") for n in (1, 2, 3, 4))
    report = read(
        feature(ring_at(one), name="金桂苑1幢"),
        feature(ring_at(two), code=two.code.lower()),
        feature(ring_at(three), 名称="3幢", 小区="金桂苑"),
        feature(ring_at(four)),
    )
    assert (report.created, report.troubles) == (4, [])
    assert set(footprints.rings([p.pk for p in (one, two, three, four)])) == {p.pk for p in (one, two, three, four)}


def test_a_dry_run_writes_nothing_and_again_changes_nothing(cast: Any) -> None:
    row = feature(ring_at(cast.place("金桂苑1幢")), name="金桂苑1幢")
    assert read(row, dry_run=True).created == 1
    assert not Footprint.objects.exists()
    assert read(row).created == 1
    again = read(row)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)


def test_shifted_coordinates_are_converted_and_kept_as_told(cast: Any) -> None:
    place = cast.place("金桂苑1幢")
    told = ring_at(place, System.GCJ02)
    report = read(feature(told, name="金桂苑1幢"), system=System.GCJ02)
    assert not report.troubles
    row = Footprint.objects.get(building=place)
    assert (row.system, row.told[0]) == ("gcj02", told[0])
    for found, wanted in zip(row.ring, ring_at(place), strict=False):
        assert abs(found[0] - wanted[0]) < 1e-9 and abs(found[1] - wanted[1]) < 1e-9


def test_the_wrong_system_is_noticed(cast: Any) -> None:
    place = cast.place("金桂苑1幢")
    report = read(feature(ring_at(place, System.GCJ02), name="金桂苑1幢"))
    assert [trouble.number for trouble in report.troubles] == [1]
    assert not Footprint.objects.exists()


def test_a_building_without_a_point_gets_one(cast: Any) -> None:
    place = cast.place("金桂苑1幢")
    ring = ring_at(place)
    Place.objects.filter(pk=place.pk).update(latitude=None, longitude=None)
    assert read(feature(ring, name="金桂苑1幢")).placed == 1
    after = Place.objects.get(pk=place.pk)
    assert abs(after.latitude - place.latitude) < 1e-6 and abs(after.longitude - place.longitude) < 1e-6


def test_needless_corners_are_left_out(cast: Any) -> None:
    place = cast.place("金桂苑1幢")
    (ax, ay), (bx, by), *rest = ring_at(place)
    fine = [[ax + (bx - ax) * n / 40, ay + (by - ay) * n / 40] for n in range(40)] + [[bx, by], *rest]
    read(feature(fine, name="金桂苑1幢"))
    assert len(Footprint.objects.get().ring) == 4


BAD = [
    {"type": "Feature", "properties": None, "geometry": None},
    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [120, 32]}},
    {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}},
    {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [1, 2], [1, 2], [1, 2]]]}},
    {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [["x", "y", "z", "x"]]}},
    {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[float("nan"), 1]] * 5]}},
    {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[10**400, 1]] * 5]}},
    {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[], 3]}},
    feature([[120, 32], [121, 32], [121, 33], [120, 33], [120, 32]], name="金桂苑1幢"),
    feature([[508000, 3610000], [508040, 3610000], [508040, 3610012], [508000, 3610000]], name="金桂苑1幢"),
    feature([[120.2, 32.7], [120.2001, 32.7], [120.2001, 32.7001], [120.2, 32.7]], name="没有这幢楼"),
    "nonsense",
    7,
]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_feature_is_left_out_with_a_sentence(cast: Any, bad: Any) -> None:
    good = feature(ring_at(cast.place("金桂苑2幢")), name="金桂苑2幢")
    report = read(bad, good)
    assert report.created == 1
    assert [trouble.number for trouble in report.troubles] == [1] and report.troubles[0].sentence


def test_the_same_building_twice(cast: Any) -> None:
    row = feature(ring_at(cast.place("金桂苑2幢")), name="金桂苑2幢")
    report = read(row, row)
    assert (report.created, len(report.troubles)) == (1, 1)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[]", b"3", b'{"features": {}}', b"[" * 100_000])
def test_a_bad_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        footprints.import_footprints(content, "x", system=System.WGS84, by=SYSTEM, at=NOW)
    assert refused.value.field == "file"


def test_reading_outlines_is_one_statement(cast: Any) -> None:
    read(*(feature(ring_at(cast.place(f"金桂苑{n}幢")), name=f"金桂苑{n}幢") for n in (1, 2, 3)))
    ids = list(Footprint.objects.values_list("building_id", flat=True))
    assert count(lambda: footprints.rings(ids)) == 1

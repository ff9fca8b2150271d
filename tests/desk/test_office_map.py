"""The office's plan: layers, what each member may count, the table that says the same, outlines from a file."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import stories
from cast import NOW, client_of
from chenyue.core.ids import token
from chenyue.desk import office_map
from chenyue.places.models import Footprint, Kind, Place
from helpers import one_and_three
from stewards import stage

pytestmark = pytest.mark.django_db
FOUR = ("金桂苑1幢", "金桂苑2幢", "金桂苑3幢", "金桂苑4幢")


@pytest.fixture(autouse=True)
def _only_four() -> None:
    Place.objects.filter(kind=Kind.BUILDING).exclude(full_name__in=FOUR).update(active=False)


def row(page: str, pk: int) -> str:
    """What the table says of a building, without its tags."""
    found = re.search(rf'<tr id="b{pk}".*?</tr>', page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", " ", found[0])


def test_picture_and_table_say_the_same_in_each_layer(cast: Any) -> None:
    zhou = stage.steward(cast, "周桂珍")
    stage.term(cast, zhou, FOUR[0])
    web = client_of(cast.zhao)
    for layer, says in (("coverage", "周桂珍"), ("load", "周桂珍"), ("cases", ""), ("heat", "")):
        page = web.get("/desk/map/", {"layer": layer}).content.decode()
        for name in FOUR:
            pk = cast.place(name).pk
            assert f'href="#b{pk}"' in page and name in row(page, pk)
        assert says in row(page, cast.place(FOUR[0]).pk)
    coverage = web.get("/desk/map/", {"layer": "coverage"}).content.decode()
    assert "空" in row(coverage, cast.place(FOUR[1]).pk)


def test_cases_are_counted_as_the_member_may_see_them(cast: Any) -> None:
    pk = cast.place(FOUR[0]).pk
    for _n in range(2):
        stories.filed(cast, place_id=pk)
    stories.filed(cast, place_id=pk, category_code="1202")  # private: a complaint about a member
    counted = {
        name: office_map.counted(getattr(cast, name), "cases", date(2026, 11, 1)).get(pk, 0)
        for name in ("zhao", "lin", "sun", "zhou")
    }
    assert counted == {"zhao": 3, "lin": 0, "sun": 0, "zhou": 0}


def test_a_month_counts_from_midnight_to_midnight(cast: Any) -> None:
    pk = cast.place(FOUR[0]).pk
    stories.filed(cast, place_id=pk)
    counts = {m: office_map.counted(cast.zhao, "heat", m).get(pk, 0) for m in (date(2026, 10, 1), date(2026, 11, 1))}
    assert counts == {date(2026, 10, 1): 0, date(2026, 11, 1): 1}
    assert office_map.months(NOW)[:2] == [date(2026, 11, 1), date(2026, 10, 1)]
    assert len(set(office_map.months(NOW))) == 12


def test_a_steward_sees_the_own_building_only(cast: Any) -> None:
    stories.filed(cast, place_id=cast.place(FOUR[1]).pk)
    page = client_of(cast.wang).get("/desk/map/").content.decode()
    assert FOUR[0] in page and FOUR[1] not in page
    assert "layer=coverage" not in page  # who answers elsewhere is for those who appoint


def test_strangers_see_nothing(cast: Any) -> None:
    answer = client_of(cast.zhou).get("/desk/map/", {"layer": "cases"})
    assert answer.status_code == 403 and FOUR[0] not in answer.content.decode()


@pytest.mark.parametrize("query", [{"layer": "x"}, {"within": "x"}, {"within": "999999999999"}, {"month": "2026-13"}])
def test_nonsense_in_the_address(cast: Any, query: dict[str, str]) -> None:
    assert client_of(cast.zhao).get("/desk/map/", query).status_code == 200


def test_a_part_of_the_office(cast: Any) -> None:
    Place.objects.filter(full_name="丹桂花园1幢").update(active=True)
    page = client_of(cast.zhao).get("/desk/map/", {"within": cast.place("金桂苑").pk}).content.decode()
    assert FOUR[0] in page and "丹桂花园1幢" not in page


def test_an_office_without_buildings(cast: Any) -> None:
    Place.objects.filter(kind=Kind.BUILDING).update(active=False)
    answer = client_of(cast.zhao).get("/desk/map/")
    assert answer.status_code == 200 and 'class="schematic"' not in answer.content.decode()


@pytest.mark.parametrize(("layer", "statements"), [("coverage", 9), ("cases", 6)])
def test_more_buildings_cost_no_more_statements(cast: Any, layer: str, statements: int) -> None:
    Place.objects.filter(kind=Kind.BUILDING).update(active=False)
    names = iter(FOUR)
    web = client_of(cast.zhao)

    def add() -> None:
        Place.objects.filter(full_name=next(names)).update(active=True)

    one_and_three(lambda: web.get("/desk/map/", {"layer": layer}), add, statements)


def geojson(cast: Any) -> bytes:
    place = cast.place(FOUR[0])
    lon, lat = place.longitude, place.latitude
    ring = [[lon - 0.0002, lat], [lon + 0.0002, lat], [lon + 0.0002, lat + 0.0001], [lon - 0.0002, lat]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    features = [{"type": "Feature", "properties": {"name": FOUR[0]}, "geometry": shape}, {"type": "Feature"}]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_outlines_are_looked_at_then_written(cast: Any) -> None:
    web = client_of(cast.admin)
    file = SimpleUploadedFile("楼.geojson", geojson(cast))
    looked = web.post("/desk/map/outlines/", {"file": file, "system": "wgs84", "idempotency_key": token()})
    page = looked.content.decode()
    assert looked.status_code == 200 and not Footprint.objects.exists()
    kept = re.search(r'name="token" value="([^"]+)"', page)
    assert kept
    form = {"token": kept[1], "system": "wgs84", "idempotency_key": token()}
    assert web.post("/desk/map/outlines/", form).status_code == 303
    assert Footprint.objects.get().building == cast.place(FOUR[0])
    again = web.post("/desk/map/outlines/", form | {"idempotency_key": token()})
    assert again.status_code == 422  # the file is no longer kept


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"[]"])
def test_a_bad_file_is_said_at_its_field(cast: Any, content: bytes) -> None:
    file = SimpleUploadedFile("x.geojson", content)
    answer = client_of(cast.admin).post("/desk/map/outlines/", {"file": file, "system": "gcj02"})
    assert answer.status_code == 422 and "GeoJSON" in answer.content.decode()

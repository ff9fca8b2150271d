"""The ground under the office's plan: off by default, tiles and a picture, refused nonsense, and who may fetch what."""

import json
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cast import NOW, client_of
from chenyue.core import office
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.desk import office_ground
from chenyue.places.coordinates import to_gcj02
from chenyue.places.models import Kind, Place

pytestmark = pytest.mark.django_db
TILES = "https://tiles.example.org/{z}/{x}/{y}.png?tk=abc"
EDGES = {"west": "120.05", "south": "32.60", "east": "120.10", "north": "32.64"}


@pytest.fixture(autouse=True)
def _one() -> None:
    Place.objects.filter(kind=Kind.BUILDING).exclude(full_name="金桂苑1幢").update(active=False)


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (300, 200), "white").save(file, "PNG")
    return SimpleUploadedFile("底图.png", file.getvalue(), "image/png")


def send(cast: Any, **fields: Any) -> Any:
    form = {"tiles_system": "wgs84", "idempotency_key": token()} | fields
    return client_of(cast.admin).post("/desk/map/ground/", form)


def shown(page: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(unescape(page.split('data-buildings="')[1].split('"')[0]))
    return found


def test_off_by_default(cast: Any) -> None:
    answer = client_of(cast.zhao).get("/desk/map/?ground=1")
    assert "leaflet" not in answer.content.decode() and 'name="ground"' not in answer.content.decode()
    assert "example.org" not in answer.headers["Content-Security-Policy"]


def test_tiles_are_allowed_on_their_page_only_and_points_are_shifted(cast: Any) -> None:
    assert send(cast, tiles=TILES, tiles_system="gcj02", credit="某地图 GS(2026)1234号").status_code == 303
    web, place = client_of(cast.zhao), cast.place("金桂苑1幢")
    plain, answer = web.get("/desk/map/"), web.get("/desk/map/?ground=1")
    assert "example.org" not in plain.headers["Content-Security-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "https://tiles.example.org" in policy and policy.count("example.org") == 1
    page = answer.content.decode()
    assert "GS(2026)1234号" in page and 'class="schematic"' in page  # without the script the plan stays
    (building,) = shown(page)
    lon, lat = to_gcj02((place.longitude, place.latitude))
    assert building["at"] == [[round(lat, 6), round(lon, 6)]] and "金桂苑1幢" in building["says"]


def test_a_picture_of_ones_own(cast: Any) -> None:
    assert send(cast, image=picture(), **EDGES).status_code == 303
    image = client_of(cast.wang).get("/desk/map/ground/image/")
    assert image.status_code == 200 and image["Content-Type"] == "image/jpeg"
    assert client_of(cast.zhou).get("/desk/map/ground/image/").status_code == 403
    page = client_of(cast.zhao).get("/desk/map/?ground=1").content.decode()
    assert "[[32.6, 120.05], [32.64, 120.1]]" in unescape(page)
    assert send(cast, remove="on").status_code == 303
    assert not office.get("map_image") and not office_ground.on()


BAD = [
    {"tiles": "http://tiles.example.org/{z}/{x}/{y}", "credit": "x"},
    {"tiles": "https://tiles.example.org/tiles", "credit": "x"},
    {"tiles": "https://{s}.example.org/{z}/{x}/{y}", "credit": "x"},
    {"tiles": "https://a.example.org;script-src *:/{z}/{x}/{y}", "credit": "x"},
    {"tiles": "javascript:alert({z}{x}{y})", "credit": "x"},
    {"tiles": TILES},
    {"tiles_system": "mercator"},
]


@pytest.mark.parametrize("fields", BAD)
def test_nonsense_is_refused_and_kept_in_its_field(cast: Any, fields: dict[str, str]) -> None:
    answer = send(cast, **fields)
    assert answer.status_code == 422 and not office_ground.on()
    assert fields.get("tiles", "") in unescape(answer.content.decode())


@pytest.mark.parametrize("edges", [{}, EDGES | {"west": "120.2"}, EDGES | {"north": "50"}, EDGES | {"south": "x"}])
def test_a_picture_without_its_place_is_refused(cast: Any, edges: dict[str, str]) -> None:
    assert send(cast, image=picture(), **edges).status_code == 422
    assert not office_ground.on()


def test_what_is_no_picture(cast: Any) -> None:
    for content in (b"%PDF-1.4 no picture", b"<svg onload='x'/>"):
        answer = send(cast, image=SimpleUploadedFile("x.png", content), **EDGES)
        assert answer.status_code == 422 and not office_ground.on()


def test_only_who_sets_the_office_up(cast: Any) -> None:
    details: dict[str, Any] = {"tiles": "", "tiles_system": "wgs84", "credit": "", "image": None, "edges": []}
    with pytest.raises(NotAllowed):
        office_ground.save(**details, by=cast.li.actor(), at=NOW)
    with pytest.raises(Refusal):
        office_ground.save(**details | {"tiles": "x"}, by=cast.admin.actor(), at=NOW)

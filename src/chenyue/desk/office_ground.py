"""What may lie under the office's plan, if the office wants it: tiles of a map service, or a picture of its own.

Both are off by default. Tiles are fetched by the browser of who looks, from an address that the office named; the page
that shows them, and no other, is allowed to by its content security policy. Points are shifted to the system of the
tiles on the way out, and nowhere else.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from csp.utils import build_policy
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import kept_files, office
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.desk.office_map import Shown
from chenyue.people.rules import may
from chenyue.places.coordinates import Point, System, from_wgs84
from chenyue.places.footprints import rings
from chenyue.places.models import Place

WORD = "office.setup"
LABELS = {
    "map_tiles": _("Address of the tiles"),
    "map_tiles_system": _("Coordinate system of the tiles"),
    "map_tiles_credit": _("Whose map it is"),
    "map_image": _("Picture of the ground"),
    "map_image_bounds": _("Edges of the picture"),
}
office.label(LABELS)


def on() -> bool:
    """Whether there is a ground to be shown."""
    return bool(office.get("map_tiles") or office.get("map_image"))


def policy() -> str:
    """The content security policy of a page with tiles: pictures from their host as well."""
    tiles = office.get("map_tiles")
    parts = urlsplit(tiles)
    return str(build_policy(update={"img-src": [f"{parts.scheme}://{parts.netloc}"]} if tiles else None))


def system() -> System:
    """The system in which points are given: that of the tiles, WGS-84 for a picture of one's own."""
    return System(office.get("map_tiles_system")) if office.get("map_tiles") else System.WGS84


def buildings(shown: Shown, places: Iterable[Place]) -> str:
    """The drawn buildings for the script, as JSON: outline or point, tone, mark and words. One statement."""
    rows = [place for place in places if place.latitude is not None and place.longitude is not None]
    outlines, to = rings(place.pk for place in rows), system()
    found = []
    for place in rows:
        value, point = shown.values[place.pk], (place.longitude or 0.0, place.latitude or 0.0)
        shape = [_latlng(corner, to) for corner in outlines.get(place.pk, ())] or [_latlng(point, to)]
        says = f"{place.full_name}：{value.says}"
        found.append({"id": place.pk, "at": shape, "tone": value.tone, "mark": value.mark, "says": says})
    return json.dumps(found, ensure_ascii=False)


def _latlng(point: Point, to: System) -> list[float]:
    """As Leaflet wants it: latitude first; a tenth of a metre is enough."""
    x, y = from_wgs84(point, to)
    return [round(y, 6), round(x, 6)]


def bounds() -> str:
    """The edges of the picture as Leaflet wants them; empty without one."""
    if not office.get("map_image"):
        return ""
    west, south, east, north = office.get("map_image_bounds")
    corners = [_latlng((west, south), system()), _latlng((east, north), system())]
    return json.dumps(corners)


@transaction.atomic
def save(
    *, tiles: str, tiles_system: str, credit: str, image: Any, edges: list[float], by: Actor, at: datetime
) -> None:
    """Change the ground. `image` is an upload, None to keep what there is, False to take it away.

    Raises Refusal at a field for an address that isn't one of tiles, a map without its owner's name, or edges that
    enclose nothing.
    """
    if by.kind == "member" and not may(by.user, WORD):
        raise NotAllowed
    _check_tiles(tiles, credit)
    if (image or office.get("map_image")) and image is not False:
        _check_edges(edges)
    values: dict[str, Any] = {"map_tiles": tiles, "map_tiles_system": tiles_system, "map_tiles_credit": credit}
    if image is False:
        values |= {"map_image": "", "map_image_bounds": []}
    elif office.get("map_image") and not image:
        values["map_image_bounds"] = edges
    if not image:
        office.change(by=by, at=at, **values)
        return
    with kept_files.kept([image], folder="maps", field="image") as files:
        if not files[0].content_type.startswith("image/"):
            raise Refusal(_("Choose a picture (JPEG, PNG or WebP)."), field="image")
        office.change(by=by, at=at, **values, map_image=files[0].path, map_image_bounds=edges)


def _check_tiles(tiles: str, credit: str) -> None:
    if not tiles:
        return
    parts = urlsplit(tiles)
    plain = parts.netloc and not set(parts.netloc) & set("{}*;, '\"@") and parts.scheme == "https"
    if not plain or not all(blank in tiles for blank in ("{z}", "{x}", "{y}")):
        raise Refusal(_("An address with https:// and the blanks {z}, {x} and {y} is wanted."), field="tiles")
    if not credit:
        raise Refusal(_("Say whose map it is, with its approval number; it must stand on the map."), field="credit")


def _check_edges(edges: list[float]) -> None:
    if len(edges) != 4 or not (edges[0] < edges[2] and edges[1] < edges[3]):
        raise Refusal(_("Give the west, south, east and north edge of the picture in degrees."), field="west")
    if edges[2] - edges[0] > 1 or edges[3] - edges[1] > 1:
        raise Refusal(_("More than a hundred kilometres wide: check the edges."), field="west")

"""Buildings of the database as `schematic.plan` wants them."""

from collections.abc import Iterable

from chenyue.places.footprints import rings
from chenyue.places.models import Place
from chenyue.places.queries import gazetteer
from chenyue.places.schematic import Box


def boxes(buildings: Iterable[Place]) -> list[Box]:
    """Buildings with their outlines, by estate or, where there is none, by community. One statement."""
    rows, known = list(buildings), gazetteer()
    outlines = rings(place.pk for place in rows)
    found = []
    for place in rows:
        within = place.estate_id or place.community_id
        area = known.get(within) if within else None
        name = area.name if area else ""
        outline = outlines.get(place.pk, ())
        found.append(Box(place.pk, place.full_name, within, name, place.latitude, place.longitude, outline))
    return found

"""Reading places."""

from collections import defaultdict

from chenyue.core import text as texts
from chenyue.core.snapshots import Snapshot
from chenyue.places.gazetteer import Gazetteer, PlaceInfo
from chenyue.places.models import Alias, Kind, Place

_FIELDS = ("id", "kind", "name", "full_name", "parent_id", "community_id", "estate_id", "building_id", "village")


def _load() -> Gazetteer:
    aliases: dict[int, list[str]] = defaultdict(list)
    for place_id, text in Alias.objects.order_by("id").values_list("place_id", "text"):
        aliases[place_id].append(text)
    texts.initials_of(text for texts_of in aliases.values() for text in texts_of)  # all at once; see core.pinyin
    rows = list(Place.objects.exclude(kind=Kind.HOME).order_by("id").values(*_FIELDS, "initials", "active"))
    for row in rows:
        if row["kind"] in (Kind.COMMUNITY, Kind.ESTATE, Kind.BUILDING):
            row[f"{row['kind']}_id"] = row["id"]  # in memory a place lies in itself too
    return Gazetteer.build(PlaceInfo(**row, aliases=tuple(aliases.get(row["id"], ()))) for row in rows)


_gazetteer = Snapshot("places", _load)


def gazetteer() -> Gazetteer:
    """The office's gazetteer, as of now."""
    return _gazetteer.get()


def communities() -> list[tuple[str, str]]:
    """Active communities for a picker: id and name."""
    places = gazetteer().places.values()
    return [(str(place.id), place.full_name) for place in places if place.kind == "community" and place.active]


def place_by_code(code: str) -> Place | None:
    """The active place whose door carries this code, however it is typed."""
    return Place.objects.filter(code=code.strip().upper(), active=True).first()

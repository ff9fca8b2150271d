"""The office's own gazetteer: which of its places a person means. Pure, built once per change.

`find` reads free words, `search` (see `searching`) what is typed into a picker. Homes aren't in it:
a room is told as text beside the entrance or building it belongs to.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from chenyue.places import finding, reading, searching
from chenyue.places.entries import SURE, PlaceHit, PlaceInfo
from chenyue.places.names import Names

__all__ = ["SURE", "Gazetteer", "PlaceHit", "PlaceInfo"]
LEVELS = ("community", "estate", "building", "entrance")


@dataclass
class Gazetteer:
    """All places by id, and the indexes that finding and searching use."""

    places: dict[int, PlaceInfo]
    names: Names = field(repr=False)
    numbered: dict[int, dict[str, dict[str, int]]] = field(repr=False)  # estate → number → family → building
    entrances: dict[int, dict[str, int]] = field(repr=False)  # building → number → entrance
    having: dict[tuple[str, str], list[int]] = field(repr=False)  # (number, family) → buildings of the office
    buildings: dict[int, list[PlaceInfo]] = field(repr=False)  # estate → its buildings
    searched: list[tuple[PlaceInfo, tuple[str, ...], tuple[str, ...]]] = field(repr=False)  # names, initials

    @classmethod
    def build(cls, places: Iterable[PlaceInfo]) -> "Gazetteer":
        """Index these places; inactive ones can be looked up but aren't found."""
        known = {place.id: place for place in places}
        active = [place for place in known.values() if place.active]
        numbered: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        entrances: dict[int, dict[str, int]] = defaultdict(dict)
        having: dict[tuple[str, str], list[int]] = defaultdict(list)
        buildings: dict[int, list[PlaceInfo]] = defaultdict(list)
        for place in active:
            if place.kind == "building" and place.estate_id:
                buildings[place.estate_id].append(place)
            if place.kind == "building" and place.estate_id and (key := reading.building_key(place.name)):
                numbered[place.estate_id][key[0]][key[1]] = place.id
                having[key].append(place.id)
            elif place.kind == "entrance" and place.building_id:
                entrances[place.building_id][reading.entrance_key(place.name)] = place.id
        return cls(
            known,
            Names.build(active),
            dict(numbered),
            dict(entrances),
            dict(having),
            dict(buildings),
            [searching.entry(place) for place in active if place.kind != "entrance"],
        )

    def buildings_of(self, estate_id: int) -> list[PlaceInfo]:
        """The active buildings of an estate."""
        return self.buildings.get(estate_id, [])

    def get(self, place_id: int | None) -> PlaceInfo | None:
        """The place with this id; None for an unknown one and for homes."""
        return self.places.get(place_id) if place_id else None

    def ancestors(self, place_id: int) -> dict[str, int | None]:
        """Ids of the community, estate, building and entrance that a place is or lies in."""
        found: dict[str, int | None] = dict.fromkeys(LEVELS)
        place = self.places.get(place_id)
        while place:
            if place.kind in found:
                found[place.kind] = place.id
            if not place.parent_id and place.community_id:
                found["community"] = found["community"] or place.community_id
            place = self.places.get(place.parent_id) if place.parent_id else None
        return found

    def inside(self, place_id: int, outer_id: int) -> bool:
        """Whether a place is, or lies in, another one."""
        place = self.places.get(place_id)
        while place:
            if place.id == outer_id:
                return True
            place = self.places.get(place.parent_id) if place.parent_id else None
        return False

    def find(self, text: str, within: int | None = None) -> list[PlaceHit]:
        """Places that free words name, best first; `within` is where the words were written, if known."""
        return finding.find(self, text, within)

    def search(self, query: str, limit: int = 10, within: int | None = None) -> list[PlaceHit]:
        """Places for what is typed into a picker: part of a name, an alias, initials, `3-2-401`."""
        return searching.search(self, query, limit, within)

    def path(self, hit: PlaceHit) -> str:
        """`estate/building/entrance/room` as far as known; one segment for a road, a spot, a community."""
        place = self.places[hit.place_id]
        if place.kind not in ("estate", "building", "entrance"):
            return place.name
        above = self.ancestors(place.id)
        parts = [self.places[i].name if (i := above[level]) else "" for level in LEVELS[1:]]
        return "/".join([*parts, hit.room]).rstrip("/")

"""Searching places for a picker, letter by letter as somebody types. Pure."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chenyue.core import text as texts
from chenyue.places import reading
from chenyue.places.entries import PlaceHit, PlaceInfo

if TYPE_CHECKING:
    from chenyue.places.gazetteer import Gazetteer

# A name, then numbers: `金桂3`, `cgy3-2-401`, `3#2-401`, `金桂苑 3幢 2单元 401`.
_NUMBER = r"(?:\d{1,4}|[零〇一二两三四五六七八九十]{1,4})"
_TYPED = re.compile(
    rf"(?P<name>|.*?[^\s,])[\s,]*(?P<building>{_NUMBER})\s*(?P<word>幢楼?|号楼?|座|#楼?|排|组|楼|[-–—/\s])?\s*"
    rf"(?:(?P<entrance>{_NUMBER})\s*(?:单元?|门|[-–—/\s])\s*)?(?P<room>{_NUMBER})?(?:室|号|房)?"
)
LONGEST = 120  # characters of a query that are read
_FAMILY = re.compile("[排组幢座]")
_KINDS = {"estate": 0, "road": 1, "spot": 2, "building": 3, "community": 4, "entrance": 5}


def search(known: "Gazetteer", query: str, limit: int, within: int | None) -> list[PlaceHit]:
    """See `Gazetteer.search`."""
    typed = reading.folded(query[:LONGEST].strip())[0].strip()
    if not typed:
        return []
    found: dict[tuple[int, str], tuple[float, int]] = {}
    for score, place, room in [*_by_name(known, typed), *_by_number(known, typed)]:
        if within and not known.inside(place.id, within):
            continue
        key = (place.id, room)
        if key not in found or found[key][0] < score:
            found[key] = (score, _KINDS[place.kind])
    order = sorted(found, key=lambda k: (-found[k][0], found[k][1], _natural(known.places[k[0]].full_name)))
    return [_hit(known, place_id, room, found[place_id, room][0], query) for place_id, room in order[:limit]]


def entry(place: PlaceInfo) -> tuple[PlaceInfo, tuple[str, ...], tuple[str, ...]]:
    """A place with all that it can be searched by: names in folded form, and their initials."""
    names = [place.full_name, *place.aliases] if place.kind == "building" else [place.name, *place.aliases]
    folded = tuple(dict.fromkeys(reading.folded(name)[0] for name in names))
    letters = [place.initials, *texts.initials_of(place.aliases)]
    return place, folded, tuple(dict.fromkeys(x for x in letters if x))


def _hit(known: "Gazetteer", place_id: int, room: str, score: float, query: str) -> PlaceHit:
    return PlaceHit(place_id, known.places[place_id].full_name, room, round(score, 3), query, 0, len(query))


def _natural(name: str) -> list[tuple[int, int, str]]:
    """2幢 before 10幢."""
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", name) if p]


def _by_name(known: "Gazetteer", typed: str) -> Iterator[tuple[float, PlaceInfo, str]]:
    for place, score in _named(known, typed):
        yield score, place, ""
        if place.kind == "estate":  # typing goes on with the building
            for building in known.buildings_of(place.id):
                yield score * 0.5, building, ""


def _named(known: "Gazetteer", typed: str) -> list[tuple[PlaceInfo, float]]:
    """Places whose name, alias or initials fit what was typed, with a score."""
    typed = typed.replace(" ", "")
    return [(place, score) for place, names, initials in known.searched if (score := _fit(typed, names, initials))]


def _fit(typed: str, names: tuple[str, ...], initials: tuple[str, ...]) -> float:
    best = 0.0
    for rank, text in enumerate(names):
        at = text.find(typed)
        if at >= 0:
            share = len(typed) / len(text)
            score = 1.0 if share == 1 else (0.85 if at == 0 else 0.65) + 0.1 * share
            best = max(best, score - (0.02 if rank else 0))
    if not best and typed.isascii() and typed.isalnum():
        for text in initials:
            if text.startswith(typed):
                best = max(best, 0.8 if text == typed else 0.6 + 0.1 * len(typed) / len(text))
    return best


def _by_number(known: "Gazetteer", typed: str) -> Iterator[tuple[float, PlaceInfo, str]]:
    match = _TYPED.fullmatch(typed)
    if not match:
        return
    number, entrance, room = reading.number(match["building"]), match["entrance"], match["room"] or ""
    entrance = reading.number(entrance) if entrance else ""
    if room and not entrance and len(room) < 3:  # `3-2`: still on the way to the room
        entrance, room = reading.number(room), ""
    room = reading.room_number(room)
    for estate, score in _estates(known, match["name"].strip()):
        for building, fit in _buildings(known, estate, number, match["word"] or ""):
            doors = known.entrances.get(building, {})
            if not entrance or entrance in doors:
                yield score * fit, known.places[doors[entrance] if entrance else building], room


def _estates(known: "Gazetteer", name: str) -> list[tuple[int, float]]:
    if not name:
        return [(estate, 0.7) for estate in known.numbered]
    return [(place.id, score) for place, score in _named(known, name) if place.kind == "estate"]


def _buildings(known: "Gazetteer", estate: int, number: str, word: str) -> Iterator[tuple[int, float]]:
    """Buildings of an estate for a number as far as it is typed, and how well they fit."""
    for own, families in known.numbered.get(estate, {}).items():
        for family, building in families.items():
            if own == number:
                yield building, 1.0 if family == reading.family(word) or not _FAMILY.match(word) else 0.5
            elif not word and own.startswith(number):
                yield building, 0.6

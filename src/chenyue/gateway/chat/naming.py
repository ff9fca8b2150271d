"""Which places the words of one message name, in the group's own estate first. Pure over the gazetteer."""

import re
from typing import TYPE_CHECKING

from chenyue.places import reading
from chenyue.places.entries import SURE

if TYPE_CHECKING:
    from chenyue.gateway.chat.whereabouts import Home
    from chenyue.places.gazetteer import Gazetteer

_ENTRANCE = re.compile(r"(?<![\d幢栋一二三四])([\d一二两三四五六])\s?单元")
_GROUP = re.compile(r"(?<![\d一二三四五六七八九十第])([\d一二三四五六七八九十]{1,3})(组|队|排|段)(?![长员])")
# An alias such as 理发店那一段 tells a landmark, by which neighbours name the place too, however they call it.
_BY_LANDMARK = re.compile(r"(.{3,})(?<![门口])的?那一?[段幢栋排座片]$")
_BARBERS = re.compile(r"剃头[店铺]|理发[铺室]|美发[店厅]|发廊")


def places(known: "Gazetteer", home: "Home", building: int | None, text: str) -> list[tuple[int, int]]:
    """Places in words, with where they stand; `building` is the speaker's or the group's, for bare entrances."""
    hits = [(h.place_id, h.start) for h in known.find(text[:1500], within=home.place_id) if h.score >= SURE]
    hits += grouped(known, home, text)
    if not hits:
        hits += _by_landmark(known, home, text)
    if building:
        entrances = known.entrances.get(building, {})
        for match in _ENTRANCE.finditer(text):
            number = "一二三四五六".find(match[1]) + 1 or (
                2 if match[1] == "两" else int(match[1]) if match[1].isdigit() else 0
            )
            if (entrance := entrances.get(str(number))) and not any(
                known.inside(entrance, p) and p != building for p, _s in hits
            ):
                hits.append((entrance, match.start()))
    return hits


def _by_landmark(known: "Gazetteer", home: "Home", text: str) -> list[tuple[int, int]]:
    """The part of the group's own estate that is called by a landmark which the words name."""
    if not home.estate_id or home.building_id:
        return []
    plain = _BARBERS.sub("理发店", text)
    found = []
    for part in known.buildings_of(home.estate_id):
        for alias in part.aliases:
            landmark = _BY_LANDMARK.match(alias)
            if landmark and (start := plain.find(landmark[1])) >= 0:
                found.append((part.id, start))
    return found


def grouped(known: "Gazetteer", home: "Home", text: str) -> list[tuple[int, int]]:
    """`五组`, `3排` of the group's own village or estate, which has them."""
    if not home.estate_id:
        return []
    numbered = known.numbered.get(home.estate_id, {})
    found = []
    for match in _GROUP.finditer(text):
        number = reading.number(match[1])
        if place := numbered.get(number, {}).get(reading.family(match[2])):
            found.append((place, match.start()))
    return found

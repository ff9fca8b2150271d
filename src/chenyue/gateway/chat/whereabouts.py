"""Where an incident is: the words, the nicknames and the group's own place together. Pure over the gazetteer."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chenyue.gateway.chat.evidence import Evidence
from chenyue.gateway.chat.messages import Message
from chenyue.places import reading
from chenyue.places.entries import SURE

if TYPE_CHECKING:
    from chenyue.places.gazetteer import Gazetteer

_RANGE = re.compile(r"\d{1,4}\s{0,3}[-–—~至到、]\s{0,3}\d{1,4}\s{0,3}(?:幢|栋|号楼)")
_DASHED = re.compile(r"(?<!\d)(\d{1,2})(?:[-–—](\d{1,2}))?[-–—](\d{3,4})(?!\d)")
_ENTRANCE = re.compile(r"(?<![\d幢栋])([\d一二两三四五六])\s?单元")
_ALL_ENTRANCES = re.compile(
    r"不止.{0,4}单元|[\d一二三四]\s?[、和]\s?[\d一二三四]\s?单元|整(?:栋|幢|个楼)|全(?:楼|幢|栋)"
)
_GROUP = re.compile(r"(?<![\d一二三四五六七八九十第])([\d一二三四五六七八九十]{1,3})(组|队|排|段)(?![长员])")
_NOT = re.compile(r"(?:不是|不在|不止)\s?$")
# Matters of the whole estate or village, whoever of it speaks.
_WHOLE = re.compile(
    r"房产证|违约金|延期交房|物业费|维修资金|业委会|物业(?:走|撤)|道闸|改造方案|拆掉|院子|工地|施工|广场|舞队|学区|减速带|大门|[东西南北]门(?!口)|小区(?:里|门口|外)"
)


@dataclass(frozen=True)
class Home:
    """The group's own place: estate, building or entrance; nothing known gives None."""

    place_id: int | None = None
    estate_id: int | None = None
    building_id: int | None = None


def home_of(known: "Gazetteer", group: str, told: str, messages: Sequence[Message]) -> Home:
    """The place that the group is of: as told, by its name, else the one estate that is named most."""
    place_id = _path(known, told) or _by_name(known, group)
    if place_id is None:
        place_id = _most_named(known, messages)
    if place_id is None:
        return Home()
    above = known.ancestors(place_id)
    return Home(place_id, above["estate"], above["building"])


def _path(known: "Gazetteer", told: str) -> int | None:
    """`estate/building/entrance`, or any words that name a place."""
    if not told.strip():
        return None
    return _first(known, told.replace("/", ""))


def _first(known: "Gazetteer", words: str) -> int | None:
    for hit in known.find(words):
        if hit.score >= SURE:
            return hit.place_id
    for hit in known.search(words, limit=1):
        return hit.place_id
    return None


def _by_name(known: "Gazetteer", group: str) -> int | None:
    if not group.strip():
        return None
    plain = _RANGE.sub("", group)
    hits = [hit for hit in known.find(plain) if hit.score >= SURE]
    return hits[0].place_id if hits else None


def _most_named(known: "Gazetteer", messages: Sequence[Message]) -> int | None:
    """Without a name of the group: what its members call theirs, by estates named in the first messages."""
    named: Counter[int] = Counter()
    for message in messages[:400]:
        if len(message.words) < 4:
            continue
        for hit in known.find(message.words[:200]):
            estate = known.ancestors(hit.place_id)["estate"]
            if hit.score >= SURE and estate:
                named[estate] += 1
    best = named.most_common(2)
    if best and best[0][1] >= 2 and (len(best) == 1 or best[0][1] > best[1][1]):
        return best[0][0]
    return None


@dataclass(frozen=True)
class Where:
    """A place as found: None where nothing tells; `path` is `estate/building/entrance`."""

    place_id: int | None
    path: str


def locate(known: "Gazetteer", home: Home, members: Sequence[tuple[Message, Evidence]]) -> Where:
    """The smallest place on which the messages agree; the last correction counts."""
    told = _told(known, home, members)
    if told is None:
        told = _from_names(known, home, members)
    if told is None:
        told = _default(known, home, members)
    return Where(told, _named(known, told))


def _told(known: "Gazetteer", home: Home, members: Sequence[tuple[Message, Evidence]]) -> int | None:
    """Places that the words themselves name."""
    found: list[tuple[int, bool]] = []
    for message, seen in members:
        for place_id, start in _places(known, home, message.words):
            if _NOT.search(message.words[:start]):
                continue
            found.append((place_id, seen.corrects))
    if not found:
        return None
    corrected = [place_id for place_id, corrects in found if corrects]
    chosen = corrected[-1:] or [place_id for place_id, _corrects in found]
    return _agreed(known, home, chosen, members)


def _places(known: "Gazetteer", home: Home, text: str) -> list[tuple[int, int]]:
    hits = [(h.place_id, h.start) for h in known.find(text[:1500], within=home.place_id) if h.score >= SURE]
    hits += _grouped(known, home, text)
    if home.building_id:
        entrances = known.entrances.get(home.building_id, {})
        for match in _ENTRANCE.finditer(text):
            number = "一二三四五六".find(match[1]) + 1 or (
                2 if match[1] == "两" else int(match[1]) if match[1].isdigit() else 0
            )
            if (entrance := entrances.get(str(number))) and not any(
                known.inside(entrance, p) and p != home.building_id for p, _s in hits
            ):
                hits.append((entrance, match.start()))
    return hits


def _grouped(known: "Gazetteer", home: Home, text: str) -> list[tuple[int, int]]:
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


def _agreed(known: "Gazetteer", home: Home, places: list[int], members: Sequence[tuple[Message, Evidence]]) -> int:
    """The smallest place that holds: the deeper of nested ones, what two of a kind have in common."""
    inside = [p for p in places if not home.estate_id or known.inside(p, home.estate_id)] or places
    first = inside[0]
    common = first
    for place in inside[1:]:
        if known.inside(place, common):
            common = place
        elif not known.inside(common, place):
            common = _common(known, common, place) or common
    words = "".join(m.words for m, _seen in members)
    info = known.get(common)
    if info and info.kind == "entrance" and _ALL_ENTRANCES.search(words):
        return info.building_id or common
    return common


def _common(known: "Gazetteer", a: int, b: int) -> int | None:
    above_a, above_b = known.ancestors(a), known.ancestors(b)
    for level in ("entrance", "building", "estate"):
        if above_a[level] and above_a[level] == above_b[level]:
            return above_a[level]
    return None


def _from_names(known: "Gazetteer", home: Home, members: Sequence[tuple[Message, Evidence]]) -> int | None:
    """Entrance or building by nicknames such as `2-1-201`, where all that tell one tell the same."""
    if not home.estate_id or _WHOLE.search("".join(m.words for m, _seen in members)):
        return None
    senders = dict.fromkeys(message.sender for message, _seen in members)
    told = [place for sender in senders if (place := place_of_name(known, home, sender)) is not None]
    if not told:
        return None
    if len(set(told)) == 1 and (len(told) > 1 or len(senders) == 1):
        return told[0]
    common = told[0]
    for place in told[1:]:
        if known.inside(place, common):
            common = place
        nearest = common if known.inside(common, place) else _common(known, common, place)
        if nearest is None:
            return None
        common = nearest
    info = known.get(common)
    if info and info.kind == "entrance" and len(senders) > len(told):
        return info.building_id
    return common


def place_of_name(known: "Gazetteer", home: Home, sender: str) -> int | None:
    """The building or entrance that a nickname tells, in the group's own estate."""
    if not home.estate_id:
        return None
    match = _DASHED.search(sender)
    if match:
        first, second = match[1].lstrip("0"), (match[2] or "").lstrip("0")
        if second:
            building = _building(known, home, first)
            return _entrance(known, building, second) if building else None
        if home.building_id:
            number = _number(known, home.building_id)
            return home.building_id if number == first else _entrance(known, home.building_id, first)
        return _building(known, home, first)
    hits = [hit for hit in known.find(sender, within=home.place_id) if hit.score >= SURE]
    inside = [
        hit.place_id for hit in hits if known.inside(hit.place_id, home.estate_id) and hit.place_id != home.estate_id
    ]
    inside += [place_id for place_id, _start in _grouped(known, home, sender)]
    return inside[0] if inside else None


def _building(known: "Gazetteer", home: Home, number: str) -> int | None:
    families = known.numbered.get(home.estate_id or 0, {}).get(number, {})
    return next(iter(families.values()), None)


def _entrance(known: "Gazetteer", building: int, number: str) -> int:
    return known.entrances.get(building, {}).get(number, building)


def _number(known: "Gazetteer", building: int) -> str:
    info = known.get(building)
    found = re.match(r"\d+", info.name) if info else None
    return found[0] if found else ""


def _default(known: "Gazetteer", home: Home, members: Sequence[tuple[Message, Evidence]]) -> int | None:
    """Nobody says where: at home, or the whole estate where the matter is of all."""
    if home.place_id is None:
        return None
    if home.estate_id and _WHOLE.search("".join(m.words for m, _seen in members)):
        return home.estate_id
    return home.place_id


def _named(known: "Gazetteer", place_id: int | None) -> str:
    info = known.get(place_id)
    if info is None:
        return ""
    if info.kind not in ("estate", "building", "entrance"):
        return info.name
    above = known.ancestors(info.id)
    names = (known.places[pk].name for level in ("estate", "building", "entrance") if (pk := above[level]))
    return "/".join(names)


def paths(known: "Gazetteer", places: Iterable[int | None]) -> list[str]:
    """Paths of several places."""
    return [_named(known, place) for place in places]

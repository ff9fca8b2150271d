"""Reading places out of free words. Pure.

Names and numbers are found first, left to right; then each building is given its estate: the one
named just before it, else another one in the text, else the place where the words were written.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from chenyue.places import reading
from chenyue.places.entries import PlaceHit
from chenyue.places.names import Called
from chenyue.places.reading import Numbered

if TYPE_CHECKING:
    from chenyue.places.gazetteer import Gazetteer

LONGEST = 8_000  # characters read; the rest of a longer text adds nothing
MOST_GUESSES = 5  # ambiguous candidates worth showing
_BREAK = re.compile(r"[。!?;\n]")
_AROUND = 50  # estates before and after a building that are asked whether it is theirs
_NEAR = 6  # characters between an estate and its building, such as 小区的


@dataclass(frozen=True)
class _Mention:
    """A name in the text."""

    start: int
    end: int
    called: Called


@dataclass(frozen=True)
class _Found:
    """A place with the score it has before the order of mentions is weighed."""

    place_id: int
    room: str
    score: float
    start: int
    end: int


def find(known: "Gazetteer", text: str, within: int | None) -> list[PlaceHit]:
    """See `Gazetteer.find`."""
    plain, positions = reading.folded(text[:LONGEST])
    mentions = [_Mention(*found) for found in known.names.scan(plain)]
    taken = _Taken(mentions)
    numbers = [n for n in reading.buildings(plain) if not taken.meets(n.start, n.end)]
    if not any(m.called.kind in ("estate", "part") and m.called.weight for m in mentions):
        mentions = sorted([*mentions, *_misspelt(known, plain, mentions, numbers)], key=lambda m: m.start)
    found = list(_read(known, plain, mentions, numbers, within))
    return [_hit(known, text, positions, f) for f in _ranked(known, found)]


class _Taken:
    """Stretches of a text that mentions take, asked for in the logarithm of how many there are."""

    def __init__(self, mentions: list[_Mention]) -> None:
        ordered = sorted(mentions, key=lambda m: m.start)
        self.starts = [m.start for m in ordered]
        self.ends = list(accumulate((m.end for m in ordered), max))

    def meets(self, start: int, end: int) -> bool:
        """Whether one of them and this stretch share a character."""
        earlier = bisect_left(self.starts, end)
        return earlier > 0 and self.ends[earlier - 1] > start


def _hit(known: "Gazetteer", text: str, positions: list[int] | None, found: _Found) -> PlaceHit:
    start, end = found.start, found.end
    if positions is not None:
        start, end = positions[start], positions[end - 1] + 1
    name = known.places[found.place_id].full_name
    return PlaceHit(found.place_id, name, found.room, round(found.score, 3), text[start:end], start, end)


def _read(
    known: "Gazetteer", text: str, mentions: list[_Mention], numbers: list[Numbered], within: int | None
) -> Iterator[_Found]:
    around = _Around(known, text, mentions, within)
    for number in numbers:
        yield from around.numbered(number)
    for mention in mentions:
        if mention.called.kind == "building":
            yield from around.by_alias(mention)
        else:
            score = mention.called.weight / len(mention.called.ids)
            for place_id in mention.called.ids if mention.called.weight >= 0.4 else ():
                yield _Found(place_id, "", max(score, 0.35), mention.start, mention.end)


class _Around:
    """The estates that a text speaks of, nearest first for each building in it."""

    def __init__(self, known: "Gazetteer", text: str, mentions: list[_Mention], within: int | None) -> None:
        self.known = known
        self.text = text
        estates = (m for m in mentions if m.called.kind in ("estate", "part"))
        self.estates = sorted(estates, key=lambda m: m.start)
        self.starts = [m.start for m in self.estates]
        self.communities = [m for m in mentions if m.called.kind == "community"]
        self.within = known.ancestors(within)["estate"] if within else None

    def nearest(self, at: int, only_near: bool = False) -> Iterator[tuple[int, int, float, int]]:
        """(estate, start of its mention, score of a building in it, how many it may be), nearest first."""
        split = bisect_left(self.starts, at)
        before = (m for m in reversed(self.estates[max(0, split - _AROUND) : split]) if m.end <= at)
        for mention in chain(before, self.estates[split : split + _AROUND]):
            near = mention.end <= at <= mention.end + _NEAR and not _BREAK.search(self.text, mention.end, at)
            if not near and (only_near or not mention.called.weight):
                continue
            score = 0.95 if near else 0.85
            if mention.called.kind == "part" or len(mention.called.ids) > 1:
                score -= 0.05
            for estate in mention.called.ids:
                yield estate, mention.start if near else at, score, len(mention.called.ids)
        if self.within and not only_near:
            yield self.within, at, 0.85, 1

    def numbered(self, number: Numbered) -> Iterator[_Found]:
        """The building with this number: of the nearest estate that has it."""
        for exact in (True, False):
            fits: list[tuple[int, int, float]] = []
            for estate, start, score, choices in self.nearest(number.start, number.vague):
                building = self._of(estate, number, exact)
                if building and (not fits or fits[0][1:] == (start, score)):
                    fits.append((building, start, score))
                if fits and len(fits) >= choices:
                    break
            if fits:
                doubt = (1 if exact else 0.8) / (1 if len(fits) == 1 else 2)
                for building, start, score in fits:
                    yield self._deeper(building, number.entrance, number.room, score * doubt, start, number.end)
                return
        yield from self._anywhere(number)

    def _of(self, estate: int, number: Numbered, exact: bool) -> int | None:
        families = self.known.numbered.get(estate, {}).get(number.number, {})
        return families.get(number.family) if exact else next(iter(families.values()), None)

    def _anywhere(self, number: Numbered) -> Iterator[_Found]:
        """No estate is named: only a number that few buildings have says anything."""
        having = self.known.having.get((number.number, number.family), [])
        for mention in self.communities:
            having = [b for b in having if self.known.inside(b, mention.called.ids[0])] or having
        if number.dashed or number.vague or self.within or len(having) > MOST_GUESSES:
            return
        for building in having:
            score = 0.45 if len(having) == 1 else 0.3
            yield self._deeper(building, number.entrance, number.room, score, number.start, number.end)

    def by_alias(self, mention: _Mention) -> Iterator[_Found]:
        """The building that is called so: of the nearest estate that has one."""
        candidates = mention.called.ids
        start, score = mention.start, mention.called.weight
        for estate, from_, near, _ in self.nearest(mention.start):
            if fits := tuple(b for b in candidates if self.known.places[b].estate_id == estate):
                candidates, start, score = fits, from_, near
                break
        else:
            for other in self.communities:
                candidates = tuple(b for b in candidates if self.known.inside(b, other.called.ids[0])) or candidates
        rest = reading.tail(self.text, mention.end)
        if len(candidates) > 1:
            score = 0.4
        for building in candidates[:MOST_GUESSES]:
            if score >= 0.35:
                yield self._deeper(building, rest.entrance, rest.room, score, start, rest.end)

    def _deeper(self, building: int, entrance: str, room: str, score: float, start: int, end: int) -> _Found:
        """The entrance where the building has it; an entrance that doesn't exist costs certainty."""
        if not entrance:
            return _Found(building, room, score, start, end)
        place_id = self.known.entrances.get(building, {}).get(entrance)
        return _Found(place_id or building, room, score if place_id else score - 0.15, start, end)


def _ranked(known: "Gazetteer", found: list[_Found]) -> list[_Found]:
    """Best first: each later mention counts a little less; what lies around a better hit is dropped."""
    order = {start: n for n, start in enumerate(sorted({f.start for f in found}))}
    best: dict[tuple[int, str], _Found] = {}
    for f in found:
        score = f.score * (1 - 0.05 * min(order[f.start], 6))
        weighed = _Found(f.place_id, f.room, score, f.start, f.end)
        if (f.place_id, f.room) not in best or best[f.place_id, f.room].score < score:
            best[f.place_id, f.room] = weighed
    hits = sorted(best.values(), key=lambda f: (-f.score, f.start))
    return [f for f in hits if not any(_covers(known, f, other) for other in hits if other is not f)]


def _covers(known: "Gazetteer", outer: _Found, inner: _Found) -> bool:
    """Whether a hit only says less than another one that is sure."""
    if inner.score < 0.5 or not known.inside(inner.place_id, outer.place_id):
        return False
    return inner.place_id != outer.place_id or (not outer.room and bool(inner.room))


def _misspelt(
    known: "Gazetteer", text: str, mentions: list[_Mention], numbers: Iterable[Numbered]
) -> Iterator[_Mention]:
    """The first estate with one character wrong: of the same sound, or with a building right behind it."""
    buildings = {n.start for n in numbers}
    taken = {i for m in mentions if m.called.weight for i in range(m.start, m.end)}
    for start, end in known.names.windows(text):
        if not taken.isdisjoint(range(start, end)):
            continue
        for name, typed, right in known.names.nearly(text[start:end]):
            sounds = _sound(typed) == _sound(right)
            behind = end + 2 if text.startswith("小区", end) else end
            if sounds or behind in buildings:
                yield _Mention(start, end, replace(name, weight=0.65 if sounds else 0.5))
                return


@lru_cache(maxsize=4096)
def _sound(letter: str) -> str:
    """A character's sound without tone; ng and n, zh and z are one, as people type them."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(letter)).replace("h", "").replace("ng", "n")

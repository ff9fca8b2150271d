"""Every name that words can call a place by, with the variants people use, indexed for scanning. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import add

from chenyue.places.entries import PlaceInfo
from chenyue.places.reading import building_key, folded

_THAT_ONE = re.compile(r"(.+?)的?(?:那一?)(幢|排|段|座|个)楼?$")
_SIDES = (
    ("旁边", "边上", "旁"),
    ("后面", "后头", "背后"),
    ("前面", "前头", "门前"),
    ("下面", "底下", "下头"),
    ("里面", "里头"),
)
_PHASE = re.compile(r"(.+?)\(?第?([一二三四五六七八九十\d]{1,2})期\)?$")
_PART = re.compile(r"(.{2,})(?:[一二三四五六七八九十\d]{1,2}期|[东西南北中]区)$")
_NONE = re.compile(r"(?!)")
_ARABIC = {c: str(i) for i, c in enumerate("〇一二三四五六七八九十")}
_CHINESE = {v: k for k, v in _ARABIC.items()}


@dataclass(frozen=True)
class Called:
    """What one string of words can mean. `weight` is how surely it means a place when it stands alone."""

    text: str
    ids: tuple[int, ...]
    kind: str  # as in models.Kind; "part" for a stem that several estates share (安和)
    weight: float


@dataclass
class Names:
    """Names by their first two characters, longest first; names of estates with one character open."""

    by_start: dict[str, list[Called]]
    misspelt: dict[str, list[tuple[str, Called]]] = field(repr=False)  # `金?苑` → (`桂`, 金桂苑)
    lengths: tuple[int, ...] = ()
    letter: re.Pattern[str] = _NONE  # a character of those names

    @classmethod
    def build(cls, places: Iterable[PlaceInfo]) -> "Names":
        called = list(_called(list(places)))
        by_start: dict[str, list[Called]] = defaultdict(list)
        for name in called:
            by_start[name.text[:2]].append(name)
        for names in by_start.values():
            names.sort(key=lambda n: (-len(n.text), -n.weight))
        misspelt: dict[str, list[tuple[str, Called]]] = defaultdict(list)
        open_to_typos = [n for n in called if n.kind == "estate" and len(n.text) >= 3 and n.weight > 0.7]
        for name in open_to_typos:
            for i, letter in enumerate(name.text):
                if letter not in _ARABIC and not letter.isascii():
                    misspelt[f"{name.text[:i]}?{name.text[i + 1 :]}"].append((letter, name))
        lengths = tuple(sorted({len(n.text) for n in open_to_typos}, reverse=True))
        letters = frozenset(c for n in open_to_typos for c in n.text)
        one = re.compile("[" + "".join(map(re.escape, sorted(letters))) + "]") if letters else _NONE
        return cls(dict(by_start), dict(misspelt), lengths, one)

    def scan(self, text: str) -> Iterator[tuple[int, int, Called]]:
        """Names in folded text from left to right, the longest at each place, without overlaps."""
        heads, free = self.by_start, 0
        for at in [i for i, pair in enumerate(map(add, text, text[1:])) if pair in heads]:
            if at < free:
                continue
            for name in heads[text[at : at + 2]]:
                if text.startswith(name.text, at):
                    free = at + len(name.text)
                    yield at, free, name
                    break

    def windows(self, text: str) -> list[tuple[int, int]]:
        """Stretches as long as an estate's name that have all but one of their characters from such names."""
        letters = [match.start() for match in self.letter.finditer(text)] if self.lengths else []
        found: dict[tuple[int, int], int] = {}
        for rank, length in enumerate(self.lengths):
            for first, last in zip(letters, letters[length - 2 :], strict=False):
                for start in range(max(0, last - length + 1), min(first, len(text) - length) + 1):
                    found[start, start + length] = rank
        return sorted(found, key=lambda window: (window[0], found[window]))

    def nearly(self, window: str) -> Iterator[tuple[Called, str, str]]:
        """Estates that this window would name if one character were another: (name, that one, the right one)."""
        for i, letter in enumerate(window):
            for right, name in self.misspelt.get(f"{window[:i]}?{window[i + 1 :]}", ()):
                yield name, letter, right


def _called(places: list[PlaceInfo]) -> Iterator[Called]:
    meant: dict[tuple[str, str], list[int]] = defaultdict(list)
    weights: dict[tuple[str, str], float] = {}
    for place in places:
        for text, weight in _texts(place):
            key = (text, "building" if place.kind == "building" else "place")
            if place.id not in meant[key]:
                meant[key].append(place.id)
            weights[key] = max(weights.get(key, 0), weight)
    kinds = {place.id: place.kind for place in places}
    own = {place.id: folded(place.name)[0] for place in places}
    mains = [folded(place.name)[0] for place in places if place.kind not in ("building", "entrance")]
    for (text, sort), ids in meant.items():
        weight = weights[text, sort]
        if sort == "place" and len(text) == 2 and weight < 0.8:
            weight = _alone(text, [own[i] for i in ids], mains)
        yield Called(text, tuple(ids), kinds[ids[0]], weight)
    yield from _parts(places, {text for text, _ in meant})


def _alone(text: str, own: list[str], mains: list[str]) -> float:
    """A name of two characters: less sure if it is a bit of its own name, less still if also of others."""
    if any(text in name and name not in own for name in mains):
        return 0.4
    return 0.6 if any(text in name for name in own) else 0.78


def _texts(place: PlaceInfo) -> Iterator[tuple[str, float]]:
    """Names of one place in folded form with their weights."""
    if place.kind == "entrance":
        return
    if place.kind == "building":
        if not building_key(place.name):
            yield folded(place.name)[0], 0.3
        for alias in place.aliases:
            for text in _that_one(folded(alias)[0]):
                yield text, 0.85 if len(text) > 2 else 0.45
        return
    sure = {"community": 0.62}.get(place.kind, 0.8)
    for text in _phases(folded(place.name)[0]):
        yield text, sure
        if place.kind == "community" and text.endswith("社区"):
            yield f"{text[:-2]}居委", sure
    for alias in place.aliases:
        for text in _phases(folded(alias)[0]):
            yield text, min(sure, 0.78)


def _that_one(alias: str) -> Iterator[str]:
    """`北门那幢`, `北门那一幢`, `北门的那幢` …, and `旁边` as `边上`."""
    for variant in _sides(alias):
        yield variant
        if found := _THAT_ONE.fullmatch(variant):
            stem, what = found[1], found[2]
            for word in (what,) if what in "排段" else ("幢", "座", "个楼"):
                yield from (f"{stem}那{word}", f"{stem}那一{word}", f"{stem}的那{word}", f"{stem}的那一{word}")
            if stem.endswith("门"):
                yield f"{stem}口那幢"


def _sides(alias: str) -> list[str]:
    for words in _SIDES:
        if word := next((w for w in words if w in alias), ""):
            return [alias.replace(word, other, 1) for other in words]
    return [alias]


def _phases(name: str) -> Iterator[str]:
    """`安和家园一期` also as 1期, 第一期 and (一期)."""
    yield name
    if found := _PHASE.fullmatch(name):
        stem, phase = found[1], found[2]
        other = _CHINESE.get(phase) or _ARABIC.get(phase) or phase
        for p in {phase, other}:
            yield from (f"{stem}{p}期", f"{stem}第{p}期", f"{stem}({p}期)", f"{stem} {p}期")


def _parts(places: Iterable[PlaceInfo], taken: set[str]) -> Iterator[Called]:
    """Stems of phases (安和家园), and first halves (纺织) that mean an estate only beside a building."""
    shared: dict[str, list[int]] = defaultdict(list)
    for place in places:
        if place.kind == "estate":
            names = [folded(name)[0] for name in (place.name, *place.aliases)]
            stems = [found[1] for name in names if (found := _PART.fullmatch(name))]
            for stem in {*stems, *(name[:2] for name in names if len(name) > 3)} - taken:
                shared[stem].append(place.id)
    for stem, ids in shared.items():
        yield Called(stem, tuple(ids), "part", 0.4 if len(stem) > 2 else 0.0)

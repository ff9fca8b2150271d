"""Which categories a text may belong to, by rules of general language and by likeness to the catalogue."""

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chenyue.catalogue.tree import Catalogue, CategoryInfo
from chenyue.core.text import fold
from chenyue.triage import lexicon
from chenyue.triage.reading import Reading
from chenyue.triage.similarity import Likeness, grams

DATA = Path(__file__).parent / "data"
WORDS = (1.0, 0.5)  # the words of rules as text for likeness: their first group, the others
LIKENESS = 11.0  # what full likeness weighs, in units of rule weight
KEYWORD, WEAK = 2.0, 0.7  # a keyword of the catalogue's row; one that says little alone
LATER, LATER_FLOOR = 0.93, 0.62  # each further sentence speaks a little less than the one before
TEMPERATURE = 1.25  # of the softmax; by the dev set of triage, see tests/triage
UNCLEAR = 2.2  # a text that speaks for nothing speaks this much for 其他与内容不明
EXPLAINED = 3  # guesses whose likeness is explained by grams where no rule spoke
READ_LIKENESS = 600  # characters; what comes later in a letter is rarely its matter


@dataclass(frozen=True, slots=True)
class Score:
    """One category's share of the evidence."""

    category: CategoryInfo
    points: float
    confidence: float
    cues: tuple[str, ...]
    sentences: frozenset[int]  # where rules spoke for it more than for any other


@cache
def language() -> dict[str, Any]:
    """The lexicon of general language, by category code of the starter catalogue."""
    found: dict[str, Any] = {}
    for path in sorted(DATA.glob("lexicon*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def _entry(category: CategoryInfo) -> dict[str, Any]:
    """What the lexicon has for a row: only where code and name are those of the starter catalogue."""
    entry: dict[str, Any] = language().get(category.code, {})
    return entry if entry.get("name") == category.name else {}


class Scorer:
    """Built for one version of the catalogue."""

    def __init__(self, held: Catalogue) -> None:
        self.version = held.version
        self.leaves = held.leaves()
        self.unclear = next((c for c in self.leaves if _entry(c).get("unclear")), None)
        rules: list[lexicon.Rule[str]] = []
        documents: dict[str, list[tuple[str, float]]] = {}
        for category in self.leaves:
            entry = _entry(category)
            weak = set(entry.get("weak", []))
            rules += [
                lexicon.Rule(category.code, ((fold(word),),), (), WEAK if word in weak else KEYWORD)
                for word in category.keywords
                if len(word) > 1
            ]
            own = [lexicon.parse(category.code, text) for text in entry.get("rules", [])]
            rules += own
            documents[category.code] = [
                (fold(category.name), 1.5),
                *((fold(word), 1.5) for word in category.keywords),
                *((fold(text), 1.0) for text in category.examples),
                *((fold(text), 1.0) for text in entry.get("texts", [])),
                *(("，".join(group), WORDS[min(i, 1)]) for rule in own for i, group in enumerate(rule.groups)),
            ]
        self.matcher = lexicon.Matcher(rules)
        self.likeness = Likeness(documents)

    def score(self, reading: Reading, limit: int = 8) -> list[Score]:
        """The most likely categories, best first; empty when the catalogue is."""
        if not self.leaves:
            return []
        points, cues, places = self._rules(reading)
        counts = grams(reading.plain[:READ_LIKENESS])
        alike = self.likeness.scores(counts)
        for code, value in zip(self.likeness.codes, alike, strict=True):
            points[code] += LIKENESS * value
        if self.unclear:
            points[self.unclear.code] += UNCLEAR
        top = max(points.values())
        total = sum(math.exp((value - top) / TEMPERATURE) for value in points.values())
        order = sorted(self.leaves, key=lambda c: (-points[c.code], c.code))[:limit]
        return [
            Score(
                category=c,
                points=points[c.code],
                confidence=math.exp((points[c.code] - top) / TEMPERATURE) / total,
                cues=self._cues(cues.get(c.code, []), counts, c.code if rank < EXPLAINED else ""),
                sentences=frozenset(places.get(c.code, ())),
            )
            for rank, c in enumerate(order)
        ]

    def _cues(self, words: list[str], counts: Counter[str], code: str) -> tuple[str, ...]:
        """The words that spoke: those of rules, else the grams most alike (`code` "" asks for none)."""
        if words or not code:
            return tuple(dict.fromkeys(words))[:4]
        return tuple(self.likeness.speaking(counts, code))

    def _rules(self, reading: Reading) -> tuple[dict[str, float], dict[str, list[str]], dict[str, set[int]]]:
        """Points by rules: the best sentence counts in full, the others a little."""
        best: dict[str, float] = defaultdict(float)
        rest: dict[str, float] = defaultdict(float)
        cues: dict[str, list[str]] = defaultdict(list)
        places: dict[str, set[int]] = defaultdict(set)
        everything: set[str] = set()
        weight = 1.0
        for number, sentence in enumerate(reading.sentences):
            found = self.matcher.words(sentence)
            everything |= found
            sums = _sum(self.matcher.match(found))
            if sums:
                places[max(sums, key=lambda code: sums[code][0])].add(number)
            for code, (told, spoke) in sums.items():
                value = told * weight
                rest[code] += min(value, best[code]) if best[code] else 0.0
                best[code] = max(best[code], value)
                cues[code] += [word for word in spoke if word not in cues[code]]
            weight = max(LATER_FLOOR, weight * LATER)
        if 1 < len(reading.sentences) <= 8:
            for code, (value, spoke) in _sum(self.matcher.match(everything)).items():
                if 0.6 * value > best[code]:
                    best[code] = 0.6 * value
                    cues[code] += [word for word in spoke if word not in cues[code]]
        points = {c.code: best[c.code] + min(0.25 * rest[c.code], 0.5 * best[c.code]) for c in self.leaves}
        return points, cues, places


def _sum(hits: Iterable[lexicon.Hit[str]]) -> dict[str, tuple[float, list[str]]]:
    """Points per category in one stretch: the strongest rule, and two fifths of each further one."""
    grouped: dict[str, list[lexicon.Hit[str]]] = defaultdict(list)
    for hit in hits:
        grouped[hit.rule.key].append(hit)
    found: dict[str, tuple[float, list[str]]] = {}
    for code, own in grouped.items():
        own.sort(key=lambda hit: -hit.rule.weight)
        top = own[0].rule.weight
        value = top + min(sum(0.4 * hit.rule.weight for hit in own[1:]), 0.8 * abs(top))
        found[code] = value, [word for hit in own for word in hit.words]
    return found


_held: Scorer | None = None


def scorer(held: Catalogue) -> Scorer:
    """The scorer for this catalogue; built at first use and when its words change."""
    global _held
    current = _held
    if current is None or current.version != held.version:
        current = Scorer(held)
        _held = current
    return current

"""Which categories a text may belong to, by rules of general language and by likeness to the catalogue."""

import copy
import math
import threading
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from chenyue.catalogue.models import Urgency
from chenyue.catalogue.tree import Catalogue, CategoryInfo
from chenyue.core.text import fold
from chenyue.core.whose import whose
from chenyue.triage import lexicon
from chenyue.triage.alarm import Alarm
from chenyue.triage.blend import blended, normal
from chenyue.triage.reading import Reading, read
from chenyue.triage.said import listed, said
from chenyue.triage.similarity import Likeness, short_grams
from chenyue.triage.versions import Active

DATA = Path(__file__).parent / "data"
SMOOTHING = 0.05  # of likeness; chosen with sentences and sets that weren't among those it rests on
RULES = 0.25  # what a rule's points weigh against the logarithm of likeness
KEYWORD, WEAK = 2.0, 0.7  # a keyword of the catalogue's row; one that says little alone
LATER, LATER_FLOOR = 0.93, 0.62  # each further sentence speaks a little less than the one before
TEMPERATURE = 0.6  # of the softmax: so that confidence tells how often it is right, see tests/triage
UNCLEAR = 0.5  # a text that speaks for nothing speaks this much for 其他与内容不明
EXPLAINED = 3  # guesses whose likeness is explained by grams where no rule spoke
SHORT = 4  # characters; a shorter sentence says nothing by itself
WORTH = 0.6  # confidence of a sentence's guess whose words are worth telling
PARTS = 12  # sentences of a letter that are read one by one
READ_LIKENESS = 600  # characters; what comes later in a letter is rarely its matter


@dataclass(frozen=True, slots=True)
class Score:
    """One category's share of the evidence."""

    category: CategoryInfo
    points: float
    confidence: float
    cues: tuple[str, ...]
    sentences: frozenset[int]  # where rules spoke for it more than for any other
    taught: bool = False  # whether people's confirmations had a say


@cache
def language() -> dict[str, Any]:
    """The lexicon of general language, by category code of the starter catalogue."""
    found: dict[str, Any] = {}
    for path in sorted(DATA.glob("lexicon*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def entry(category: CategoryInfo) -> dict[str, Any]:
    """What the lexicon has for a row: only where code and name are those of the starter catalogue."""
    found: dict[str, Any] = language().get(category.code, {})
    return found if found.get("name") == category.name else {}


class Heard(NamedTuple):
    """What rules say of one sentence: the words of rules that stand in it, and by category points with their words."""

    words: set[str]
    sums: dict[str, tuple[float, list[str]]]


class Scorer:
    """Built for one version of the catalogue."""

    def __init__(self, held: Catalogue, active: Active | None = None) -> None:
        self.version = held.version
        self.active = active
        self.leaves = held.leaves()
        self._index = {category.code: i for i, category in enumerate(self.leaves)}
        self.unclear = next((i for i, c in enumerate(self.leaves) if entry(c).get("unclear")), None)
        rules: list[lexicon.Rule[str]] = []
        documents: dict[str, list[tuple[str, float]]] = {}
        for category in self.leaves:
            own_words = entry(category)
            weak = set(own_words.get("weak", []))
            rules += [
                lexicon.Rule(category.code, ((fold(word),),), (), WEAK if word in weak else KEYWORD)
                for word in category.keywords
                if len(word) > 1
            ]
            own = [lexicon.parse(category.code, text) for text in own_words.get("rules", [])]
            rules += own
            documents[category.code] = [
                (fold(category.name), 1.5),
                *((fold(word), 1.5) for word in category.keywords),
                *((fold(text), 1.0) for text in category.examples),
                *((fold(text), 1.0) for text in own_words.get("texts", [])),
                *((fold(text), 1.0) for text in said().get((category.code, category.name), ())),
            ]
        self.matcher = lexicon.Matcher(rules)
        self.likeness = Likeness(documents, short_grams, SMOOTHING)
        grave = {c.code for c in self.leaves if c.urgency == Urgency.EMERGENCY}
        texts = {code: [text for text, weight in parts if weight == 1.0] for code, parts in documents.items()}
        self.alarm = Alarm(
            [*(text for code in texts if code in grave for text in texts[code]), *map(fold, listed("calls"))],
            [*(text for code in texts if code not in grave for text in texts[code]), *map(fold, listed("calm"))],
        )

    def with_learner(self, active: Active | None) -> "Scorer":
        """The same first guess beside another version of the learner."""
        other = copy.copy(self)
        other.active = active
        return other

    def hear(self, reading: Reading) -> list[Heard]:
        """What rules say of each sentence; for `score` and `parts`, which would read the same twice."""
        return [self._hear(sentence) for sentence in reading.sentences]

    def score(self, reading: Reading, limit: int = 8, *, heard: Sequence[Heard] | None = None) -> list[Score]:
        """The most likely categories, best first; empty when the catalogue is."""
        if not self.leaves:
            return []
        points, cues, places = self._rules(self.hear(reading) if heard is None else heard)
        counts = short_grams(reading.plain[:READ_LIKENESS])
        logs, taught = self._taught(reading, self._first(points, counts))
        order = sorted(range(len(logs)), key=logs.__getitem__, reverse=True)[:limit]
        return [
            Score(
                category=self.leaves[i],
                points=points.get(self.leaves[i].code, 0.0),
                confidence=math.exp(logs[i]),
                cues=self._cues(cues.get(self.leaves[i].code, []), counts, reading, i if rank < EXPLAINED else -1),
                sentences=frozenset(places.get(self.leaves[i].code, ())),
                taught=taught,
            )
            for rank, i in enumerate(order)
        ]

    def rings(self, reading: Reading) -> bool:
        """Whether the text sounds like a danger now, though no rule names it."""
        return self.alarm.rings(reading)

    def parts(self, reading: Reading, heard: Sequence[Heard]) -> list[Score | None]:
        """The likeliest category of each sentence of a text that has several; empty for one that hasn't.

        What is hardly likely has no cues: telling them costs as much as the guess.
        """
        if len(reading.sentences) < 2 or not self.leaves:
            return []
        pairs = zip(reading.sentences[:PARTS], heard, strict=False)
        return [self._part(sentence, told) if len(sentence) > SHORT else None for sentence, told in pairs]

    def _part(self, sentence: str, heard: Heard) -> Score:
        points, cues, _places = self._rules([heard])
        counts, reading = short_grams(sentence[:READ_LIKENESS]), Reading(sentence, (sentence,))
        logs, taught = self._taught(reading, self._first(points, counts))
        log = max(logs)
        index = logs.index(log)
        code, confidence = self.leaves[index].code, math.exp(log)
        told = self._cues(cues.get(code, []), counts, reading, index) if confidence >= WORTH else ()
        return Score(self.leaves[index], points.get(code, 0.0), confidence, told, frozenset(), taught)

    def first_logs(self, reading: Reading, heard: Sequence[Heard] | None = None) -> list[float]:
        """Log-probabilities of `leaves` by the first guess alone."""
        points, _cues, _places = self._rules(self.hear(reading) if heard is None else heard)
        return self._first(points, short_grams(reading.plain[:READ_LIKENESS]))

    def points(self, heard: Sequence[Heard]) -> dict[str, float]:
        """Points by rules alone, by category code; what no rule speaks for is left out."""
        return self._rules(heard)[0]

    def logs(self, text: str) -> list[float]:
        """Log-probabilities of `leaves`, with what was learned."""
        reading = read(text)
        return self._taught(reading, self.first_logs(reading))[0]

    def _first(self, points: Mapping[str, float], counts: Counter[str]) -> list[float]:
        values = self.likeness.scores(counts)
        for code, value in points.items():
            values[self._index[code]] += RULES * value
        if self.unclear is not None:
            values[self.unclear] += UNCLEAR
        return normal([value / TEMPERATURE for value in values])

    def _taught(self, reading: Reading, logs: list[float]) -> tuple[list[float], bool]:
        """The same with what people's confirmations have taught."""
        if self.active is None:
            return logs, False
        learned = self.active.learned
        told, known = learned.judge(reading.plain)
        margin = dict(zip(learned.codes, told, strict=True))
        cases = dict(zip(learned.codes, learned.counts, strict=True))
        codes = [c.code for c in self.leaves]
        margins, numbers = [margin.get(code) for code in codes], [cases.get(code, 0) for code in codes]
        return blended(logs, margins, numbers, self.active.blend, known), True

    def _cues(self, words: list[str], counts: Counter[str], reading: Reading, index: int) -> tuple[str, ...]:
        """The words that spoke: those of rules, else the grams that weighed most (`index` -1 asks for none)."""
        if words or index < 0:
            return tuple(dict.fromkeys(words))[:4]
        code = self.leaves[index].code
        spoke = self.active.learned.speaking(reading.plain, code) if self.active else []
        return tuple(spoke or self.likeness.speaking(counts, code))

    def _hear(self, sentence: str) -> Heard:
        words = self.matcher.words(sentence)
        return Heard(words, _sum(self.matcher.match(words)))

    def _rules(self, heard: Sequence[Heard]) -> tuple[dict[str, float], dict[str, list[str]], dict[str, set[int]]]:
        """Points by rules: the best sentence counts in full, the others a little."""
        best: dict[str, float] = defaultdict(float)
        rest: dict[str, float] = defaultdict(float)
        cues: dict[str, list[str]] = defaultdict(list)
        places: dict[str, set[int]] = defaultdict(set)
        weight = 1.0
        for number, (_words, sums) in enumerate(heard):
            if sums:
                places[max(sums, key=lambda code: sums[code][0])].add(number)
            for code, (told, spoke) in sums.items():
                value = told * weight
                rest[code] += min(value, best[code]) if best[code] else 0.0
                best[code] = max(best[code], value)
                cues[code] += [word for word in spoke if word not in cues[code]]
            weight = max(LATER_FLOOR, weight * LATER)
        if 1 < len(heard) <= 8:
            everything = set().union(*(one.words for one in heard))
            for code, (value, spoke) in _sum(self.matcher.match(everything)).items():
                if 0.6 * value > best[code]:
                    best[code] = 0.6 * value
                    cues[code] += [word for word in spoke if word not in cues[code]]
        points = {code: value + min(0.25 * rest[code], 0.5 * value) for code, value in best.items()}
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


_held: dict[str, Scorer] = {}  # by office: two catalogues of one version are two catalogues
_building = threading.Lock()


def scorer(held: Catalogue, speaks: Active | None = None) -> Scorer:
    """The scorer for this catalogue, with the learner `speaks`; built at first use and when the words change."""
    office = whose()
    current = _held.get(office)
    if current is None or current.version != held.version:
        with _building:  # by one thread: eight at once would take eight times the memory, and keep it
            current = _held.get(office)
            if current is None or current.version != held.version:
                current = _held[office] = Scorer(held)
    if current.active is not speaks:
        current = current.with_learner(speaks)
        _held[office] = current
    return current

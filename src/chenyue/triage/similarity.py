"""Likeness of a text to each category's own words: naive Bayes over TF-IDF of character 1–3-grams.

Each category brings its name, keywords, examples and sentences; all categories count alike beforehand.
Pure, no libraries: a dictionary of some ten thousand grams, built in a few tenths of a second. On few and
short sentences it guesses as well as a support vector machine does; the first guess reads grams of one and two
characters only, which guess better there than longer ones and need half the room (docs/triage.md).
"""

import math
import re
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import add

_JUNK = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
SMOOTHING = 0.1
# A common gram's weights for all categories stand side by side in one integer, 64 bits each: so one multiplication
# weighs them all. Numbers are held in steps of 2⁻²⁰; a product then needs 50 bits, and 64 bits hold the sum of
# more grams than any text has that is read.
UNIT = 1 << 20
LANE, FULL = 64, (1 << 64) - 1
COMMON = 8  # categories that know a gram; above, one long multiplication costs less than many short ones
_REPEATED = tuple(1 + math.log(n) for n in range(1, 64))


def short_grams(text: str) -> Counter[str]:
    """Character 1–2-grams, not across punctuation."""
    found: list[str] = []
    for piece in _JUNK.split(text):
        found += piece
        found += map(add, piece, piece[1:])
    return Counter(found)


def grams(text: str) -> Counter[str]:
    """Character 1–3-grams, not across punctuation."""
    found: list[str] = []
    for piece in _JUNK.split(text):
        pairs = list(map(add, piece, piece[1:]))
        found += piece
        found += pairs
        found += map(add, pairs, piece[2:])
    return Counter(found)


def _often(number: int) -> float:
    return _REPEATED[number - 1] if number < len(_REPEATED) else 1 + math.log(number)


class Likeness:
    """Built once per catalogue version; asked for every text."""

    def __init__(
        self,
        documents: Mapping[str, Sequence[tuple[str, float]]],
        cut: Callable[[str], Counter[str]] = grams,
        smoothing: float = SMOOTHING,
    ) -> None:
        """`documents`: code → (text, weight). `cut` makes grams of a text, here and of what is asked later."""
        self.codes = list(documents)
        counted = [[(cut(text), weight) for text, weight in parts] for parts in documents.values()]
        spread: Counter[str] = Counter()
        for parts in counted:
            for counts, _weight in parts:
                spread.update(counts.keys())
        total = 1 + sum(len(parts) for parts in counted)
        rarity = {number: math.log(total / (1 + number)) + 1.0 for number in set(spread.values())}
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._base: list[float] = []
        for index, parts in enumerate(counted):
            sums: dict[str, float] = defaultdict(float)
            for counts, weight in parts:
                for gram, value in _of_length_one(counts, spread, rarity):
                    sums[gram] += value * weight
            self._base.append(-math.log(sum(sums.values()) + smoothing * len(spread)))
            for gram, value in sums.items():
                postings[gram].append((index, round(math.log((value + smoothing) / smoothing) * UNIT)))
        units = {number: round(value * UNIT) for number, value in rarity.items()}
        # gram → its rarity, the weights of all categories in a row (0: too few), the same one by one
        self._held = {
            gram: (units[spread[gram]], _row(own) if len(own) > COMMON else 0, tuple(own))
            for gram, own in postings.items()
        }

    def scores(self, counts: Mapping[str, int]) -> list[float]:
        """Logarithm of likelihood of a text's grams under each of `codes`, but for a constant."""
        held, size = self._held, len(self.codes)
        few, rows, mass, square = [0] * size, 0, 0, 0
        for gram in counts.keys() & held.keys():
            value, row, own = held[gram]
            if (number := counts[gram]) > 1:
                value = int(value * _often(number))
            mass += value
            square += value * value
            if row:
                rows += value * row
            else:
                for index, weight in own:
                    few[index] += value * weight
        norm = math.sqrt(square) or 1.0
        length, unit = mass / norm, 1 / (norm * UNIT)
        lanes = struct.unpack(f"<{size}Q", rows.to_bytes(size * LANE // 8, "little"))
        return [(a + b) * unit + length * base for a, b, base in zip(lanes, few, self._base, strict=True)]

    def speaking(self, counts: Mapping[str, int], code: str, limit: int = 3) -> list[str]:
        """The grams of two or three characters that spoke most for a category."""
        index = self.codes.index(code)
        spoke: list[tuple[float, str]] = []
        for gram in counts.keys() & self._held.keys():
            value, row, own = self._held[gram]
            if len(gram) > 1:
                here = row >> index * LANE & FULL if row else next((weight for i, weight in own if i == index), 0)
                if here:
                    spoke.append((value * _often(counts[gram]) * here / len(own), gram))
        spoke.sort(reverse=True)
        chosen: list[str] = []
        for _value, gram in spoke:
            if not any(gram in other or other in gram for other in chosen):
                chosen.append(gram)
            if len(chosen) == limit:
                break
        return chosen


def _of_length_one(
    counts: Mapping[str, int], spread: Mapping[str, int], rarity: Mapping[int, float]
) -> Iterable[tuple[str, float]]:
    """TF-IDF of a text's grams, of length one."""
    found = [(gram, _often(number) * rarity[spread[gram]]) for gram, number in counts.items()]
    norm = math.sqrt(sum(value * value for _gram, value in found)) or 1.0
    return ((gram, value / norm) for gram, value in found)


def _row(own: Iterable[tuple[int, int]]) -> int:
    """Weights of all categories in one integer."""
    return sum(weight << (index * LANE) for index, weight in own)

"""Likeness of a text to each category's own words: TF-IDF over character 1–3-grams. Pure, no libraries.

Each category is one pseudo-document: its name, keywords and examples, and further sentences of the
lexicon. Small on purpose: a dictionary of a few ten thousand grams.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

_JUNK = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
MAX_GRAMS = 3
# Single characters say little; pairs most.
GRAM_WEIGHT = {1: 0.25, 2: 1.0, 3: 1.0}


def grams(text: str) -> Counter[str]:
    """Character 1–3-grams, not across punctuation."""
    counts: Counter[str] = Counter()
    for piece in _JUNK.split(text):
        size = len(piece)
        for n in range(1, MAX_GRAMS + 1):
            for i in range(size - n + 1):
                counts[piece[i : i + n]] += 1
    return counts


class Likeness:
    """Built once per catalogue version; asked for every text."""

    def __init__(self, documents: Mapping[str, Sequence[tuple[str, float]]]) -> None:
        """`documents`: code → (text, weight)."""
        self.codes = list(documents)
        weights: list[dict[str, float]] = []
        spread: Counter[str] = Counter()
        for parts in documents.values():
            counts: dict[str, float] = defaultdict(float)
            for text, weight in parts:
                for gram, number in grams(text).items():
                    counts[gram] += number * weight
            weights.append(counts)
            spread.update(counts.keys())
        total = len(self.codes) + 1
        self._idf = {gram: math.log(total / (1 + number)) + 0.3 for gram, number in spread.items()}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, counts in enumerate(weights):
            row = {g: (1 + math.log(1 + c)) * self._idf[g] * GRAM_WEIGHT[len(g)] for g, c in counts.items()}
            norm = math.sqrt(sum(value * value for value in row.values())) or 1.0
            for gram, value in row.items():
                # Half-way between cosine and dot product: a long pseudo-document isn't punished for being rich.
                self._postings[gram].append((index, value / norm**0.75))

    def scores(self, counts: Counter[str]) -> list[float]:
        """Likeness of a text's grams to each of `codes`, about 0–1."""
        found = [0.0] * len(self.codes)
        square = 0.0
        for gram, number in counts.items():
            idf = self._idf.get(gram)
            if idf is None:
                continue
            value = (1 + math.log(number)) * idf * GRAM_WEIGHT[len(gram)]
            square += value * value
            for index, weight in self._postings[gram]:
                found[index] += value * weight
        norm = math.sqrt(square) or 1.0
        return [value / norm for value in found]

    def speaking(self, counts: Counter[str], code: str, limit: int = 3) -> list[str]:
        """The grams of two or three characters that spoke most for a category."""
        index = self.codes.index(code)
        spoke: list[tuple[float, str]] = []
        for gram in counts:
            if len(gram) > 1 and gram in self._idf:
                weight = next((w for i, w in self._postings[gram] if i == index), 0.0)
                if weight:
                    spoke.append((weight * self._idf[gram], gram))
        spoke.sort(reverse=True)
        chosen: list[str] = []
        for _value, gram in spoke:
            if not any(gram in other or other in gram for other in chosen):
                chosen.append(gram)
            if len(chosen) == limit:
                break
        return chosen

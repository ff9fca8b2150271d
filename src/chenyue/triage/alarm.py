"""A second ear for dangers that no rule names: does a short text sound like those of the grave categories? Pure.

Mean log-ratio of the text's character 1–2-grams in the words of the emergencies against all others. The rules of
`dangers` speak first; this one hears what is said in words of its own, and only where nothing says that the
danger is past, feared, taught or a figure of speech.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable

from chenyue.triage import dangers, letters
from chenyue.triage.reading import Reading
from chenyue.triage.similarity import short_grams

RINGS = 0.31  # chosen on messages of our own that aren't among the sentences, see docs/triage.md
SMOOTHING = 0.3
FEW = 20  # texts; with fewer of either kind nothing can be told
SHORTEST = 6  # characters
_EVERYDAY = re.compile(r"抽烟|吸烟")  # where people and lifts or stairs stand together without any danger


class Alarm:
    """Built once per catalogue version from its own words and our sentences."""

    def __init__(self, grave: Iterable[str], others: Iterable[str]) -> None:
        self._weights: dict[str, float] = {}
        loud, calm = list(grave), list(others)
        if min(len(loud), len(calm)) < FEW:
            return
        here, there = (Counter(g for text in texts for g in short_grams(text)) for texts in (loud, calm))
        prior = math.log(len(calm) + 2 * SMOOTHING) - math.log(len(loud) + 2 * SMOOTHING)
        for gram in here.keys() | there.keys():
            self._weights[gram] = math.log(here[gram] + SMOOTHING) - math.log(there[gram] + SMOOTHING) + prior

    def score(self, counts: Iterable[str]) -> float:
        """How much these grams sound like danger: above 0 more than not."""
        known = [self._weights[gram] for gram in counts if gram in self._weights]
        return sum(known) / len(known) if known else -1.0

    def rings(self, reading: Reading) -> bool:
        """Whether a short text sounds like a danger that is there now."""
        plain = reading.plain
        if not SHORTEST <= len(plain) <= letters.LETTER or self.score(short_grams(plain)) < RINGS:
            return False
        calm = (dangers.LESSON, dangers.FIGURE, dangers.DOUBT, dangers.OVER, _EVERYDAY)
        if dangers.THANKS.match(plain) or any(words.search(plain) for words in calm):
            return False
        now = dangers.NOW.search(plain)
        return bool(now) or not (dangers.PAST.search(plain) or letters.HABIT.search(plain))

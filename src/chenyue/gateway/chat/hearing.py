"""What a text leans to, talk or matter, and of which kind: by likeness to own sentences and the office's catalogue."""

from functools import cache, lru_cache
from pathlib import Path

from chenyue.catalogue.queries import catalogue
from chenyue.core.text import fold
from chenyue.triage.kinds import Kinds, kinds
from chenyue.triage.similarity import Likeness, grams

DATA = Path(__file__).parent / "data"
LEAN = 40  # characters by which it is told whether a message leans to talk
READ = 200  # characters of a message that are read
LIKENED = 2_000  # different texts of one chat whose kind is read by likeness too; more would take seconds
SURE = 6.0  # a lead of so much is as good as any


class Hearing:
    """For one chat: what was read once isn't read again."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, bool], Kinds] = {}
        held = catalogue()
        self._likeness = _likeness(tuple(text for c in held.leaves() for text in c.examples))

    def kind(self, text: str, likeness: bool) -> Kinds:
        """The kinds of matter it speaks of; without `likeness` only how plainly it speaks."""
        likeness = likeness and len(self._kinds) < LIKENED
        key = text[:READ], likeness
        if key not in self._kinds:
            self._kinds[key] = kinds(key[0], likeness=likeness)
        return self._kinds[key]

    def leaning(self, plain: str) -> float:
        """Of a folded text, from −1 (talk) to 1 (a matter); 0 where it could be either."""
        talk, told = self._likeness.scores(grams(plain[:LEAN]))
        return max(-1.0, min(1.0, (told - talk) / SURE))


@lru_cache(maxsize=2)
def _likeness(examples: tuple[str, ...]) -> Likeness:
    told = [*_sentences("follow"), *(fold(text) for text in examples)]
    return Likeness({"talk": [(text, 1.0) for text in _sentences("talk")], "matter": [(text, 1.0) for text in told]})


@cache
def _sentences(name: str) -> tuple[str, ...]:
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(fold(line) for line in lines if line and not line.startswith("#"))

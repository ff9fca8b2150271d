"""What a brief says otherwise than the one before: sentence by sentence, and within a sentence. Pure.

Most sentences differ in their numbers each time; those that differ in words are what somebody should read.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*%?")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*%?|.", re.DOTALL)
NEW, GONE, NUMBERS, SAID, SAME = "new", "gone", "numbers", "words", "same"


class Change(NamedTuple):
    """A sentence before and now; "" where there is none."""

    key: str
    before: str
    now: str

    @property
    def degree(self) -> str:
        """new, gone, numbers (nothing but numbers differ), words, same."""
        if not self.before:
            return NEW
        if not self.now:
            return GONE
        if self.before == self.now:
            return SAME
        return NUMBERS if _NUMBER.sub("0", self.before) == _NUMBER.sub("0", self.now) else SAID


class Piece(NamedTuple):
    """A part of a sentence: whether it is as it was, was added, or is gone."""

    kind: str
    text: str


def text_of(row: Sequence[Any]) -> str:
    """A sentence as it will be read: changed by a person, else as written; "" when it was left out."""
    return str(row[1] if row[2] is None else row[2])


def against(before: Iterable[Sequence[Any]], now: Iterable[Sequence[Any]]) -> list[Change]:
    """All sentences that differ, in the order of now, then those that are gone."""
    then = {row[0]: text_of(row) for row in before}
    found = [Change(row[0], then.pop(row[0], ""), text_of(row)) for row in now]
    found += [Change(key, text, "") for key, text in then.items()]
    return [change for change in found if change.before != change.now]


def pieces(before: str, now: str) -> list[Piece]:
    """The sentence now with what is gone from it and what was added."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(now)
    found: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("", "".join(new[c:d])))
            continue
        if a < b:
            found.append(Piece("gone", "".join(old[a:b])))
        if c < d:
            found.append(Piece("new", "".join(new[c:d])))
    return found

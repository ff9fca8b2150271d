"""Rules over words: small patterns that a person can read and write, matched fast. Pure.

A rule is `A|B & C|D & !E = 3`: one of A, B and one of C, D in the same stretch of text, and not E.
`A` may also be `A~B`: A, then B within eight characters. The number is the rule's weight (default 3).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")
DEFAULT_WEIGHT = 3.0
GAP = 8


@dataclass(frozen=True, slots=True)
class Rule(Generic[K]):
    """`groups` are alternatives that must each be met; `never` those that forbid it."""

    key: K
    groups: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]
    weight: float


def parse(key: K, text: str) -> Rule[K]:
    """Read a rule; ValueError if it names no word."""
    body, _sep, weight = text.partition("=")
    groups, never = [], []
    for part in body.split("&"):
        words = part.strip()
        if words.startswith("!"):
            never += [word.strip().lstrip("!").lower() for word in words.split("|") if word.strip(" !")]
        else:
            groups.append(tuple(word.strip().lower() for word in words.split("|") if word.strip()))
    if not groups or not all(groups):
        raise ValueError(f"no word in rule {text!r}")
    return Rule(key, tuple(groups), tuple(never), float(weight) if weight.strip() else DEFAULT_WEIGHT)


@dataclass(frozen=True, slots=True)
class Hit(Generic[K]):
    """A rule that holds, and the words that made it hold."""

    rule: Rule[K]
    words: tuple[str, ...]


class Matcher(Generic[K]):
    """Finds all rules that hold in a stretch of text; cost grows with the text, not with the rules."""

    def __init__(self, rules: Iterable[Rule[K]]) -> None:
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self.rules = list(rules)
        atoms: set[str] = set()
        for index, rule in enumerate(self.rules):
            for word in rule.groups[0]:
                self._by_word[word].append(index)
            atoms.update(word for group in rule.groups for word in group)
            atoms.update(rule.never)
        self._gaps = {a: re.compile(f".{{0,{GAP}}}?".join(map(re.escape, a.split("~")))) for a in atoms if "~" in a}
        self._heads: dict[str, list[str]] = defaultdict(list)  # first character → atoms, longest first
        for atom in atoms:
            self._heads[atom[0]].append(atom)
        for found in self._heads.values():
            found.sort(key=len, reverse=True)

    def words(self, text: str) -> set[str]:
        """All words of all rules that occur in the text."""
        found: set[str] = set()
        heads, gaps = self._heads, self._gaps
        for i, char in enumerate(text):
            for atom in heads.get(char, ()):
                if atom in found:
                    continue
                if atom in gaps:
                    if gaps[atom].match(text, i):
                        found.add(atom)
                elif text.startswith(atom, i):
                    found.add(atom)
        return found

    def match(self, found: set[str]) -> list[Hit[K]]:
        """The rules that hold, given the words that occur."""
        seen: set[int] = set()
        hits: list[Hit[K]] = []
        for word in found:
            for index in self._by_word.get(word, ()):
                if index in seen:
                    continue
                seen.add(index)
                rule = self.rules[index]
                spoke = [next((w for w in group if w in found), "") for group in rule.groups]
                if all(spoke) and not any(word in found for word in rule.never):
                    hits.append(Hit(rule, tuple(spoke)))
        return hits

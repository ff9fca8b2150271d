"""Rules over words: small patterns that a person can read and write, matched fast. Pure.

A rule is `A|B & C|D & !E = 3`: one of A, B and one of C, D in the same stretch of text, and not E.
The number is the rule's weight (default 3).
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import add
from typing import Generic, TypeVar

K = TypeVar("K")
DEFAULT_WEIGHT = 3.0
HEAD = 3  # characters by which longer words are looked up


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
        self._short = {atom for atom in atoms if len(atom) <= HEAD}
        self._heads: dict[str, list[str]] = defaultdict(list)  # first characters → longer words
        for atom in atoms:
            if len(atom) > HEAD:
                self._heads[atom[:HEAD]].append(atom)

    def words(self, text: str) -> set[str]:
        """All words of all rules that occur in the text."""
        pairs = list(map(add, text, text[1:]))
        triples = set(map(add, pairs, text[2:]))
        found = self._short.intersection(text) | self._short.intersection(pairs) | (self._short & triples)
        heads = self._heads
        for head in heads.keys() & triples:
            found.update(atom for atom in heads[head] if atom in text)
        return found

    def match(self, found: set[str], around: AbstractSet[str] = frozenset()) -> list[Hit[K]]:
        """The rules that hold, given the words that occur; what forbids a rule may also stand `around` them."""
        hits: list[Hit[K]] = []
        for index in sorted({index for word in found for index in self._by_word.get(word, ())}):
            rule = self.rules[index]
            spoke = []
            for group in rule.groups:
                if (word := next((w for w in group if w in found), "")) == "":
                    break
                spoke.append(word)
            else:
                if not any(word in found or word in around for word in rule.never):
                    hits.append(Hit(rule, tuple(spoke)))
        return hits

"""What a message says by its words: signs of trouble, of joining in, of small talk (`data/signs.toml`)."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from chenyue.core import text as texts
from chenyue.triage.lexicon import Matcher, parse

DATA = Path(__file__).parent / "data"
LONGEST = 1_500  # characters read for signs
_BRACKETED = re.compile(r"\[[^\]\[\s]{1,8}\]")
_EDGES = re.compile(r"[\s，。！？；：、~～…,!?;:.()（）·\-—\"“”'‘’]+")


@dataclass(frozen=True, slots=True)
class Signs:
    """How often each sign is seen; `nouns` are the things that are named, `domains` the kinds of trouble."""

    plain: str
    counts: dict[str, int]
    domains: frozenset[str]
    nouns: frozenset[str]

    def has(self, sign: str) -> bool:
        """Whether a sign is seen at all."""
        return sign in self.counts

    @property
    def trouble(self) -> int:
        """Different words of trouble."""
        return self.counts.get("trouble", 0)


@cache
def _matcher() -> tuple[Matcher[str], frozenset[str]]:
    told = tomllib.loads((DATA / "signs.toml").read_text(encoding="utf-8"))
    rules = [parse(f"trouble.{name}", line) for name, lines in told["trouble"].items() for line in lines]
    rules += [parse(name, line) for name, lines in told["sign"].items() for line in lines]
    rules += [parse("noun", line) for line in told["noun"]["public"]]
    everywhere = frozenset(word for line in told["noun"]["everywhere"] for word in line.split("|"))
    return Matcher(rules), everywhere


def folded(words: str) -> str:
    """A message's words fit for comparing, without stickers."""
    return _BRACKETED.sub("", texts.fold(words[:LONGEST])).strip()


@lru_cache(maxsize=20_000)
def read(words: str) -> Signs:
    """The signs of a message's own words."""
    plain = folded(words)
    matcher, everywhere = _matcher()
    edged = "/".join(piece for piece in _EDGES.split(plain) if piece)
    question = "？" if plain[-1:] in "?？" else ""
    found = matcher.words(f"^/{edged}{question}/$")
    counts: Counter[str] = Counter()
    domains: set[str] = set()
    nouns: set[str] = set()
    for hit in matcher.match(found):
        key = hit.rule.key
        told = [word for word in hit.rule.groups[0] if word in found]
        if key == "noun":
            nouns.update(told)
            continue
        kind, _dot, domain = key.partition(".")
        if domain:
            domains.add(domain)
        counts[kind] += 1 if len(hit.rule.groups) > 1 else len(_apart(told))
    if "solved" in counts and "still" in counts:
        del counts["solved"]
    if "slip" in counts:
        counts.pop("denies", None)
        counts.pop("innocent", None)
    for only_here in ("still", "slip"):
        counts.pop(only_here, None)
    return Signs(plain, dict(counts), frozenset(domains), frozenset(_apart(nouns)) - everywhere)


def _apart(told: "set[str] | list[str]") -> list[str]:
    """Without words that are a part of longer ones."""
    return [word for word in told if not any(word != other and word in other for other in told)]

"""Every regular expression of the house and the strings that would make a careless one run for ever.

Run as a program it tries the patterns one after another and prints a line for each, so that whoever
started it knows which one hung: `python tests/house/patterns.py [FIRST]`.
"""

import ast
import importlib
import itertools
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

LENGTH = 4_000  # characters of a first try
LONG = 16_000  # and of the second, where the first was slow: a resident's words have at most 7,000
# In yards: what this machine needs for a search that is always the same (see `yard`), 5 ms where these were found.
SLOW = 2.4  # of a first try: a second one is worth while
ALLOWED = 80.0  # of the second
GIVE_UP = 600.0  # a try is broken off
TRIES = 5  # a careless pattern is slow each time, a machine with other work on it isn't

# What no pattern names, but many stumble over.
RUNS = (*"a1 -=:.\n\t[(<\"'{,，。的一十又没还不！", "\u3000", "é", "㐀", "\U0001f600")
PAIRS = (
    *("a1", "a ", "1-", "1.", "1 ", "一1", "a@", ".a", "[a", "(a", "((", "{}", "{{", "“a"),
    *("一二", "还没", "不是", "\n ", "a：", " ："),
)
ENDS = ("", "!", "\n\x00", "的")


SRC = Path(__file__).resolve().parents[2] / "src" / "chenyue"
WHOLE = {"match", "fullmatch"}  # a string that doesn't fit is given up at its first character
ACTS = WHOLE | {"search", "sub", "subn", "findall", "finditer", "split"}


@dataclass(frozen=True)
class Tried:
    """A pattern, where it stands, and whether it is only ever matched from the beginning of a string."""

    where: str
    pattern: re.Pattern[Any]
    whole: bool


# Loaded only where many offices are served: django-tenants listens to every row that is deleted once it is imported.
CITY = ("chenyue.city", "chenyue.config.city")


def names_of_modules() -> Iterator[str]:
    import chenyue

    for found in pkgutil.walk_packages(chenyue.__path__, "chenyue."):
        if found.name.startswith(CITY):
            continue
        if ".migrations." not in found.name and not found.name.endswith("__main__"):
            yield found.name


def within(thing: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """Patterns in a module's value: itself, or in lists, tuples, sets and dicts, and fields of plain objects."""
    if isinstance(thing, re.Pattern):
        yield thing
    elif depth < 4 and isinstance(thing, list | tuple | set | frozenset):
        for one in thing:
            yield from within(one, depth + 1)
    elif depth < 4 and isinstance(thing, dict):
        yield from within([*thing.keys(), *thing.values()], depth)
    elif depth < 4 and type(thing).__module__.startswith("chenyue.") and hasattr(thing, "__dataclass_fields__"):
        yield from within([getattr(thing, name, None) for name in thing.__dataclass_fields__], depth + 1)


def written(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any], bool]]:
    """Patterns written inside functions: `re.sub(r"…", …)`, as far as they need only the module's own names."""
    source = Path(module.__file__ or "")
    if source.suffix != ".py":
        return
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in ACTS):
            continue
        expression = ast.Expression(node.args[0])
        try:
            value = eval(compile(expression, str(source), "eval"), dict(vars(module)))
            flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else 0
            pattern = re.compile(value, flags)
        except (NameError, TypeError, AttributeError):  # made of what only the function knows
            continue
        yield f"{module.__name__}:{node.lineno}", pattern, node.func.attr in WHOLE


def acts_on_names() -> dict[str, set[str]]:
    """For each name in the sources, what is done with it: `_DAY` is only ever matched as a whole."""
    found: dict[str, set[str]] = {}
    acts = re.compile(rf"\b(\w+)\.({'|'.join(sorted(ACTS))})\(")
    for path in SRC.rglob("*.py"):
        for name, act in acts.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(act)
    return found


def collected() -> list[Tried]:
    """Each pattern of the house once, with the place where it stands."""
    found: dict[tuple[Any, int], Tried] = {}
    acts = acts_on_names()
    for name in names_of_modules():
        try:
            module = importlib.import_module(name)
        except ImportError:  # an extra that isn't installed
            continue
        every = [
            (f"{name}.{label}", pattern, bool(acts.get(label)) and acts[label] <= WHOLE)
            for label, value in list(vars(module).items())
            if not label.startswith("__")
            for pattern in within(value)
        ]
        for where, pattern, whole in (*every, *written(module)):
            key = (pattern.pattern, pattern.flags)
            known = found.get(key)
            found[key] = Tried(known.where if known else where, pattern, whole and (known is None or known.whole))
    return list(found.values())


def fragments(source: str) -> list[str]:
    """Pieces of a pattern's own words: repeated, they get furthest into it."""
    pieces = re.findall(r"[\u3400-\u9fff]{1,6}|[A-Za-z]{2,8}|[^\w\s\\()\[\]{}?*+|^$]{1,3}", source)
    return sorted(set(pieces), key=lambda p: (-len(p), p))[:10]


def battery(source: str) -> Iterator[str]:
    """Strings for one pattern."""
    own = fragments(source)
    mixed = [a + b for a, b in itertools.pairwise(own)]
    for n, piece in enumerate([*RUNS, *PAIRS, *own, *mixed[:6]]):
        yield piece * (LENGTH // len(piece)) + ENDS[n % len(ENDS)]
    if own:
        yield "".join(own) * (LENGTH // len("".join(own)) + 1)


class TooSlow(Exception):
    """A try took so long that it was broken off."""


def _broken_off(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def yard() -> float:
    """CPU seconds for some four million steps, the best of three: how quick this machine is just now."""

    def once() -> float:
        started = time.thread_time()
        re.search("a+b", "a" * 3_000)
        return time.thread_time() - started

    return min(once() for _try in range(3))


def yards(tried: Tried, words: Any, one: float) -> float:
    """How much the pattern needs, searching or as a whole; GIVE_UP if it was broken off. `one` is a yard's seconds."""
    pattern = tried.pattern
    acts = [lambda: pattern.fullmatch(words), lambda: pattern.match(words)]
    if not tried.whole:
        acts = [lambda: sum(1 for _ in pattern.finditer(words)), acts[0]]
    longest = 0.0
    for act in acts:
        started = time.thread_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, GIVE_UP * one)  # of this process's own work
        try:
            act()
        except TooSlow:
            return GIVE_UP
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        longest = max(longest, time.thread_time() - started)
    return longest / one


def always_slow(tried: Tried, words: Any) -> bool:
    """Whether each of some tries takes longer than is allowed; the first quick one settles it."""
    return all(yards(tried, words, yard()) > ALLOWED for _try in range(TRIES))


def trouble(tried: Tried, one: float) -> str:
    """The first string of the battery that it doesn't bear, in a few words; empty if it bears them all."""
    source = tried.pattern.pattern
    binary = isinstance(source, bytes)
    for words in battery(source.decode("latin-1") if binary else source):
        first = yards(tried, words.encode() if binary else words, one)
        if first < SLOW:
            continue
        longer = words * (LONG // LENGTH)
        if first >= GIVE_UP or always_slow(tried, longer.encode() if binary else longer):
            return f"{words[:24]!r}…, {len(longer)} characters"
    return ""


def main(first: int) -> None:
    import django

    django.setup()
    signal.signal(signal.SIGVTALRM, _broken_off)
    everything, one = collected(), yard()
    print(f"of {len(everything)}", flush=True)
    for number, tried in enumerate(everything):
        if number >= first:
            print(f"try {number} {tried.where}", flush=True)
            if said := trouble(tried, one):
                print(f"slow {tried.where}: {said}", flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

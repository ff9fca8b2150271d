"""Would somebody be recognised? Looks a text over before it is published. Pure.

Two kinds of hits: what is known of the people of a case (names, numbers, doors, their own words), and what looks like
personal data in any text. `must` has to go; `ask` may stay if a person says why it harms nobody.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

MUST, ASK = "must", "ask"
QUOTED = 12  # characters in a row that a reporter wrote: their own words, found again by any search
_DIGIT = r"[0-9０-９]"
_NUMBER = "[0-9０-９一二三四五六七八九十]"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_HOME = rf"(?<![0-9]){_DIGIT}{{1,3}}-{_DIGIT}{{1,2}}-{_DIGIT}{{3,4}}(?![0-9])"
_GAP = r"[\s\-－—·.]?"
PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("id_number", MUST, re.compile(rf"(?<!{_DIGIT}){_DIGIT}{{17}}[0-9０-９Xx](?![0-9０-９A-Za-z])")),
    ("phone", MUST, re.compile(rf"(?<!{_DIGIT})[1１](?:{_GAP}{_DIGIT}){{10}}(?!{_DIGIT})")),
    ("card", MUST, re.compile(rf"(?<!{_DIGIT})[3-6３-６](?:[\s\-]?{_DIGIT}){{14,18}}(?!{_DIGIT})")),
    ("email", MUST, re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,120}\.[A-Za-z]{2,10}")),
    ("plate", MUST, re.compile(rf"[{_PROVINCE}][A-Z][·\s]?[A-Z0-9]{{5,6}}")),
    ("room", MUST, re.compile(rf"{_DIGIT}{{1,4}}\s?(?:室|房间)|{_HOME}")),
    ("landline", ASK, re.compile(rf"(?<!{_DIGIT})0{_DIGIT}{{2,3}}[\s\-]?{_DIGIT}{{7,8}}(?!{_DIGIT})")),
    ("called", ASK, re.compile(r"[\u4e00-\u9fff]{1,2}(?:先生|女士|阿姨|大爷|大妈|奶奶|爷爷|老伯|师傅|同学|老人家)")),
    ("entrance", ASK, re.compile(rf"{_NUMBER}{{1,3}}\s?(?:幢|栋|号楼)\s?{_NUMBER}{{1,2}}\s?单元")),
    ("illness", ASK, re.compile(r"残疾|低保|癌|精神病|艾滋|吸毒|刑满|社区矫正|离异|单亲|抑郁|痴呆|瘫痪|透析")),
    ("child", ASK, re.compile(r"未成年|(?:[0-9一二三四五六七八九十]{1,2})岁的?(?:孩子|男孩|女孩|儿子|女儿|孙)")),
)  # fmt: skip


class Known(NamedTuple):
    """What is known of those whom a case is about."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # telephones, ID numbers, accounts, receipts, numbers of the case
    doors: tuple[str, ...] = ()  # rooms and addresses
    words: tuple[str, ...] = ()  # what they wrote or said


@dataclass(frozen=True)
class Hit:
    """What may give somebody away: its kind, how hard, and where in which field."""

    kind: str
    level: str
    field: str
    start: int
    excerpt: str

    @property
    def key(self) -> str:
        """The same hit in the next version of the text: an answer to it holds as long as the words stand."""
        return f"{self.kind}:{self.field}:{self.excerpt}"


def check(fields: dict[str, str], known: Known = Known()) -> list[Hit]:  # noqa: B008 – a tuple of empty tuples
    """All hits in these fields, in their order; what must go comes once, even if two rules find it."""
    found: list[Hit] = []
    for name, text in fields.items():
        seen: set[tuple[int, int]] = set()
        hits = [*_known(text, known), *_alike(text)]
        for kind, level, start, end in sorted(hits, key=lambda hit: (hit[2], hit[1] != MUST, -hit[3])):
            if not any(a <= start and end <= b for a, b in seen):
                seen.add((start, end))
                found.append(Hit(kind, level, name, start, text[start:end][:60]))
    return found


def _alike(text: str) -> Iterator[tuple[str, str, int, int]]:
    for kind, level, pattern in PATTERNS:
        for match in pattern.finditer(text):
            yield kind, level, match.start(), match.end()


def _known(text: str, known: Known) -> Iterator[tuple[str, str, int, int]]:
    for kind, several, least in (("name", known.names, 2), ("number", known.numbers, 4), ("door", known.doors, 3)):
        for one in _needles(several, least):
            for match in re.finditer(_spaced(one), text):
                yield kind, MUST, match.start(), match.end()
    for words in known.words:
        yield from _quoted(text, words)


def _needles(several: Iterable[str], least: int) -> set[str]:
    return {one.strip() for one in several if len(one.strip()) >= least}


def _spaced(one: str) -> str:
    """A name or number is the same with blanks or dots between its characters."""
    return r"[\s·.\-]{0,2}".join(map(re.escape, one.replace(" ", "")))


def _quoted(text: str, words: str) -> Iterator[tuple[str, str, int, int]]:
    """Stretches of `text` that stand word for word in `words`. Linear in both."""
    grams = {words[n : n + QUOTED] for n in range(len(words) - QUOTED + 1)}
    start = None
    for n in range(len(text) - QUOTED + 2):
        if text[n : n + QUOTED] in grams and len(text[n : n + QUOTED]) == QUOTED:
            start = n if start is None else start
        elif start is not None:
            yield "quoted", ASK, start, n - 1 + QUOTED
            start = None

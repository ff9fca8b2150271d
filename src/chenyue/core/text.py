"""Words as people send them: cleaned for storing, folded for comparing, cut into tokens for search."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from chenyue.core import pinyin

# Characters that only change how text runs (and can make it lie), and those no database wants.
_HARMFUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
LONGEST_NAME = 100
_WIDE = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
_BREAK = "\x1e"  # stands in no text that is compared
_PIECES = re.compile(rf"[{_CJK}]+|[a-z]+|[0-9]+")


def clean(text: str) -> str:
    """Text fit for storing: NUL, control and direction marks gone, line ends unified, edges trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HARMFUL.sub("", text).encode("utf-8", "ignore").decode("utf-8").strip()


@cache
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Text fit for comparing: full width → half width, traditional → simplified, lower case."""
    text = text.translate(_WIDE)
    if not unicodedata.is_normalized("NFKC", text):  # after full width marks it nearly always is
        text = unicodedata.normalize("NFKC", text)
    text = text.lower()
    return str(_simplifier().convert(text)) if any(c > "\u3400" for c in text) else text


LONGEST_TOKEN = 200  # characters of a word or number; PostgreSQL refuses words of more than 2,046 bytes


def pieces(text: str) -> list[str]:
    """Runs of Chinese characters, words and numbers, folded."""
    return _PIECES.findall(fold(text))


def tokens(text: str) -> list[str]:
    """Search tokens: overlapping pairs of Chinese characters and the last one, whole words and numbers."""
    return _cut(pieces(text))


def tokens_of(texts: Sequence[str]) -> list[list[str]]:
    """The tokens of each of many texts, which are folded together: each call costs more than what it folds."""
    folded = fold(_BREAK.join([text.replace(_BREAK, " ") for text in texts]))
    return [_cut(_PIECES.findall(part)) for part in folded.split(_BREAK)]


def _cut(parts: Iterable[str]) -> list[str]:
    found: list[str] = []
    for piece in parts:
        if piece[0].isascii():
            found.append(piece[:LONGEST_TOKEN])
        else:
            found += [one + other for one, other in pairwise(piece)]
            found.append(piece[-1])
    return found


def initials(text: str) -> str:
    """Pinyin initials of a name, such as `cgy` for 晨光苑; letters and digits stay. Of its first hundred characters."""
    return initials_of([text])[0]


def initials_of(texts: Iterable[str]) -> list[str]:
    """The initials of many names: spelled together, since a server asks another process to spell (see `pinyin`)."""
    found = pinyin.initials([fold(text[:LONGEST_NAME])[:LONGEST_NAME] for text in texts])
    return [re.sub(r"[^a-z0-9]", "", letters) for letters in found]

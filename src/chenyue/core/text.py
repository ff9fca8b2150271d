"""Words as people send them: cleaned for storing, folded for comparing, cut into tokens for search."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

# Characters that only change how text runs (and can make it lie), and those no database wants.
_HARMFUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
LONGEST_NAME = 100
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
    text = unicodedata.normalize("NFKC", text).lower()
    return str(_simplifier().convert(text)) if any(c > "\u3400" for c in text) else text


def pieces(text: str) -> list[str]:
    """Runs of Chinese characters, words and numbers, folded."""
    return _PIECES.findall(fold(text))


def tokens(text: str) -> list[str]:
    """Search tokens: overlapping pairs of Chinese characters and the last one, whole words and numbers."""
    found: list[str] = []
    for piece in pieces(text):
        if piece[0].isascii():
            found.append(piece)
        else:
            found.extend(piece[i : i + 2] for i in range(len(piece) - 1))
            found.append(piece[-1])
    return found


@lru_cache(maxsize=4096)
def _initials_of(word: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(p[:1] for p in lazy_pinyin(word, style=Style.FIRST_LETTER)).lower()


def initials(text: str) -> str:
    """Pinyin initials of a name, such as `cgy` for 晨光苑; letters and digits stay. Of its first hundred characters."""
    return re.sub(r"[^a-z0-9]", "", _initials_of(fold(text[:LONGEST_NAME])[:LONGEST_NAME]))

"""A text as triage reads it: folded, without its frame, cut into sentences and clauses. Pure."""

import re
from dataclasses import dataclass

from chenyue.core.text import clean, fold

MAX_READ = 8000  # characters; what is longer is read up to here
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;\n]*")
_CLAUSE = re.compile(r"[^，,、：:。！？；!?;\n]+")
# How a hotline order or a reception note begins, before the matter itself.
_FRAME = re.compile(
    r"^\s*(?:【[^】]{1,20}】\s*)?"
    r"(?:(?:市民|来电人|来访人|诉求人|居民|群众|楼长|网格员|村民)?(?:再次|多次)?(?:来电|来访|来信|来人)?"
    r"(?:反映|反应|称|讲|说|表示|咨询|求助|投诉)[:：，,]?)?"
)
# What a chat puts in place of a picture, and the dashes under a quotation.
_TOKENS = re.compile(r"\[(?:图片|语音|视频|动态表情|表情|链接|名片|红包|文件|位置|动画表情)\]|(?:- ){3,}-?")
_SPACES = re.compile(r"[ \t\u3000]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """`plain` is the folded text; sentences and clauses are its parts, in order."""

    plain: str
    sentences: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Nothing that could be read: no letter of any script."""
        return not any(c.isalpha() for c in self.plain)


def read(text: str) -> Reading:
    """Fold and cut a text as it was sent."""
    plain = (
        _SPACES.sub(" ", _TOKENS.sub(" ", fold(clean(text[:MAX_READ]))))
        .replace(",", "，")
        .replace("?", "？")
        .replace("!", "！")
    )
    return Reading(plain, tuple(s for s in _SENTENCE.findall(plain) if s.strip()))


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence."""
    return _CLAUSE.findall(sentence)


def without_frame(text: str) -> str:
    """The matter itself, without 【12345】来电人反映 and the like."""
    return text[_FRAME.match(text).end() :] if _FRAME.match(text) else text  # type: ignore[union-attr]

"""A short title from a text: its first clause that says something, at most thirty characters. Pure."""

import re

from chenyue.core.text import clean
from chenyue.triage.reading import without_frame

LONGEST = 30
SHORTEST = 6
_GREETING = re.compile(
    r"^(?:(?:尊敬的|敬爱的|亲爱的)?(?:各位|街道|社区|政府|物业|有关|相关)*(?:领导|书记|主任|同志|部门|负责人|"
    r"工作人员)(?:们)?(?:您|你|大家)?好?[：:，,！!。]?\s*"
    r"|(?:您|你|大家)(?:们)?好[：:，,！!。]?\s*|在吗[？?，,]?\s*|请问(?:一下)?[，,：:]?\s*|我想(?:问一下|问问|"
    r"反映)?[，,：:]?\s*|救命啊?[！!]*\s*)+"
)
_END = re.compile(r"[。！？；!?;\n]")
_COMMA = re.compile(r"[，,、：:]")


def title(text: str) -> str:
    """The title; "" for a text without words. Full sentences are kept where they fit."""
    words = _GREETING.sub("", without_frame(clean(text)[:600])).strip(" \n，。！：:")
    for sentence in _END.split(words):
        line = _GREETING.sub("", re.sub(r"\s+", " ", sentence)).strip(' ，,、：:“”"')
        if sum(c.isalnum() for c in line) >= SHORTEST:
            return _cut(line)
    line = re.sub(r"\s+", " ", words or clean(text))
    return _cut(line)


def _cut(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    ends = [m.start() for m in _COMMA.finditer(line[: LONGEST + 1]) if m.start() >= 10]
    return line[: ends[-1]] if ends else line[: LONGEST - 1] + "…"

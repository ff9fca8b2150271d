"""Chats as text: copied from a telephone or a desktop, or exported as .txt. Pure.

Each line is asked what it is: a heading (who, when), a day, or words. So two kinds in one paste are
read as one chat, in the order in which they stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from chenyue.gateway.chat import stamps
from chenyue.gateway.chat.messages import SYSTEM_SENDER, Broken, Message, Transcript, system_line

_TITLE = re.compile(r"^[「“\"]?(?P<group>.{1,60}?)[」”\"]?的聊天记录(?:如下)?[：:]?\s*$")
_DAY_LINE = re.compile(r"^\s*[—\-–=─*]{3,}\s*(?P<day>[^—\-–=─*].*?)\s*[—\-–=─*]{3,}\s*$")
_PHONE = re.compile(rf"^(?P<sender>\S.{{0,39}}?)\s+(?P<stamp>{stamps.FULL})\s*[：:]?\s*$")
_PHONE_CLOCK = re.compile(rf"^(?P<sender>\S.{{0,39}}?)(?:\s{{2,}}|\t)(?P<stamp>{stamps.CLOCK})\s*$")
_QQ = re.compile(
    r"^(?P<stamp>\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}:\d{2})\s+(?P<sender>\S.{0,60}?)\s*"
    r"(?:[(（]\d{5,12}[)）]|<[^<>\s]+@[^<>\s]+>)?\s*$"
)
_QQ_HEAD = re.compile(r"^(?:消息记录（.*|消息分组[:：].*|={6,})$")
_QQ_GROUP = re.compile(r"^消息对象[:：](?P<group>.+)$")
_BRACKETED = re.compile(rf"^\[(?P<stamp>{stamps.FULL})\]\s*(?P<sender>[^：:\n]{{1,40}})[：:]\s?(?P<text>.*)$")
_SPOKEN = re.compile(
    r"^(?P<sender>[^\s：:，。！？；,!?;「」【】《》“”\[\]{}\\][^：:，。！？；!?;「」【】《》“”{}\\]{0,23})[：:](?!//)\s?(?P<text>\S.*)$"
)
_NO_NAME = re.compile(
    r"^(?:\d+[.、]|https?$|温馨|通知|公告|注意|附|地址|电话|时间|地点|联系|链接|微信|群接龙|接龙|备注|原因|费用|价格|主题|第?[一二三四五六七八九十]$)|^\d{1,2}$"
)
_FOLLOWING = 3  # spoken lines in a row that make them headings among other forms


@dataclass
class _Begun:
    """A message whose lines are being gathered."""

    sender: str
    at: datetime | None
    line: int
    lines: list[str] = field(default_factory=list)


@dataclass
class _Reader:
    lines: list[str]
    at: datetime
    found: Transcript = field(default_factory=Transcript)
    day: date | None = None
    begun: _Begun | None = None

    def read(self) -> Transcript:
        self.spoken = self._spoken_lines()
        number = 0
        while number < len(self.lines):
            number += self._line(number)
        self._end()
        return self.found

    def _line(self, number: int) -> int:
        """Read one line, or two that belong together; gives how many."""
        line = self.lines[number].rstrip()
        plain = line.strip()
        if self._aside(plain):
            return 1
        if system_line(plain):
            self._end()
            self._add(_Begun(SYSTEM_SENDER, self.begun_at, number + 1, [plain]))
            return 1
        if began := self._heading(plain, number):
            return began
        if self.begun:
            self.begun.lines.append(line)
        elif plain:
            self.found.broken.append(Broken(number + 1, _("Nobody is named above these words.")))
        return 1

    begun_at: datetime | None = None

    def _aside(self, plain: str) -> bool:
        """A title, a day, or the head of an export: nobody's words."""
        if match := _QQ_GROUP.match(plain) or (_TITLE.match(plain) if not self.begun else None):
            self.found.group = self.found.group or match["group"].strip()
        elif match := _DAY_LINE.match(plain):
            day = stamps.day_of(match["day"], self.at)
            if not day:
                return False
            self._end()
            self.day = day
        elif not (_QQ_HEAD.match(plain) and not (self.begun and self.begun.lines)):
            return False
        return True

    def _heading(self, plain: str, number: int) -> int:
        for name, shape in (("qq", _QQ), ("bracketed", _BRACKETED), ("phone", _PHONE), ("phone", _PHONE_CLOCK)):
            match = shape.match(plain)
            when = stamps.moment(match["stamp"], self.at, self.day) if match else None
            if match and when and not (shape is _PHONE_CLOCK and self.day is None):
                self._start(name, _Begun(match["sender"].strip(), when, number + 1, _rest(match)))
                return 1
        if (when := self._stamp_below(plain, number)) is not None:
            self._start("desktop", _Begun(plain, when, number + 1))
            return 2
        if number in self.spoken and (match := _SPOKEN.match(plain)):
            self._start("spoken", _Begun(match["sender"].strip(), None, number + 1, _rest(match)))
            return 1
        return 0

    def _stamp_below(self, plain: str, number: int) -> datetime | None:
        """A name on its own line, and under it nothing but a moment."""
        if not plain or len(plain) > 40 or number + 1 >= len(self.lines):
            return None
        below = self.lines[number + 1].strip()
        if not 8 <= len(below) <= 24 or not below[0].isdigit():
            return None
        return stamps.moment(below, self.at)

    def _spoken_lines(self) -> set[int]:
        """Lines `name: words` that are headings: all, where nothing else is; else where several follow."""
        fits = [bool((m := _SPOKEN.match(line.strip())) and not _NO_NAME.search(m["sender"])) for line in self.lines]
        other = [self._other(n) for n in range(len(self.lines))]
        if not any(other):
            return {n for n, fit in enumerate(fits) if fit}
        fits = [fit and not taken for fit, taken in zip(fits, other, strict=True)]
        found: set[int] = set()
        for run in _runs([n for n, line in enumerate(self.lines) if line.strip()], fits):
            senders = {self.lines[n].split("：")[0].split(":")[0] for n in run}
            if len(run) >= _FOLLOWING and len(senders) > 1:
                found.update(run)
        return found

    def _other(self, number: int) -> bool:
        plain = self.lines[number].strip()
        return bool(_PHONE.match(plain) or _QQ.match(plain) or _DAY_LINE.match(plain) or _BRACKETED.match(plain)) or (
            self._stamp_below(plain, number) is not None
        )

    def _start(self, name: str, begun: _Begun) -> None:
        self._end()
        if name not in self.found.formats:
            self.found.formats.append(name)
        self.begun, self.begun_at = begun, begun.at

    def _end(self) -> None:
        if self.begun:
            self._add(self.begun)
        self.begun = None

    def _add(self, begun: _Begun) -> None:
        text = "\n".join(begun.lines).strip()
        if not text:
            self.found.broken.append(Broken(begun.line, _("There are no words under this name.")))
            return
        number = len(self.found.messages) + 1
        self.found.messages.append(Message(f"m{number:03d}", begun.sender, begun.at, text, begun.line))


def _rest(match: re.Match[str]) -> list[str]:
    return [match["text"]] if "text" in match.groupdict() else []


def _runs(numbers: list[int], fits: list[bool]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in numbers:
        if fits[number]:
            run.append(number)
        elif run:
            yield run
            run = []
    if run:
        yield run


def read(text: str, at: datetime) -> Transcript:
    """A chat out of copied or exported text."""
    return _Reader(text.split("\n"), at).read()

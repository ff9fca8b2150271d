"""What a chat consists of, whatever it was read from. Values only."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from chenyue.core import text as texts
from chenyue.core.errors import Sentence

MOST = 5_000  # messages of one chat
SYSTEM_SENDER = "系统"
PLACEHOLDERS = {
    "picture": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "sticker": "[动态表情]",
    "envelope": "[红包]",
    "link": "[链接]",
    "card": "[名片]",
    "file": "[文件]",
    "place": "[位置]",
    "records": "[聊天记录]",
}
_QUOTE = re.compile(
    r"\A[「“\"](?P<sender>[^：:\n]{1,40})[：:]\s?(?P<words>.*?)[」”\"]\s*\n[\s\-—–]{5,}\n(?P<answer>.*)\Z", re.S
)
_KINDS = [
    ("picture", re.compile(r"\[(?:图片|照片|Photo|Image)\]")),
    ("voice", re.compile(r"\[(?:语音|语音消息|Audio|Voice)\]")),
    ("video", re.compile(r"\[(?:视频|小视频|Video)\]")),
    ("sticker", re.compile(r"\[(?:动态表情|动画表情|表情|Sticker)\]")),
    ("envelope", re.compile(r"\[(?:红包|转账|微信红包)\]")),
    ("link", re.compile(r"\[(?:链接|网页|小程序|视频号|Link)\]")),
    ("card", re.compile(r"\[(?:名片|个人名片)\]")),
    ("file", re.compile(r"\[(?:文件|File)\]")),
    ("place", re.compile(r"\[(?:位置|地理位置|Location)\]")),
    ("records", re.compile(r"\[(?:聊天记录|合并转发)\]")),
]
_RECALLED = re.compile(
    r"^[\"“「]?.{0,40}?[\"”」]?\s?(?:撤回了一条消息|recalled a message)$"
    r"|^.{0,60}(?:加入了?群聊|移出了?群聊|修改群名为.*|拍了拍.*)$"
)


@dataclass(frozen=True)
class Message:
    """One message. `at` is None where the copy has no times; `text` as written, with its quote."""

    id: str
    sender: str
    at: datetime | None
    text: str
    line: int = 0

    @cached_property
    def quote(self) -> tuple[str, str] | None:
        """Whom and what it answers, if it quotes."""
        found = _QUOTE.match(self.text) if "\n" in self.text else None
        return (found["sender"].strip(), found["words"].strip()) if found else None

    @cached_property
    def words(self) -> str:
        """What this person wrote themselves."""
        found = _QUOTE.match(self.text) if "\n" in self.text else None
        return found["answer"].strip() if found else self.text

    @cached_property
    def kind(self) -> str:
        """`text`, `system`, or what stands in its place: `picture`, `voice`, `video`, `sticker` …"""
        if self.sender == SYSTEM_SENDER or system_line(self.text):
            return "system"
        if not self.words.startswith("["):
            return "text"
        return next((kind for kind, shape in _KINDS if shape.match(self.words)), "text")


def system_line(text: str) -> bool:
    """Whether a text is what the programme itself writes into a chat, such as a recalled message."""
    return bool(_RECALLED.match(text.strip()))


def spelt_alike(sender: str) -> str:
    """A nickname fit for comparing: half width, simplified, without spaces and signs."""
    return re.sub(r"[^\w]", "", texts.fold(sender)) or texts.fold(sender).strip()


@dataclass(frozen=True)
class Broken:
    """A part of the input that couldn't be read: its line, and why."""

    line: int
    sentence: Sentence


@dataclass
class Transcript:
    """A chat as read. `group` and `home` are empty where the copy doesn't tell them."""

    messages: list[Message] = field(default_factory=list)
    group: str = ""
    home: str = ""  # `estate/building/entrance` where a file says it
    formats: list[str] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

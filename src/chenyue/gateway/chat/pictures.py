"""Screenshots of a chat, read offline. The reader of letters is an optional extra (`rapidocr`)."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.gateway.chat import stamps
from chenyue.gateway.chat.messages import SYSTEM_SENDER, Broken, Message, Transcript, system_line

MAX_SIDE = 6_000  # pixels; longer screenshots are cut by their owners anyway
MAX_PIXELS = 30_000_000  # what a few hundred bytes may unpack to; a long screenshot has ten million
INDENT = 0.012  # of a picture's width, by which the words in a bubble stand right of the name above it
SURE = 0.5  # below this a line is rather a picture than letters
MYSELF = "我"  # who made the screenshot: their own messages stand at the right, without a name


@dataclass(frozen=True)
class Line:
    """A line of letters in a picture, where it stands (pixels), and how surely it was read."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float = 1.0

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Reader(Protocol):
    """Whatever reads letters in a picture."""

    def lines(self, picture: bytes) -> Sequence[Line]:
        """Lines of one picture in any order."""


class _RapidReader:
    """`rapidocr` with the models it carries; nothing is fetched."""

    def __init__(self) -> None:
        from importlib import import_module

        self._engine: Any = import_module("rapidocr").RapidOCR()

    def lines(self, picture: bytes) -> Sequence[Line]:
        found = self._engine(picture)
        if found is None or found.boxes is None:
            return []
        return [
            Line(tidied(text), float(x.min()), float(y.min()), float(x.max()), float(y.max()), float(score))
            for (x, y), text, score in zip((b.T for b in found.boxes), found.txts, found.scores, strict=True)
        ]


_EDGES = re.compile(r"^[■□▪▫●○◆◇▌▐|｜]{1,4}|[■□▪▫●○◆◇▌▐|｜]{1,4}$")  # the edge of a bubble or of somebody's portrait


def tidied(line: str) -> str:
    """A line as it was read, without what isn't letters."""
    return _EDGES.sub("", line.strip()).strip()


@cache
def reader() -> Reader | None:
    """The installed reader, or None."""
    try:
        return _RapidReader()
    except ImportError:
        return None


def installed() -> bool:
    """Whether screenshots can be read here; asks without loading the models."""
    from importlib.util import find_spec

    return find_spec("rapidocr") is not None


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin like a photograph or screenshot."""
    photograph = data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n"
    return photograph or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def read(pictures: Sequence[bytes], at: datetime, by: Reader | None = None) -> Transcript:
    """The messages of screenshots, in their order."""
    by = by or reader()
    if by is None:
        raise Refusal(
            _("Screenshots can't be read on this machine. Copy the messages and paste them instead."),
            field="file",
            code="no_reader",
        )
    found = Transcript(formats=["picture"])
    for number, picture in enumerate(pictures, start=1):
        width = _width(picture)
        lines = [line for line in by.lines(picture) if line.sure >= SURE and line.text.strip()]
        before = len(found.messages)
        _Screen(found, width, at).read(sorted(lines, key=lambda line: (line.top, line.left)))
        if len(found.messages) == before:
            found.broken.append(Broken(number, _("No message was found in this picture.")))
    if not found.messages:
        raise Refusal(
            _("No message was found in the picture. Choose screenshots of the chat, with names and words on them."),
            field="file",
            code="no_message",
        )
    return found


def _width(picture: bytes) -> int:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture)) as image:
            if max(image.size) > MAX_SIDE * 3 or image.width * image.height > MAX_PIXELS:
                raise Refusal(_("This picture is too large. Send the screenshots one by one."), field="file")
            return int(image.width)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refusal(_("This picture can't be opened."), field="file", code="unreadable") from error


class _Screen:
    """One screenshot, from top to bottom: times in the middle, names above bubbles, own words at the right."""

    def __init__(self, found: Transcript, width: int, at: datetime) -> None:
        self.found, self.width, self.at = found, width, at
        self.moment: datetime | None = None
        self.day: date = timezone.localdate(at)
        self.sender, self.words = "", list[str]()
        self.last: Line | None = None

    def read(self, lines: list[Line]) -> None:
        """Add the messages of these lines to the transcript."""
        usual = sorted(line.height for line in lines)[len(lines) // 2] if lines else 0.0
        for number, line in enumerate(lines):
            below = lines[number + 1] if number + 1 < len(lines) else None
            self._take(line, below, usual)
            self.last = line
        self._end()

    def _take(self, line: Line, below: Line | None, usual: float) -> None:
        text = line.text.strip()
        middle = abs((line.left + line.right) / 2 - self.width / 2) < self.width * 0.1
        if middle and (when := stamps.moment(text, self.at, self.day)):
            self._end()
            self.moment, self.day = when, timezone.localdate(when)
        elif middle and system_line(text):
            self._end()
            self.sender, self.words = SYSTEM_SENDER, [text]
            self._end()
        elif self._mine(line):
            if self.sender != MYSELF or self._gap(line, usual):
                self._end()
            self.sender = MYSELF
            self.words.append(text)
        elif self._is_name(line, below):
            self._end()
            self.sender = text
        elif self.sender:
            self.words.append(text)

    def _mine(self, line: Line) -> bool:
        return line.left > self.width * 0.3 and line.right > self.width * 0.8

    def _gap(self, line: Line, usual: float) -> bool:
        return self.last is not None and line.top - self.last.bottom > usual * 1.5

    def _is_name(self, line: Line, below: Line | None) -> bool:
        """A name stands left of the words below it, which the bubble indents; or it is smaller than they are."""
        if below is None or self._mine(below) or not re.search(r"\w", line.text) or len(line.text) > 24:
            return False
        indented = below.left - line.left >= self.width * INDENT
        smaller = line.height <= below.height * 0.9 and line.left <= below.left + 2
        return (indented or smaller) and line.left < self.width * 0.3 and below.left < self.width * 0.5

    def _end(self) -> None:
        if self.words:
            number = len(self.found.messages) + 1
            self.found.messages.append(Message(f"m{number:03d}", self.sender, self.moment, "\n".join(self.words)))
        self.words = []

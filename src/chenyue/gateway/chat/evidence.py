"""What a single message brings along before the talk around it is weighed: words, speaker, places. Pure."""

import re
from dataclasses import dataclass, field
from operator import add

from chenyue.gateway.chat import signs, words
from chenyue.gateway.chat.hearing import Hearing
from chenyue.gateway.chat.messages import Message, spelt_alike
from chenyue.gateway.chat.signs import Signs
from chenyue.places import reading
from chenyue.triage.kinds import Kinds

MEDIA = frozenset({"picture", "voice", "video"})
SPEAKS = 2  # characters; shorter messages speak of no kind of matter
_BUILDING = re.compile(r"(?<![\d一二三四五六七八九十])(\d{1,2}|[一二三四五六七八九十]{1,3})\s?(?:幢|栋|号楼|排|组)")
_ENTRANCE = re.compile(r"(?<![\d一二三四五六七八九十])(\d|[一二三四五六])\s?单元")
_ROOM = re.compile(r"(?<!\d)(?:(\d{1,2})[-–—])?(?:(\d{1,2})[-–—])?(\d{3,4})(?!\d)")
_ROOMS = re.compile(r"(?<![\d.])\d{3,4}(?![\d年元块米斤])")
_FLOORS = re.compile(r"(?<![\d.])\d{1,2}楼")
_SIGNS = re.compile(r"[^\w]")
_MENTION = re.compile(r"@([^\s@：:，,]{1,20})")


@dataclass(frozen=True)
class Evidence:
    """One message. `official` is 2 for firms and offices, 1 for stewards in a group of residents, else 0."""

    sender: str
    official: int
    kind: str  # text | media | empty
    signs: Signs
    matter: Kinds
    leaning: float  # −1: small talk, 1: a matter
    places: frozenset[str]  # `b3`, `e2` that the words name
    name_places: tuple[str, ...]  # numbers that the nickname tells before its room
    named: bool
    mentions: tuple[str, ...]
    rooms: frozenset[str]  # rooms and floors that the words name
    own_room: str
    question: bool
    pairs: frozenset[str] = field(default=frozenset())

    @property
    def media(self) -> bool:
        """A picture, a voice message, a video."""
        return self.kind == "media"


def weigh(message: Message, official: int, hearing: Hearing) -> Evidence:
    """The evidence of a message; `hearing` tells what its words lean to."""
    spoken = message.words if message.kind == "text" else ""
    seen = signs.read(spoken)
    kind = "media" if message.kind in MEDIA else "text"
    if message.kind not in ("text", *MEDIA) or (kind == "text" and not _says(seen)):
        kind = "empty"
    said, leaning = Kinds(), 0.0
    if kind == "text" and official < 2 and len(seen.plain) >= SPEAKS:
        said = hearing.kind(spoken, seen.trouble > 0 or bool(seen.nouns))
        leaning = hearing.leaning(seen.plain)
    room = _ROOM.search(message.sender)
    return Evidence(
        sender=spelt_alike(message.sender),
        official=official,
        kind=kind,
        signs=seen,
        matter=said,
        leaning=leaning,
        places=_places(seen.plain),
        name_places=tuple(n for n in room.groups()[:2] if n) if room else (),
        named=bool(words.ROOM_NAME.search(message.sender)),
        mentions=tuple(spelt_alike(name) for name in _MENTION.findall(spoken)),
        rooms=frozenset(_ROOMS.findall(seen.plain) + _FLOORS.findall(seen.plain)),
        own_room=room[3] if room else "",
        question=seen.plain[-1:] in "?？吗" if seen.plain else False,
        pairs=pairs(seen.plain),
    )


def _says(seen: Signs) -> bool:
    """Whether a text says more than a nod."""
    if not seen.plain:
        return False
    return seen.has("joins") or not words.SHORT.match(seen.plain)


def _places(plain: str) -> frozenset[str]:
    found = {"b" + reading.number(match[1]) for match in _BUILDING.finditer(plain)}
    return frozenset(found | {"e" + reading.number(match[1]) for match in _ENTRANCE.finditer(plain)})


def pairs(plain: str) -> frozenset[str]:
    """Overlapping pairs of characters of a folded text, for likeness."""
    letters = _SIGNS.sub("", plain)
    return frozenset(map(add, letters, letters[1:]))

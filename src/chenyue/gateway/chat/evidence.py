"""What speaks for a message being an appeal, and what against it, before the talk around it is weighed. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from chenyue.core import text as texts
from chenyue.gateway.chat import words
from chenyue.gateway.chat.messages import Message

OPENS = 1.75  # so much evidence begins an incident
LONGEST_THANKS = 14  # shorter ones thank a neighbour for an answer
LONGEST = 1_500  # characters read for evidence
MEDIA = frozenset({"picture", "voice", "video"})


@dataclass(frozen=True)
class Evidence:
    """Counts and signs of one message. `opens` is the weight for an incident of its own."""

    official: bool
    media: bool
    empty: bool  # a sticker, a nod, a line of the programme
    trouble: int
    domains: frozenset[int]  # which kinds of trouble
    subject: int
    lasting: bool
    asks: bool
    joins: bool
    first_person: bool
    corrects: bool
    denies: bool
    advises: bool
    reacts: bool
    thanks: bool
    solved: bool
    chats: bool
    handles: bool
    named: bool  # the nickname tells a room
    opens: float
    subjects: frozenset[str]

    @property
    def aside(self) -> bool:
        """Belongs to the talk about trouble, but reports none: denial, advice, sympathy, thanks."""
        return self.denies or self.advises or self.reacts or self.thanks


def weigh(message: Message, official: bool, topics: Collection[str] = ()) -> Evidence:
    """The evidence of a message; `topics` are the catalogue's own keywords that stand in it."""
    plain = texts.fold(message.words[:LONGEST]) if message.kind == "text" else ""
    plain = re.sub(r"\[[^\]\s]{1,6}\]", "", plain).strip()
    plain = plain.replace(",", "，").replace("!", "！").replace("?", "？")
    trouble = _kinds(words.TROUBLE, plain)
    subjects = frozenset(words.SUBJECT.findall(plain)) | frozenset(topics)
    signs = {
        "lasting": words.LASTING, "asks": words.ASK, "joins": words.JOINING, "first_person": words.FIRST_PERSON,
        "corrects": words.CORRECTING, "denies": words.DENIAL, "advises": words.ADVICE, "reacts": words.REACTION,
        "thanks": words.THANKS, "solved": words.SOLVED, "handles": words.HANDLING, "chats": words.CHAT_OPENING,
    }  # fmt: skip
    seen = {name: bool(shape.search(plain)) for name, shape in signs.items()}
    if seen["solved"] and words.STILL.search(plain):
        seen["solved"] = False
    named = bool(words.ROOM_NAME.search(message.sender))
    nods = message.kind == "text" and (not plain or bool(words.SHORT.match(plain)))
    empty = nods or message.kind not in ("text", *MEDIA)
    points = 1.2 * min(trouble, 3) + 0.6 * min(len(subjects), 3)
    points += 0.6 * seen["lasting"] + 0.8 * seen["asks"] + 0.4 * seen["first_person"] + 0.5 * named
    praises = len(plain) >= LONGEST_THANKS and bool(words.PRAISE.search(plain))
    if praises:
        points, seen["thanks"], seen["solved"] = points + OPENS, False, False
    spoken = 1.0 if trouble else 1.6  # beside trouble, such words weigh less
    points -= spoken * (1.2 * seen["chats"] + 1.5 * seen["denies"] + 1.2 * seen["advises"] + 1.2 * seen["reacts"])
    points -= 2.5 * seen["thanks"] + 2.0 * seen["solved"] + (1.0 if len(plain) < 6 else 0)
    if not trouble and not praises and not (seen["asks"] and len(subjects) > 1):
        points = min(points, OPENS - 0.1)
    if official and (seen["handles"] or not words.STEWARD.search(message.sender)):
        points = -1.0
    return Evidence(
        official=official, media=message.kind in MEDIA, empty=empty, trouble=trouble,
        domains=_domains(plain), subjects=subjects, subject=len(subjects), named=named, opens=points, **seen,
    )  # fmt: skip


def _kinds(shape: re.Pattern[str], plain: str) -> int:
    return len({found.group() for found in shape.finditer(plain)})


def _domains(plain: str) -> frozenset[int]:
    return frozenset(n for n, shape in enumerate(words.DOMAINS) if shape.search(plain))


@lru_cache(maxsize=20_000)
def pairs(plain: str) -> frozenset[str]:
    """Overlapping pairs of characters, for likeness."""
    letters = re.sub(r"[^\w]", "", texts.fold(plain))
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))

"""A chat between reading and filing. It travels in the form itself, packed and signed: nothing of it is stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.gateway.chat.messages import Message
from chenyue.gateway.chat.understanding import Understanding

SALT = "gateway.chat.draft"
LASTS = 12 * 3600  # seconds; a form that lay open overnight is read again


@dataclass
class Matter:
    """An incident of the draft: where it is, and what was read from it."""

    place_id: int | None = None
    place: str = ""
    room: str = ""
    category: str = ""
    urgency: str = "normal"
    danger: str = ""
    solved: bool = False


@dataclass
class Draft:
    """Messages with the letter of their incident ("" for chatter), and the incidents."""

    messages: list[Message]
    letters: list[str]
    matters: dict[str, Matter]
    group: str = ""
    home_id: int | None = None
    broken: list[tuple[int, str]] = field(default_factory=list)

    def members(self, letter: str) -> list[int]:
        """Places of the messages of an incident."""
        return [i for i, mine in enumerate(self.letters) if mine == letter]


def drafted(messages: list[Message], found: Understanding, group: str, places: dict[int, str]) -> Draft:
    """The draft of what was understood; `places` names places by id."""
    matters = {
        one.letter: Matter(
            place_id=one.place_id,
            place=places.get(one.place_id or 0, ""),
            category=one.suggestion.category.name if one.suggestion.category else "",
            urgency=one.urgency,
            danger=one.suggestion.emergency.sentence if one.suggestion.emergency else "",
            solved=one.solved,
        )
        for one in found.incidents
    }
    letters = [found.letters.get(message.id, "") for message in messages]
    return Draft(messages, letters, matters, group, found.home.place_id)


def packed(draft: Draft, member_id: int) -> str:
    """The draft as one signed word for a form field."""
    value: dict[str, Any] = {
        "who": member_id,
        "group": draft.group,
        "home": draft.home_id,
        "lines": [
            [m.sender, m.at.timestamp() if m.at else None, m.text, letter]
            for m, letter in zip(draft.messages, draft.letters, strict=True)
        ],
        "matters": {letter: list(vars(matter).values()) for letter, matter in draft.matters.items()},
    }
    return signing.dumps(value, salt=SALT, compress=True)


def unpacked(word: str, member_id: int) -> Draft:
    """The draft of a form; refuses one that was changed, is another member's, or is too old."""
    try:
        value = signing.loads(word, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise Refusal(_("This chat has been open for too long. Paste it again."), code="draft") from error
    if value["who"] != member_id:
        raise Refusal(_("This chat was read by somebody else. Paste it again."), code="draft")
    messages = [
        Message(f"m{n:03d}", sender, _moment(at), text)
        for n, (sender, at, text, _letter) in enumerate(value["lines"], 1)
    ]
    letters = [line[3] for line in value["lines"]]
    matters = {letter: Matter(*facts) for letter, facts in value["matters"].items()}
    return Draft(messages, letters, matters, value["group"], value["home"])


def _moment(seconds: float | None) -> datetime | None:
    from chenyue.gateway.chat import stamps

    return stamps.seconds(seconds) if seconds is not None else None

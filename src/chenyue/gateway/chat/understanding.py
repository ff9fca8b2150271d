"""A chat understood: which messages are appeals, which tell of the same incident, where it is, who speaks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chenyue import triage
from chenyue.catalogue.models import Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.gateway.chat import roles, threads, whereabouts
from chenyue.gateway.chat.evidence import LONGEST, Evidence, weigh
from chenyue.gateway.chat.messages import Message, Transcript, spelt_alike
from chenyue.places.queries import gazetteer
from chenyue.triage.suggestion import Suggestion

READ = 3_000  # characters of an incident that are classified
SHORTEST_TOPIC = 2


@dataclass
class Voice:
    """One person's words about one incident."""

    sender: str
    messages: list[Message] = field(default_factory=list)


@dataclass
class Incident:
    """One trouble and those who tell it. `letter` is A, B … in the order of the chat."""

    letter: str
    messages: list[Message]
    voices: list[Voice]
    place_id: int | None
    path: str
    suggestion: Suggestion
    solved: bool

    @property
    def category_code(self) -> str:
        """The first guess."""
        guess = self.suggestion.category
        return guess.code if guess else ""

    @property
    def urgency(self) -> str:
        return self.suggestion.urgency


@dataclass
class Understanding:
    """What was understood; all other messages are chatter."""

    home: whereabouts.Home
    incidents: list[Incident]
    letters: dict[str, str]  # message id → letter


def understand(chat: Transcript, at: datetime, home_id: int | None = None) -> Understanding:
    """Read a chat's sense. `home_id` is the group's place where a person chose it."""
    known = gazetteer()
    home = whereabouts.home_of(known, chat.group, chat.home, chat.messages)
    if home_id is not None and known.get(home_id):
        above = known.ancestors(home_id)
        home = whereabouts.Home(home_id, above["estate"], above["building"])
    seen = evidence(chat)
    grouped = threads.group(chat.messages, seen)
    incidents: list[Incident] = []
    for thread in grouped.threads:
        members = [(chat.messages[i], seen[i]) for i in thread.members]
        incidents.append(_incident(len(incidents), members, home, thread.solved, at))
    letters = {m.id: incident.letter for incident in incidents for m in incident.messages}
    return Understanding(home, incidents, letters)


def evidence(chat: Transcript) -> list[Evidence]:
    """The evidence of each message."""
    own = roles.of_stewards(chat.messages, chat.group)
    topics = _topics()
    found = []
    for message in chat.messages:
        stands = topics.findall(message.words[:LONGEST]) if message.kind == "text" else []
        found.append(weigh(message, roles.official(message.sender, own), stands))
    return found


def _topics() -> re.Pattern[str]:
    """Keywords of the office's catalogue that are long enough to mean something alone."""
    found = {word for c in catalogue().categories if c.active for word in c.keywords if len(word) > SHORTEST_TOPIC}
    return re.compile("|".join(re.escape(word) for word in sorted(found, key=lambda w: (-len(w), w))) or r"(?!)")


def _incident(
    number: int, members: list[tuple[Message, Evidence]], home: whereabouts.Home, solved: bool, at: datetime
) -> Incident:
    messages = [message for message, _seen in members]
    where = whereabouts.locate(gazetteer(), home, members)
    text = "\n".join(m.words for m in messages if m.kind == "text")[:READ]
    when = messages[0].at or at
    found = triage.suggest(text, where.place_id, when)
    return Incident(
        letter(number), messages, voices(messages), where.place_id, where.path, _urgent(found, messages, when), solved
    )


def _urgent(whole: Suggestion, messages: Sequence[Message], when: datetime) -> Suggestion:
    """An emergency that one message tells isn't talked away by the others."""
    if whole.urgency == Urgency.EMERGENCY:
        return whole
    for message in messages[:8]:
        if message.kind == "text" and len(message.words) >= 6:
            one = triage.suggest(message.words, None, when)
            if one.emergency and one.emergency.kind:
                return one
    return whole


def voices(messages: Sequence[Message]) -> list[Voice]:
    """The messages of each person, in the order in which they first spoke."""
    found: dict[str, Voice] = {}
    for message in messages:
        found.setdefault(spelt_alike(message.sender), Voice(message.sender)).messages.append(message)
    return list(found.values())


def letter(number: int) -> str:
    """A, B … Z, AA, AB …"""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name

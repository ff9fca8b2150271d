"""A chat understood: which messages are appeals, which tell of the same incident, where it is, who speaks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chenyue import triage
from chenyue.catalogue.models import Urgency
from chenyue.gateway.chat import roles, threads, whereabouts
from chenyue.gateway.chat.evidence import Evidence, weigh
from chenyue.gateway.chat.hearing import Hearing
from chenyue.gateway.chat.messages import Message, Transcript, spelt_alike
from chenyue.places.queries import gazetteer
from chenyue.triage.suggestion import Suggestion

READ = 1_500  # characters of an incident that are classified
ALARMING, ALARMS = 6, 300  # messages read by themselves for a danger, of one incident and of a chat
PLAIN = 2.0  # points of triage's rules at which a message is worth it


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
    ask = _Triage()
    for thread in grouped.threads:
        members = [(chat.messages[i], seen[i]) for i in thread.members]
        incidents.append(_incident(len(incidents), members, home, thread.solved, at, ask))
    letters = {m.id: incident.letter for incident in incidents for m in incident.messages}
    return Understanding(home, incidents, letters)


def evidence(chat: Transcript) -> list[Evidence]:
    """The evidence of each message."""
    own = roles.of_stewards(chat.messages, chat.group)
    hearing = Hearing()
    return [weigh(message, roles.official(message.sender, own), hearing) for message in chat.messages]


class _Triage:
    """Suggestions for the incidents of one chat: each text is read once, and not more than a chat may cost."""

    def __init__(self) -> None:
        self.left = ALARMS
        self.seen: dict[tuple[str, int | None], Suggestion] = {}

    def suggest(self, text: str, place_id: int | None, when: datetime) -> Suggestion:
        """What the words of an incident seem to be."""
        if (text, place_id) not in self.seen:
            self.seen[text, place_id] = triage.suggest(text, place_id, when)
        return self.seen[text, place_id]

    def urgent(self, whole: Suggestion, members: Sequence[tuple[Message, Evidence]], when: datetime) -> Suggestion:
        """An emergency that one message tells isn't talked away by the others."""
        if whole.urgency == Urgency.EMERGENCY or len(members) == 1:
            return whole
        telling = [m for m, seen in members if seen.signs.trouble or seen.matter.points >= PLAIN]
        for message in telling[: min(ALARMING, self.left)]:
            self.left -= 1
            one = self.suggest(message.words, None, when)
            if one.emergency and one.emergency.kind:
                return one
        return whole


def _incident(
    number: int,
    members: list[tuple[Message, Evidence]],
    home: whereabouts.Home,
    solved: bool,
    at: datetime,
    ask: _Triage,
) -> Incident:
    messages = [message for message, _seen in members]
    where = whereabouts.locate(gazetteer(), home, members)
    text = "\n".join(m.words for m in messages if m.kind == "text")[:READ]
    when = messages[0].at or at
    found = ask.urgent(ask.suggest(text, where.place_id, when), members, when)
    return Incident(letter(number), messages, voices(messages), where.place_id, where.path, found, solved)


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

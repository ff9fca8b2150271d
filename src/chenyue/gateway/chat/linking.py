"""How well a message fits: as chatter, as the beginning of a matter, as one more word about a known one. Pure.

Each is a sum of weights over what is seen (`data/links.json`, fitted by `tests/gateway/chat_fit.py` on labelled
chats): a log-linear model, whose numbers tell of signs, distance, speakers and kinds of matter, never of words.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from chenyue.gateway.chat.evidence import Evidence
from chenyue.gateway.chat.messages import Message, spelt_alike

WEIGHTS = Path(__file__).parent / "data" / "links.json"
SIGNS = (
    "lasting", "asks", "joins", "first", "corrects", "denies", "advises", "reacts", "thanks", "solved", "handles",
    "chats", "praise", "another", "refers", "returns",
)  # fmt: skip
AHEAD = 4  # messages that are looked at behind one that may begin a matter
STRONG, WEAK = 3.5, 1.0  # points of triage's rules that speak plainly, or at all
KNOWN, RECENT, MOST = 40, 5, 9  # matters that are looked at, that need no reason to be, that are weighed
NEAR = 3  # messages behind a complaint in which whom it is of may answer
LOST = 12  # messages of small talk after which a matter isn't the talk's any more
Features = dict[str, float]


@dataclass(eq=False)
class Thread:
    """One incident as far as it has been told."""

    number: int
    members: list[int] = field(default_factory=list)
    senders: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    rooms: set[str] = field(default_factory=set)  # of those who speak
    accused: set[str] = field(default_factory=set)  # rooms and floors that others name
    name_places: set[str] = field(default_factory=set)
    shares: dict[str, float] = field(default_factory=dict)
    points: float = 0.0
    last: int = 0
    solved: bool = False


@cache
def weights() -> dict[str, dict[str, float]]:
    """Of `new`, `with` (a message that joins, itself), `join` (its link) and `media`: feature → weight."""
    found: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found


def total(features: Mapping[str, float], of: Mapping[str, float]) -> float:
    """The sum of weights."""
    return sum(value * of.get(name, 0.0) for name, value in features.items())


class Scene:
    """A chat with what is known of each message, and what its messages have been taken for so far."""

    def __init__(self, messages: Sequence[Message], evidence: Sequence[Evidence]) -> None:
        self.messages, self.evidence = messages, evidence
        self.of: list[int | None] = [None] * len(messages)
        self.threads: list[Thread] = []
        self.current: Thread | None = None
        self.chatter: list[int] = []  # running count of residents' messages that are none of a matter
        self.said: dict[str, int] = {}  # sender and words → last message, for quotes
        self.spoke: dict[str, int] = {}  # sender → last message

    # what was said before

    def quoted(self, i: int) -> int | None:
        """The message that this one quotes."""
        quote = self.messages[i].quote
        return self.said.get(spelt_alike(quote[0]) + quote[1][:20]) if quote else None

    def minutes(self, a: int, b: int) -> float | None:
        """Between two messages; None where the copy has no times."""
        first, second = self.messages[a].at, self.messages[b].at
        return (second - first) / timedelta(minutes=1) if first and second else None

    def candidates(self, i: int) -> list[Thread]:
        """The matters that a message may be about: the latest ones, those of its speaker, its quote, its things."""
        seen, quoted = self.evidence[i], self.quoted(i)
        plain = seen.matter.points >= WEAK
        found = []
        for place, thread in enumerate(sorted(self.threads[-KNOWN:], key=lambda t: -t.last)):
            idle = self.chatter[-1] - self.chatter[thread.last]
            if (
                (place < RECENT and idle <= LOST)
                or seen.sender in thread.senders
                or (quoted is not None and self.of[quoted] == thread.number)
                or (plain and alike(seen.matter.shares, thread.shares) > 0.5)
                or (plain and seen.signs.nouns & thread.nouns)
            ):
                found.append(thread)
        return found[:MOST]

    def note(self, i: int, thread: Thread | None) -> None:
        """Take down what a message was taken for."""
        seen, message = self.evidence[i], self.messages[i]
        before = self.chatter[-1] if self.chatter else 0
        idle = thread is None and not seen.official and seen.kind != "media"
        self.chatter.append(before + idle)
        if thread is not None:
            self.of[i] = thread.number
            self._join(i, thread)
        elif seen.signs.has("solved") and self.current and i - self.current.last <= 6:
            self.current.solved = True
        self.said[spelt_alike(message.sender) + message.words[:20]] = i
        self.spoke[seen.sender] = i

    def begin(self) -> Thread:
        """A new matter."""
        self.threads.append(Thread(len(self.threads)))
        return self.threads[-1]

    def _join(self, i: int, thread: Thread) -> None:
        seen = self.evidence[i]
        thread.members.append(i)
        thread.senders.add(seen.sender)
        thread.nouns |= seen.signs.nouns
        thread.domains |= seen.signs.domains
        thread.pairs |= seen.pairs
        thread.places |= seen.places
        thread.accused |= seen.rooms - {seen.own_room}
        if seen.own_room:
            thread.rooms.add(seen.own_room)
        if seen.name_places:
            thread.name_places.add(seen.name_places[0])
        if seen.matter.points >= WEAK:
            for code, share in seen.matter.shares.items():
                thread.shares[code] = thread.shares.get(code, 0.0) + share * min(seen.matter.points, 5.0)
        thread.points = max(thread.points, seen.matter.points)
        thread.last = i
        if seen.signs.trouble:
            thread.solved = False
        self.current = thread

    # what is seen of one message

    def own(self, i: int) -> Features:
        """Of the message itself and the talk around it."""
        seen, said = self.evidence[i], self.evidence[i].signs
        size = len(said.plain)
        found: Features = {"bias": 1.0, "long": min(size, 20) / 20, "leaning": seen.leaning}
        found |= {name: 1.0 for name in SIGNS if said.has(name)}
        told = {
            "points": min(seen.matter.points, 6.0) / 6, "strong": seen.matter.points >= STRONG,
            "trouble": said.trouble > 0, "troubles": min(said.trouble, 3) / 3, "nouns": min(len(said.nouns), 2) / 2,
            "short": size < 5, "question": seen.question, "named": seen.named, "steward": seen.official == 1,
            "place": bool(seen.places), "silent": not said.counts and not said.nouns,
            "chats alone": said.has("chats") and not said.trouble, "chats twice": said.counts.get("chats", 0) > 1,
            "chats trouble": said.has("chats") and said.trouble > 0,
            "denies trouble": said.has("denies") and said.trouble > 0,
            "solved trouble": said.has("solved") and said.trouble > 0,
            "thanks trouble": said.has("thanks") and said.trouble > 0,
            "advises trouble": said.has("advises") and said.trouble > 0,
            "reacts trouble": said.has("reacts") and said.trouble > 0,
            "asks noun": said.has("asks") and bool(said.nouns), "first trouble": said.has("first") and said.trouble > 0,
            "lasting trouble": said.has("lasting") and said.trouble > 0, "joins short": said.has("joins") and size < 8,
            "steward handles": seen.official == 1 and said.has("handles"),
            "strong trouble": seen.matter.points >= STRONG and said.trouble > 0,
            "terse trouble": size < 7 and said.trouble > 0 and not said.has("chats"),
            "strong alone": seen.matter.points >= STRONG and not said.trouble,
            "asks trouble": said.has("asks") and said.trouble > 0,
            "another trouble": said.has("another") and said.trouble > 0,
            "question trouble": seen.question and said.trouble > 0, "leans away": seen.leaning < -0.3,
        }  # fmt: skip
        found |= {name: float(value) for name, value in told.items() if value}
        return found

    def around(self, i: int) -> Features:
        """What stands before and behind a message, whatever it is taken for."""
        seen = self.evidence[i]
        found: Features = {}
        if i and self.of[i - 1] is None and self.evidence[i - 1].kind == "text":
            before = self.evidence[i - 1]
            found["after small talk"] = float(before.signs.has("chats"))
            found["after question"] = float(before.question and not before.official)
            found["after officer"] = float(before.official > 0)
        if not self.threads:
            found["first"] = 1.0
        taken = {
            "taken up": 0.0,
            "answered": 0.0,
            "quoted on": 0.0,
            "alike behind": 0.0,
            "talk behind": 0.0,
            "picture behind": 0.0,
            "goes on behind": 0.0,
            "trouble behind": 0.0,
            "laughed at": 0.0,
        }
        for j in range(i + 1, min(i + 1 + AHEAD, len(self.messages))):
            later, minutes = self.evidence[j], self.minutes(i, j)
            if minutes is not None and minutes > 30:
                break
            quote = self.messages[j].quote
            if later.media and later.sender == seen.sender and j <= i + 2:
                taken["picture behind"] = 1.0
            if quote and spelt_alike(quote[0]) == seen.sender:
                taken["quoted on"] = 1.0
            elif later.official:
                taken["answered"] = max(taken["answered"], float(later.signs.has("handles")))
            elif later.sender != seen.sender:
                if later.signs.has("joins") and not later.signs.has("chats"):
                    taken["taken up"] = 1.0
                if j == i + 1 and later.signs.has("chats") and not later.signs.trouble:
                    taken["talk behind"] = 1.0
                if j == i + 1 and later.signs.has("reacts") and not later.signs.trouble:
                    taken["laughed at"] = 1.0
                if later.signs.trouble and (later.signs.domains & seen.signs.domains or later.signs.has("first")):
                    taken["trouble behind"] = 1.0
            elif not later.media and later.signs.trouble:
                taken["goes on behind"] = 1.0
            if later.matter.points >= WEAK and seen.matter.points >= WEAK and not later.official:
                taken["alike behind"] = max(taken["alike behind"], alike(seen.matter.shares, later.matter.shares))
        if seen.signs.trouble or seen.matter.points >= STRONG:
            found |= {f"{name} trouble": value for name, value in taken.items()}
        found |= taken
        return {name: value for name, value in found.items() if value}

    def opening(self, i: int) -> Features:
        """What speaks for a matter of its own, beside the message's own signs."""
        seen = self.evidence[i]
        found: Features = {}
        if self.current:
            found["near"] = 1.0 / (1 + self.chatter[-1] - self.chatter[self.current.last])
            found["next"] = float(i - self.current.last == 1)
            minutes = self.minutes(self.current.last, i)
            found["later"] = float(minutes is not None and minutes > 20)
            if self.spoke.get(seen.sender) == self.current.last and i - self.current.last == 1:
                found["goes on"] = 1.0
            if i - self.current.last <= NEAR and seen.sender not in self.current.senders:
                found["accused"] = float(self._accused(seen, self.current))
        if self.quoted(i) is not None:
            found["quotes"] = 1.0
        return found

    def joining(self, i: int, thread: Thread) -> Features:
        """What speaks for a message being of a matter."""
        found = self._distance(i, thread) | self._likeness(i, thread) | self._speakers(i, thread)
        said = self.evidence[i].signs
        near = float(found.get("gap 1", 0.0) or found.get("gap 2", 0.0))
        for name in ("joins", "first", "refers", "another", "lasting", "corrects", "silent", "denies", "chats"):
            present = said.has(name) if name != "silent" else not said.counts
            if present and near:
                found[f"near {name}"] = near
            if present and found.get("current"):
                found[f"current {name}"] = 1.0
        found["innocent"] = float(said.has("innocent") and self.evidence[i].sender not in thread.senders)
        if said.has("joins"):
            found["joins chatter"] = found.get("chatter", 0.0)
            before = i - 1
            run = before >= 0 and self.of[before] == thread.number and self.evidence[before].signs.has("joins")
            found["joins run"] = float(run)
            found["joins straight"] = float(not found.get("idle") and not said.has("chats"))
        if self.evidence[i].matter.points >= STRONG:
            found["strong near"] = near
            found["strong far"] = 1.0 - near
        return {name: value for name, value in found.items() if value}

    def _distance(self, i: int, thread: Thread) -> Features:
        gap = i - thread.last
        found: Features = {}
        step = "1" if gap == 1 else "2" if gap == 2 else "4" if gap <= 4 else "8" if gap <= 8 else "more"
        found[f"gap {step}"] = 1.0
        minutes = self.minutes(thread.last, i)
        if minutes is not None:
            span = next((n for n in (3, 10, 30, 120) if minutes <= n), 999)
            found[f"minutes {span}"] = 1.0
        found["current"] = float(thread is self.current)
        idle = (self.chatter[-1] if self.chatter else 0) - self.chatter[thread.last]
        found["chatter"] = math.log1p(idle)
        found["idle"] = float(idle > 0)
        found["solved"] = float(thread.solved)
        found["just begun"] = float(len(thread.members) == 1 and gap <= 3)
        return found

    def _likeness(self, i: int, thread: Thread) -> Features:
        seen = self.evidence[i]
        found: Features = {}
        told = seen.matter.points >= WEAK and thread.points >= WEAK
        if told and seen.matter.shares and thread.shares:
            like = alike(seen.matter.shares, thread.shares)
            found["same kind"] = like
            found["other kind"] = float(like < 0.1 and min(seen.matter.points, thread.points) >= STRONG)
            found["perhaps other kind"] = float(like < 0.1)
        elif seen.matter.shares and thread.shares:
            found["faint kind"] = alike(seen.matter.shares, thread.shares)
        mine, theirs = seen.signs.domains, thread.domains
        if mine and theirs:
            found["same trouble" if mine & theirs else "other trouble"] = 1.0
        if seen.signs.nouns and thread.nouns:
            shared = len(seen.signs.nouns & thread.nouns)
            found["same things" if shared else "other things"] = float(min(shared, 2) or 1)
        found["like"] = len(seen.pairs & thread.pairs) / max(4, len(seen.pairs))
        found |= self._whereabouts(seen, thread)
        return found

    def _whereabouts(self, seen: Evidence, thread: Thread) -> Features:
        found: Features = {}
        for level in "be":
            mine = {p for p in seen.places if p[0] == level}
            theirs = {p for p in thread.places if p[0] == level}
            if mine and theirs and not seen.signs.has("corrects"):
                found[f"same {level}" if mine & theirs else f"other {level}"] = 1.0
        if seen.name_places and thread.name_places:
            found["same name" if seen.name_places[0] in thread.name_places else "other name"] = 1.0
            if seen.name_places[0] not in thread.name_places:
                found["other name trouble" if seen.signs.trouble else "other name silent"] = 1.0
        if seen.rooms & (thread.rooms | thread.accused):
            found["room"] = 1.0
        if seen.sender not in thread.senders and self._accused(seen, thread):
            found["accused"] = 1.0
            found["accused denies"] = float(seen.signs.has("denies"))
        return found

    @staticmethod
    def _accused(seen: Evidence, thread: Thread) -> bool:
        """Whether others have named this speaker's room or floor."""
        room = seen.own_room
        return bool(room) and (room in thread.accused or f"{room[:-2]}楼" in thread.accused)

    def _speakers(self, i: int, thread: Thread) -> Features:
        seen = self.evidence[i]
        found: Features = {}
        quoted = self.quoted(i)
        if quoted is not None:
            found["quoted" if self.of[quoted] == thread.number else "quotes another"] = 1.0
        if any(name and any(name in who or who in name for who in thread.senders) for name in seen.mentions):
            found["mentioned"] = 1.0
        spoke = self.spoke.get(seen.sender)
        if seen.sender in thread.senders:
            found["speaker"] = 1.0
            found["speaker again"] = float(spoke is not None and self.of[spoke] == thread.number)
            found["speaker next"] = float(spoke == i - 1 == thread.last)
            found["speaker kind"] = float(seen.signs.trouble > 0 and bool(seen.signs.domains & thread.domains))
            found["speaker like"] = len(seen.pairs & thread.pairs) / max(4, len(seen.pairs))
            found["speaker things"] = float(bool(seen.signs.nouns & thread.nouns))
            found["speaker far"] = float(i - thread.last > 8)
            found["speaker lasting"] = float(seen.signs.has("lasting"))
            found["speaker returns"] = float(seen.signs.has("returns"))
            if spoke == i - 1 == thread.last and seen.matter.points >= STRONG:
                apart = not seen.signs.domains & thread.domains and not seen.signs.nouns & thread.nouns
                found["speaker next apart"] = float(apart)
                found["speaker next another"] = float(seen.signs.has("another"))
        elif spoke is not None and self.of[spoke] is not None and i - spoke <= 4:
            found["speaker elsewhere"] = 1.0
        return found

    def attached(self, i: int, thread: Thread) -> Features:
        """What speaks for a picture or a voice message being of a matter."""
        seen = self.evidence[i]
        spoke = self.spoke.get(seen.sender)
        minutes = self.minutes(thread.last, i)
        mine = spoke is not None and self.of[spoke] == thread.number
        found: Features = {
            "media": 1.0,
            "speaker": float(seen.sender in thread.senders),
            "speaker again": float(mine),
            "speaker next": float(mine and spoke == i - 1),
            "speaker near": float(mine and spoke is not None and i - spoke <= 4),
            "gap 1": float(i - thread.last == 1),
            "current": float(thread is self.current),
            "late": float(minutes is not None and minutes > 15),
            "quoted": float((q := self.quoted(i)) is not None and self.of[q] == thread.number),
        }
        return {name: value for name, value in found.items() if value}


def alike(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Cosine of two shares of kinds, 0–1."""
    if not a or not b:
        return 0.0
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    shared = sum(value * many.get(code, 0.0) for code, value in few.items())
    if not shared:
        return 0.0
    size = math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
    return shared / size

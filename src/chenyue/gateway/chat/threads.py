"""Which messages tell of the same trouble. Pure.

A message begins an incident by its own words, or joins one: by what it quotes, who speaks, how close it
stands, what it speaks of. Neighbours who only say "us too" carry no words of their own: where they stand
tells what they mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from chenyue.gateway.chat import words
from chenyue.gateway.chat.evidence import OPENS, Evidence, pairs
from chenyue.gateway.chat.messages import Message, spelt_alike

NEAR = 6  # messages within which the talk is still about it
SOON = timedelta(minutes=25)
JOINS = 1.5  # so much speaks for joining an incident
ALIKE = 1.2  # so much, for a message that could begin its own
RETURNS = timedelta(days=14)


@dataclass
class Thread:
    """One incident as far as it has been told."""

    number: int
    members: list[int] = field(default_factory=list)
    senders: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    domains: set[int] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)
    last: int = 0
    touched: int = 0  # last message about it, of whomever
    solved: bool = False


@dataclass
class Grouping:
    """What came of it: each message's incident (None: none), and those solved while the chat went on."""

    threads: list[Thread]
    of: list[int | None]


def group(messages: Sequence[Message], evidence: Sequence[Evidence]) -> Grouping:
    """Walk through the chat once and put each message where it belongs."""
    return _Walk(messages, evidence).run()


class _Walk:
    def __init__(self, messages: Sequence[Message], evidence: Sequence[Evidence]) -> None:
        self.messages, self.evidence = messages, evidence
        self.threads: list[Thread] = []
        self.of: list[int | None] = [None] * len(messages)
        self.talk: Thread | None = None  # what the talk is about just now
        self.said: dict[str, int] = {}  # sender and words → last place, for quotes

    def run(self) -> Grouping:
        for i, message in enumerate(self.messages):
            self._take(i)
            self.said[spelt_alike(message.sender) + message.words[:20]] = i
        return Grouping(self.threads, self.of)

    def _take(self, i: int) -> None:
        seen, message = self.evidence[i], self.messages[i]
        quoted = self._quoted(message)
        if seen.media:
            self._media(i, quoted)
            return
        if seen.official or (seen.empty and not seen.joins):
            self._note(i, quoted)
            return
        thread, points = self._best(i, quoted)
        opens = self._opens(i)
        if opens and (thread is None or points < ALIKE):
            self._begin(i)
        elif (
            thread
            and (points >= JOINS or opens)
            and not ((seen.aside or seen.solved) and not opens and not seen.joins and seen.trouble < 2)
        ):
            self._join(i, thread)
        else:
            self._note(i, quoted)
            if seen.chats or not (seen.aside or seen.solved):
                self.talk = self.talk if self.talk and i - self.talk.touched <= 1 and not seen.chats else None

    def _opens(self, i: int) -> bool:
        """Whether a message begins an incident: by itself, or because others take it up at once."""
        seen = self.evidence[i]
        points = seen.opens
        before = self.evidence[i - 1] if i else None
        if before and before.chats and self.of[i - 1] is None and not (seen.lasting or seen.asks or seen.trouble > 1):
            points -= 0.8  # the tail of neighbourly talk
        if not seen.chats and not seen.aside and not seen.solved and len(self.messages[i].words) > 6:
            points += self._taken_up(i)
        return points >= OPENS and (seen.trouble > 0 or seen.subject > 0 or seen.opens >= OPENS)

    def _taken_up(self, i: int) -> float:
        """What the next messages say for it: a neighbour who joins in, an officer who acts."""
        points, mine = 0.0, spelt_alike(self.messages[i].sender)
        for j in range(i + 1, min(i + 5, len(self.messages))):
            seen, message = self.evidence[j], self.messages[j]
            if not self._soon(i, j):
                break
            quote = message.quote
            if (quote and spelt_alike(quote[0]) == mine and not seen.aside) or (seen.official and seen.handles):
                points += 0.9
            elif seen.joins and not seen.chats and not seen.official and not message.quote:
                points += 0.8
            elif seen.chats:
                break
        return min(points, 1.6)

    def _quoted(self, message: Message) -> int | None:
        quote = message.quote
        return self.said.get(spelt_alike(quote[0]) + quote[1][:20]) if quote else None

    def _media(self, i: int, quoted: int | None) -> None:
        """A picture goes with what the same person said just before, or says just after."""
        me = self.messages[i].sender
        for back in range(i - 1, max(-1, i - 4), -1):
            if self.messages[back].sender == me and not self.evidence[back].empty:
                if (number := self.of[back]) is not None and self._soon(back, i):
                    self._join(i, self.threads[number])
                return
        if self.evidence[i].official or quoted is not None:
            return
        if self.talk and i - self.talk.touched <= 1 and spelt_alike(me) in self.talk.senders:
            self._join(i, self.talk)

    def _best(self, i: int, quoted: int | None) -> tuple[Thread | None, float]:
        """The incident that this message fits best, and how well."""
        scored = [(self._fits(i, thread, quoted), thread.last, thread) for thread in self.threads]
        if not scored:
            return None, 0.0
        points, _last, thread = max(scored, key=lambda s: (s[0], s[1]))
        return thread, points

    def _fits(self, i: int, thread: Thread, quoted: int | None) -> float:
        seen, message = self.evidence[i], self.messages[i]
        gap, soon = i - thread.touched, self._soon(thread.last, i)
        if quoted is not None:
            return 3.0 if self.of[quoted] == thread.number else -1.0
        mine = spelt_alike(message.sender) in thread.senders
        shared = (seen.subjects & thread.subjects) - words.GENERIC
        alike = bool(seen.domains & thread.domains)
        mine_pairs = pairs(message.words)
        like = len(mine_pairs & thread.pairs) / max(4, len(mine_pairs))
        points = 0.7 * min(len(shared), 2) + 4.0 * min(like, 0.5) + 0.7 * (alike and (mine or gap <= NEAR))
        another = bool(words.ANOTHER.search(message.words))
        points -= 1.0 * another
        if gap <= NEAR and soon:
            points += 1.1 - 0.2 * (gap - 1) + 0.9 * mine
            points += 1.0 * seen.joins + 0.5 * (seen.trouble > 0) + 0.3 * seen.lasting + 0.3 * seen.first_person
            points += 0.4 * seen.corrects + 0.3 * seen.asks + 0.2 * seen.named - 0.6 * (self.talk is not thread)
            points += 0.35 * (gap == 1 and len(message.words) >= 7)
            if self.evidence[i - 1].chats and self.of[i - 1] != thread.number and not mine:
                points -= 0.9
        elif mine:
            points += (
                0.9 + 0.5 * seen.lasting + 0.3 * (seen.trouble > 0) + 0.2 * seen.named + 0.6 * ("的事" in message.words)
            )
        else:
            points -= 0.5 if seen.trouble else 1.5
        points -= (
            1.5 * seen.chats + 1.2 * (seen.denies or seen.advises or seen.reacts) + 1.5 * (seen.thanks or seen.solved)
        )
        if len(message.words) < 6 and not seen.joins and not seen.trouble:
            points -= 0.8
        own = seen.subjects - words.GENERIC
        if seen.opens >= OPENS and not seen.joins and words.HARM & seen.domains - thread.domains:
            return points - 2.5
        if seen.opens >= OPENS and not shared and not seen.joins and not alike:
            told = len(message.words) >= 14 and seen.domains and thread.domains
            apart = told or (own and thread.subjects - words.GENERIC)
            points -= 2.0 if apart else 0.9 if gap > 1 else 0.3
        elif own and not shared and not (seen.joins or alike or mine) and len(message.words) >= 12:
            points -= 0.7  # it speaks of something of its own
        if seen.chats and not seen.joins and seen.opens < OPENS:
            points -= 1.0
        return points

    def _soon(self, before: int, now: int) -> bool:
        a, b = self.messages[before].at, self.messages[now].at
        return a is None or b is None or b - a <= SOON

    def _begin(self, i: int) -> None:
        thread = Thread(len(self.threads))
        self.threads.append(thread)
        self._join(i, thread)

    def _join(self, i: int, thread: Thread) -> None:
        seen, message = self.evidence[i], self.messages[i]
        self.of[i] = thread.number
        thread.members.append(i)
        thread.senders.add(spelt_alike(message.sender))
        thread.subjects |= seen.subjects
        thread.domains |= seen.domains
        thread.pairs |= pairs(message.words)
        thread.last = thread.touched = i
        if seen.trouble:
            thread.solved = False
        self.talk = thread

    def _note(self, i: int, quoted: int | None) -> None:
        """Talk about an incident that is no report of it: keeps it near, may say that it is solved."""
        number = self.of[quoted] if quoted is not None else None
        thread = self.threads[number] if number is not None else self.talk
        seen = self.evidence[i]
        if thread is None or i - thread.touched > NEAR or not self._soon(thread.last, i):
            return
        if seen.solved:
            thread.solved = True
        if (seen.official or seen.aside or seen.solved) and thread is self.talk:
            thread.touched = i

"""Which messages tell of the same trouble. Pure.

The chat is walked through once. Each message is chatter, begins a matter, or is one more word about a known one,
whichever fits best (`linking`). Neighbours who only say "us too" carry no words of their own: where they stand
tells what they mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from chenyue.gateway.chat.evidence import Evidence
from chenyue.gateway.chat.linking import Features, Scene, Thread, total, weights
from chenyue.gateway.chat.messages import Message

BEFORE = timedelta(minutes=3)  # a picture goes with what its sender says so soon after it

LENIENT = 0.1  # what speaks for a matter beforehand: to dim a report is worse than to light a word of chatter

__all__ = ["Grouping", "Thread", "group"]


@dataclass
class Grouping:
    """What came of it: each message's incident (None: none), and those solved while the chat went on."""

    threads: list[Thread]
    of: list[int | None]


@dataclass
class Choice:
    """A thing that a message may be: chatter (`none`), a `new` matter, a word (`join`) or `media` of `thread`."""

    kind: str
    thread: Thread | None = None
    link: Features = field(default_factory=dict)


@dataclass
class Options:
    """What a message may be, chatter first; `own` is what is seen of the message itself."""

    own: Features
    choices: list[Choice]


def group(messages: Sequence[Message], evidence: Sequence[Evidence]) -> Grouping:
    """Walk through the chat and put each message where it belongs."""
    scene = Scene(messages, evidence)
    for i in range(len(messages)):
        take(scene, i, best(options(scene, i)))
    _pictures_first(scene)
    return Grouping(scene.threads, scene.of)


def options(scene: Scene, i: int) -> Options:
    """What a message may be."""
    seen = scene.evidence[i]
    chatter = Choice("none")
    if seen.official == 2 or seen.kind == "empty":
        return Options({}, [chatter])
    if seen.media:
        return Options({}, [chatter, *(Choice("media", t, scene.attached(i, t)) for t in scene.candidates(i))])
    own = scene.own(i) | {f"~{name}": value for name, value in scene.around(i).items()}
    joining = [Choice("join", t, scene.joining(i, t)) for t in scene.candidates(i)]
    told = [Choice("new", None, scene.opening(i)), *joining]
    return Options(own, told if _calls(seen) else [chatter, *told])


def _calls(seen: Evidence) -> bool:
    """Whether a neighbour tells of a danger now, not asks or advises: that is never small talk."""
    quiet = ("denies", "advises", "reacts", "thanks")  # what is over is no danger that `dangers` sees
    # A word of small talk amid several words of trouble is none.
    small = seen.signs.counts.get("chats", 0) > max(0, seen.signs.trouble - 1)
    return seen.matter.danger and not (seen.question or small or any(seen.signs.has(sign) for sign in quiet))


def best(of: Options) -> Choice:
    """The one that fits best."""
    known = weights()
    alone = {"join": LENIENT + total(of.own, known["with"]), "new": LENIENT + total(of.own, known["new"])}
    return max(of.choices, key=lambda c: alone.get(c.kind, 0.0) + total(c.link, known.get(c.kind, {})))


def take(scene: Scene, i: int, choice: Choice) -> None:
    """Take a message for what was chosen."""
    thread = scene.begin() if choice.kind == "new" else choice.thread
    scene.note(i, thread)


def _pictures_first(scene: Scene) -> None:
    """A picture that was sent just before its words."""
    for i, seen in enumerate(scene.evidence[:-1]):
        if not seen.media or scene.of[i] is not None or seen.official == 2:
            continue
        after, number = scene.evidence[i + 1], scene.of[i + 1]
        a, b = scene.messages[i].at, scene.messages[i + 1].at
        if after.sender == seen.sender and number is not None and (a is None or b is None or b - a <= BEFORE):
            thread = scene.threads[number]
            scene.of[i] = number
            thread.members.insert(thread.members.index(i + 1), i)

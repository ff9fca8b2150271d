"""A draft as the page shows it: bubbles, lit or dimmed, with their incident's letter and colour."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chenyue.cases.models import Appeal
from chenyue.cases.similar import Similar
from chenyue.gateway.chat.drafts import Draft, Matter
from chenyue.gateway.chat.fingerprints import fingerprints
from chenyue.gateway.chat.messages import Message
from chenyue.gateway.chat.understanding import letter as next_letter

TONES = 6  # colours of incidents; the letter tells them apart beyond that
LIT_AT_ONCE = 300  # lit messages on one page: each has two fields, and a form may have a thousand
BESIDE = 3  # messages of chatter shown on each side of a lit one
FEW = 300  # in a chat of so few, all chatter can be picked


@dataclass(frozen=True)
class Line:
    """One bubble. `suggested` is the letter a ticked line of chatter would go to."""

    index: int
    message: Message
    letter: str
    tone: int
    ticked: bool
    suggested: str
    known: str = ""  # number of the case it is part of already, "…" where this member may not see it

    @property
    def at(self) -> datetime | None:
        return self.message.at


@dataclass
class Stretch:
    """Lines of one kind in a row: lit ones, or chatter that folds away; `left_out` isn't drawn at all."""

    lit: bool
    lines: list[Line] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True)
class Shown:
    """An incident above the bubbles."""

    letter: str
    tone: int
    matter: Matter
    title: str
    voices: int
    messages: int
    known: int
    near: Similar | None = None  # an open case that it may belong to
    into: str = ""  # the number that was chosen


@dataclass
class Sheet:
    """The whole page."""

    stretches: list[Stretch]
    incidents: list[Shown]
    letters: list[str]
    fresh: str  # the letter a new incident would get
    ticked: int
    known: int
    waiting: int  # lit messages that don't fit on this page


def tone(letter: str) -> int:
    """The colour of a letter."""
    return (sum((ord(c) - 64) * 26**n for n, c in enumerate(reversed(letter))) - 1) % TONES if letter else 0


def sheet(draft: Draft, known: Mapping[str, Appeal], seen: Collection[str], ticked: Collection[int] | None) -> Sheet:
    """Lay out a draft. `seen` are the case numbers this member may see; `ticked` None ticks all that is new."""
    prints = fingerprints(draft.messages, draft.home_id)
    lines = []
    waiting = lit = 0
    last = ""
    for i, (message, letter) in enumerate(zip(draft.messages, draft.letters, strict=True)):
        appeal = known.get(prints[i])
        number = (appeal.case.number if appeal.case.number in seen else "…") if appeal else ""
        fits = True
        if letter and not number:
            lit += 1
            if lit > LIT_AT_ONCE:
                waiting += 1
                fits = False
        shown = letter if fits else ""
        last = shown or last
        on = bool(shown) and not number and (ticked is None or i in ticked)
        lines.append(Line(i, message, shown, tone(shown), on, last, number))
    letters = sorted({line.letter for line in lines if line.letter}, key=lambda name: (len(name), name))
    return Sheet(
        stretches=_stretches(lines),
        incidents=[_shown(letter, lines, draft) for letter in letters],
        letters=letters,
        fresh=next_letter(len(draft.matters)),
        ticked=sum(line.ticked for line in lines),
        known=sum(bool(line.known) for line in lines),
        waiting=waiting,
    )


def _shown(letter: str, lines: list[Line], draft: Draft) -> Shown:
    mine = [line for line in lines if line.letter == letter]
    title = next((line.message.words for line in mine if line.message.kind == "text"), mine[0].message.words)
    return Shown(
        letter=letter,
        tone=tone(letter),
        matter=draft.matters.get(letter) or Matter(),
        title=title[:60],
        voices=len({line.message.sender for line in mine}),
        messages=len(mine),
        known=sum(bool(line.known) for line in mine),
    )


def _stretches(lines: list[Line]) -> list[Stretch]:
    near: set[int] = set()
    if len(lines) > FEW:
        for line in lines:
            if line.letter:
                near.update(range(line.index - BESIDE, line.index + BESIDE + 1))
    found: list[Stretch] = []
    for line in lines:
        if not found or found[-1].lit != bool(line.letter):
            found.append(Stretch(bool(line.letter)))
        if line.letter or len(lines) <= FEW or line.index in near:
            found[-1].lines.append(line)
        else:
            found[-1].left_out += 1
    return found

"""What happened to a case. Listeners run at once, in the same transaction; see `chenyue.wiring`.

The state is written first; `CaseMoved` is told for every move, then the event of its own kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chenyue.cases.lifecycle import Move
from chenyue.core.actors import Actor

if TYPE_CHECKING:
    from chenyue.cases.models import Answer, Appeal, Case


@dataclass(frozen=True)
class Happened:
    """Every event says to which case, by whom, and when."""

    case: Case
    by: Actor
    at: datetime


@dataclass(frozen=True)
class AppealFiled(Happened):
    """An appeal arrived and opened a case, or joined an open one. `email` is as just told, to spare a look-up."""

    appeal: Appeal
    joined: bool
    email: str = ""


@dataclass(frozen=True)
class CaseMoved(Happened):
    """A move was made. `data` holds what notices need: reasons, units, moments."""

    move: Move
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseDispatched(Happened):
    """Units were given the case: by dispatch, reassignment, an upheld return or reopening."""

    lead_id: int
    assist_ids: Sequence[int]


@dataclass(frozen=True)
class CaseAnswered(Happened):
    """An answer was given; the reporters are asked from now on.

    `appeals` with their reporters, loaded once for all who listen. `links`: by appeal, the path where its
    reporter may rate the answer; filled by the listener that asks, read by the one that writes the letters.
    """

    answer: Answer
    appeals: Sequence[Appeal]
    links: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseClosing(Happened):
    """The case is about to be closed: a listener that knows a reason against it raises `Refusal`."""


@dataclass(frozen=True)
class CaseClosed(Happened):
    """The case is closed, with the result of its last answer."""

    result: str


@dataclass(frozen=True)
class CaseReopened(Happened):
    """A new round begins."""

    words: str


@dataclass(frozen=True)
class CaseJoined(Happened):
    """All appeals of `case` now belong to `into`."""

    into: Case
    appeals: Sequence[Appeal]


@dataclass(frozen=True)
class CaseSplit(Happened):
    """Appeals left `case` for `split_off`: a new case, or one whose joining was undone."""

    split_off: Case
    appeals: Sequence[Appeal]


@dataclass(frozen=True)
class MessageParted(Happened):
    """Further matters of `appeal`, a message of `case`, became cases of their own, each with its part as appeal."""

    appeal: Appeal
    parts: Sequence[Appeal]


@dataclass(frozen=True)
class CaseDue(Happened):
    """A clock (triage, accept, contact, resolve, review) reached a step (warn, due, late)."""

    clock: str
    step: str


@dataclass(frozen=True)
class PartEnded(Happened):
    """An assisting unit reported its part, or was excused from it."""

    unit_id: int


@dataclass(frozen=True)
class WordsAdded(Happened):
    """A reporter added words to an appeal."""

    addition_id: int


@dataclass(frozen=True)
class OfficerSet(Happened):
    """A unit named who of its members sees to the case; None: nobody by name."""

    officer_id: int | None

"""What asking afterwards tells those above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chenyue.core.actors import Actor

if TYPE_CHECKING:
    from chenyue.followup.models import Callback, Rating, Refusal


@dataclass(frozen=True)
class CallbackOpened:
    """A reporter is to be asked."""

    callback: Callback
    at: datetime


@dataclass(frozen=True)
class AnswerRated:
    """A reporter said what they think of an answer."""

    rating: Rating
    by: Actor
    at: datetime


@dataclass(frozen=True)
class AnswerRefused:
    """An answer was not taken: a person has to decide."""

    refusal: Refusal
    at: datetime

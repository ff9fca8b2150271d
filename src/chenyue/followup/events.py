"""What asking afterwards tells those above."""

from dataclasses import dataclass
from datetime import datetime

from chenyue.core.actors import Actor
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

"""What the rules of asking afterwards allow. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chenyue.followup.models import Callback, Grade

LINK_DAYS = 14  # a link is good for so long, unless the case moves on before
FIRST_CALL_AFTER = timedelta(days=1)  # the link comes first; a member calls those who didn't use it
TRY_AGAIN_AFTER = timedelta(days=1)
MIN_REASON = 5  # characters that a reason for leaving somebody out must have


@dataclass(frozen=True)
class TryRule:
    """When somebody counts as tried: after so many calls, or, without a number to call, so many days."""

    tries: int
    days: int


def refused(grade: str, solved: bool) -> bool:
    """Whether the answer was not taken, so that a person has to decide what follows."""
    return grade == Grade.DISSATISFIED or not solved


def tried_enough(tries: int, rule: TryRule) -> bool:
    """Whether the calls made without success are enough."""
    return tries >= rule.tries


def waited_enough(created_at: datetime, at: datetime, rule: TryRule) -> bool:
    """Whether somebody who can't be called has had their time to answer by link."""
    return at >= created_at + timedelta(days=rule.days)


def link_state(callback: Callback, at: datetime) -> str:
    """What a link is good for now: `open`, `used`, `expired` or `overtaken`."""
    if callback.state == Callback.State.RATED:
        return "used"
    if callback.state == Callback.State.OPEN:
        return "expired" if at >= callback.expires_at else "open"
    return "overtaken"

"""The one door for the stage of a mediation."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict
from chenyue.mediation import acts, moments
from chenyue.mediation.lifecycle import ENDED, MOVES, Stage
from chenyue.mediation.models import Mediation
from chenyue.timeline.models import VisibleTo

Follower = Callable[[Mediation, str, Actor, datetime], None]
_followers: list[Follower] = []


def follow(found: Follower) -> Follower:
    """Register what follows a change of stage, in its transaction: `f(mediation, stage before, by, at)`."""
    if found not in _followers:
        _followers.append(found)
    return found


def move(*, mediation: Mediation, to: str, by: Actor, at: datetime, words: str = "") -> Mediation:
    """Bring a mediation into another stage; the row as it is then. The caller has asked who may.

    Every party reads that it happened; `words` is read by them too. Raises Conflict where the stage allows no such
    step: somebody else was faster.
    """
    to = Stage(to)
    with acts.locked(mediation) as row:
        if to not in MOVES[row.stage]:
            raise Conflict(
                _("“%(to)s” isn't possible now: the mediation is “%(stage)s”. Someone else may have been faster.")
                % {"to": to.label, "stage": Stage(row.stage).label}
            )
        was, row.stage, row.stage_at = row.stage, to.value, at
        row.ended_at = at if to in ENDED else None
        acts.touch(row, "stage", "stage_at", "ended_at")
        data = {"to": to.value, "was": was}
        acts.record(row, "moved", by=by, at=at, data=data, said=words, visible_to=VisibleTo.RESIDENT)
        for follower in _followers:
            follower(row, was, by, at)
        moments.refresh(row)
    for name in ("stage", "stage_at", "ended_at", "version", "next_at", "next_what"):
        setattr(mediation, name, getattr(row, name))  # whoever goes on with what they hold isn't stale by their own act
    return row

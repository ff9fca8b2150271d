"""By the hour: a part of what is over its time goes, of the kinds for which two people have decided so."""

from dataclasses import asdict
from datetime import datetime

from django.utils import timezone

from chenyue.core import jobs, keeping, ticks
from chenyue.core.actors import SYSTEM
from chenyue.core.keeping import Removed
from chenyue.timeline.actions import record
from chenyue.upkeep.keeping.deciding import SUBJECT


@ticks.every(3600, "upkeep.keeping")
def turn(at: datetime) -> dict[str, int]:
    """Remove a part of each kind that is in force; how many rows of each. What is left goes by the next turns."""
    done = {}
    for name, kind in keeping.kinds().items():
        if kind.remove is not None and keeping.days(name):
            gone = kind.remove(keeping.before(name, at), at)
            if keeping.told(name, gone.rows, at, gone.files):
                done[name] = gone.rows
    return done


@jobs.job("upkeep.keeping")
def begin() -> None:
    """Somebody has agreed: the first turn at once."""
    turn(timezone.now())


def note(event: Removed) -> None:
    """The tombstone: which kind, how many, after how many days, in which batch. Nobody is named."""
    told = asdict(event)
    at = told.pop("at")
    told["batch"] = f"{event.kind}:{timezone.localtime(at):%Y%m%d%H%M%S}"
    record(subject=SUBJECT, verb="upkeep.keep_removed", by=SYSTEM, at=at, data=told)

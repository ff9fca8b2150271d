"""What the pages of keeping show: every kind with its days and reasons, one kind with a trial, what is held."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chenyue.core import keeping, office
from chenyue.core.errors import NotFound
from chenyue.core.keeping import Found, Kind
from chenyue.timeline import queries as timeline
from chenyue.timeline.models import VisibleTo
from chenyue.upkeep.keeping.deciding import SUBJECT
from chenyue.upkeep.keeping.words import BESIDE, SAID, Said
from chenyue.upkeep.models import KeepHold, KeepRequest

SHOWN = 30  # entries, holds


@dataclass(frozen=True)
class Line:
    """One kind as the list shows it."""

    kind: Kind
    said: Said
    days: int  # 0: stays
    waiting: KeepRequest | None


def _lines() -> list[Line]:
    waiting = {row.kind: row for row in _requests().filter(state=KeepRequest.State.ASKED)}
    return [
        Line(kind, SAID[name], keeping.days(name), waiting.get(name)) for name, kind in sorted(keeping.kinds().items())
    ]


def _requests() -> Any:
    return KeepRequest.objects.select_related("asked_by", "decided_by").order_by("-pk")


def page() -> dict[str, Any]:
    """The list; three statements. Names nobody but who decided."""
    lines = _lines()
    holds = KeepHold.objects.filter(lifted_at=None).select_related("made_by").order_by("-pk")
    return {
        "asking": [line for line in lines if line.kind.asks],
        "by_night": [line for line in lines if not line.kind.asks],
        "beside": BESIDE,
        "holds": list(holds[:SHOWN]),
        "entries": timeline.entries(SUBJECT, timeline.visible_for(VisibleTo.OFFICE), limit=SHOWN),
        "backup_days": backup_days(),
    }


def one(name: str, days: int | None, at: datetime) -> dict[str, Any]:
    """One kind with a trial for so many days (None: as it is, or as it is proposed). Raises NotFound."""
    kind = keeping.kinds().get(name)
    if kind is None:
        raise NotFound
    chosen = days if days is not None else keeping.days(name) or kind.days
    waiting = _requests().filter(kind=name, state=KeepRequest.State.ASKED).first()
    return {
        "kind": kind,
        "said": SAID[name],
        "in_force": keeping.days(name),
        "tried": chosen,
        "before": at - timedelta(days=chosen),
        "found": tried(kind, chosen, at),
        "waiting": waiting,
        "backup_days": backup_days(),
    }


def tried(kind: Kind, days: int, at: datetime) -> Found:
    """What would go if it stayed so many days. Changes nothing."""
    return kind.look(at - timedelta(days=days), at)


def backup_days() -> int:
    """For how many days a backup may still hold what was removed here, by the office's own rule."""
    keep = office.get("backup_keep")
    return max(int(keep["days"]), 7 * int(keep["weeks"]), 31 * int(keep["months"]))

"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring."""

from typing import Any

from chenyue.insight.lifecycle import PainKind, PainState
from chenyue.insight.models import Pain, RootProject
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident


def on_erased(event: ResidentErased) -> None:
    """Nobody is known to have come again any more: such findings lose whose they were, projects no longer count them.

    Words of topics are taken from what many said; those that hold the name go.
    """
    mine = f"again:{event.resident.pk}:"
    for pain in Pain.objects.filter(kind=PainKind.DOOR, key__startswith=mine):
        pain.key, pain.cases, pain.state = f"again:forgotten {pain.pk}", [], PainState.GONE
        pain.save(update_fields=["key", "cases", "state"])
    for project in RootProject.objects.filter(counted__who=event.resident.pk):
        project.counted = {}  # the rule is gone: what was counted until now stands, nothing more is
        project.save(update_fields=["counted"])
    if len(event.name) < 2:
        return
    for pain in Pain.objects.filter(kind=PainKind.TOPIC, title__contains=event.name):
        pain.words = [word for word in pain.words if event.name not in word]
        pain.title = "、".join(pain.words[:3])
        pain.save(update_fields=["words", "title"])


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """That somebody had to come again for one matter, for their copy (PIPL 45)."""
    mine = Pain.objects.filter(kind=PainKind.DOOR, key__startswith=f"again:{resident.pk}:").order_by("pk")
    return [
        {
            "matter": pain.title,
            "times": pain.count,
            "since": pain.first_on.isoformat(),
            "last": pain.last_on.isoformat(),
        }
        for pain in mine
    ]

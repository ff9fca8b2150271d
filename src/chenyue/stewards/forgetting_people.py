"""What is forgotten of a steward who is a resident and has their data deleted, and what a copy for them holds.

That a building had a steward in those days stays; who it was does not.
"""

from typing import Any

from chenyue.core import snapshots
from chenyue.core.actors import SYSTEM
from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident
from chenyue.stewards import actions, queries
from chenyue.stewards.lifecycle import EndReason, StewardState
from chenyue.stewards.models import HandOver, Steward
from chenyue.timeline import actions as timeline


def on_erased(event: ResidentErased) -> None:
    """A steward still in office stops; name, telephone, age, home and what they said when leaving go."""
    for steward in Steward.objects.filter(resident=event.resident).order_by("pk"):
        if steward.state != StewardState.ENDED:
            actions.leave(steward=steward, reason=EndReason.OTHER, by=SYSTEM, at=event.at)
            steward.refresh_from_db()
        name = steward.name
        steward.name, steward.shows_name = masking.mask_name(name), False
        steward.phone = steward.note = ""
        steward.birth_year = steward.home = steward.resident = steward.moved_on = None
        steward.dialects, steward.keeps, steward.avoids = [], [], []
        steward.save()
        snapshots.bump(queries.RECORD)
        for row in HandOver.objects.filter(ended__steward=steward).exclude(words=""):
            row.words = ""
            row.save(update_fields=["words"])
        timeline.record(subject=steward.subject, verb="steward.forgotten", by=event.by, at=event.at)
        timeline.forget_words(steward.subject, lambda words: True, by=event.by, at=event.at)


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """What is known of a resident as a steward, for their copy (PIPL 45)."""
    return [
        {
            "name": steward.name,
            "phone": steward.phone,
            "birth_year": steward.birth_year,
            "home": steward.home.full_name if steward.home else "",
            "dialects": steward.dialects,
            "note": steward.note,
            "buildings": [
                {
                    "building": term.building.full_name,
                    "role": term.role,
                    "since": term.since.isoformat(),
                    "until": term.until.isoformat() if term.until else None,
                }
                for term in steward.terms.select_related("building").order_by("since", "pk")
            ],
        }
        for steward in Steward.objects.filter(resident=resident).select_related("home").order_by("pk")
    ]

"""What the care list, visits and relayed words forget with a resident, and what a copy for them holds."""

from typing import Any

from django.db import transaction

from chenyue.core import kept_files
from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident
from chenyue.stewards import care
from chenyue.stewards.models import CareEntry, DoorVisit, RelayedWord
from chenyue.timeline import actions as timeline


def on_erased(event: ResidentErased) -> None:
    """The home leaves the care list; visits stay as a record of fact, without photographs; words are masked."""
    entries = list(CareEntry.objects.filter(resident=event.resident).order_by("pk"))
    for entry in entries:
        entry.name = entry.phone = entry.note = entry.birthday = ""
        entry.reasons, entry.active = [], False
        entry.save(update_fields=["name", "phone", "note", "birthday", "reasons", "active"])
    photos: list[str] = []
    for visit in DoorVisit.objects.filter(care__in=entries).exclude(words="", answer="", photo=""):
        photos += [visit.photo, visit.preview]
        visit.photo = visit.preview = ""
        visit.words = masking.forget_person(visit.words, event.name)
        visit.answer = masking.forget_person(visit.answer, event.name)
        visit.save(update_fields=["words", "answer", "photo", "preview"])
    transaction.on_commit(lambda: kept_files.remove(*photos))
    left = list(RelayedWord.objects.filter(resident=event.resident).order_by("pk"))
    for word in left:
        word.name = word.phone = ""
        word.words = masking.forget_person(word.words, event.name)
        word.answer = masking.forget_person(word.answer, event.name)
        word.save(update_fields=["name", "phone", "words", "answer"])
    drafts = [timeline.Draft(entry.subject, "care.forgotten") for entry in entries]
    drafts += [timeline.Draft(word.subject, "relayed.forgotten") for word in left]
    timeline.record_many(drafts, by=event.by, at=event.at)


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """Why a home is looked after, when it was visited, and words left for a steward, for the person's copy."""
    entries = CareEntry.objects.filter(resident=resident).select_related("building").order_by("pk")
    cared: list[dict[str, Any]] = [
        {
            "kind": "care",
            "home": f"{entry.building.full_name}{entry.room}",
            "name": entry.name,
            "reasons": [str(label) for label in care.reason_words(entry)],
            "note": entry.note,
            "on_the_list": entry.active,
            "visits": [v.at.isoformat() for v in entry.visits.order_by("at")],
        }
        for entry in entries
    ]
    words = RelayedWord.objects.filter(resident=resident).select_related("building").order_by("pk")
    return cared + [
        {
            "kind": "words",
            "home": f"{word.building.full_name}{word.room}",
            "at": word.at.isoformat(),
            "words": word.words,
            "answer": word.answer,
        }
        for word in words
    ]

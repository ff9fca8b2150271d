"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring."""

from typing import Any

from chenyue.followup.models import Attempt, Callback, Rating
from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident


def on_erased(event: ResidentErased) -> None:
    """Nobody calls any more; grades stay in the figures, and words about them lose what names the person."""
    mine = Callback.objects.filter(appeal__reporter=event.resident)
    mine.update(next_try_at=None)
    said: list[Rating | Attempt] = [*Rating.objects.filter(callback__in=mine)]
    said += Attempt.objects.filter(callback__in=mine)
    for row in said:
        row.words = masking.forget_person(row.words, event.name)
        row.save(update_fields=["words"])


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """When a resident was asked about an answer, and what they said, for their copy (PIPL 45)."""
    asked = Callback.objects.filter(appeal__reporter=resident).select_related("appeal", "rating").order_by("pk")
    return [
        {"appeal": row.appeal.number, "asked": row.created_at.isoformat(), "state": row.state, **_said(row)}
        for row in asked
    ]


def _said(row: Callback) -> dict[str, Any]:
    rating = getattr(row, "rating", None)
    if rating is None:
        return {}
    return {"grade": rating.grade, "solved": rating.solved, "reasons": rating.reasons, "words": rating.words}

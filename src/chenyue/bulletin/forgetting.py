"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring.

What was published under a name they agreed to stays published until they ask to take it back; the tie to their record
goes, and what was handed in but never taken goes whole.
"""

from typing import Any

from chenyue.bulletin.lifecycle import PieceState
from chenyue.bulletin.models import Piece
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident


def on_erased(event: ResidentErased) -> None:
    """Cut the tie; words and names of what never appeared are blanked."""
    rows = Piece.objects.filter(sender=event.resident)
    rows.exclude(state__in=(PieceState.PUBLISHED, PieceState.RETRACTED, PieceState.SCHEDULED)).update(
        title="—", lead="", text="", author="", correspondent="", source="", state=PieceState.REFUSED, checks=[]
    )
    rows.update(sender=None, code="")


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """What this person handed in."""
    rows = Piece.objects.filter(sender=resident).order_by("pk")
    return [
        {
            "number": row.number,
            "title": row.title,
            "text": row.text,
            "author": row.author,
            "state": row.state,
            "at": row.made_at.isoformat(),
        }
        for row in rows
    ]

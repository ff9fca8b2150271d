"""Telephone numbers at doors: masked, until whoever looks after the building says why they need one. Kept as a look."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import office, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.events import emit
from chenyue.people import masking
from chenyue.people import queries as people
from chenyue.people.events import ContactRevealed
from chenyue.people.models import Look, Member
from chenyue.people.residents import REASON_LENGTH


@dataclass(frozen=True)
class Contact:
    """What the screen shows."""

    phone: str
    masked: bool


def contact(row: Any, member: Member, at: datetime) -> Contact:
    """The number of a row (`phone`, `resident`, `subject`): masked, unless this member has just asked."""
    shown = bool(row.phone and row.resident_id) and bool(
        people.unmasked(member, [row.resident_id], row.subject, at)
    )  # fmt: skip
    return Contact(row.phone if shown else masking.mask_phone(row.phone), not shown)


def reveal(row: Any, *, reason: str, by: Actor, at: datetime) -> None:
    """Show the number of a row that the caller may see. Kept as a look and on the timeline of the row.

    Raises Refusal at `reason`: without one, or when there is no number or the person's data is locked.
    """
    reason = text.clean(reason)
    if len(reason) < 2 or len(reason) > REASON_LENGTH:
        raise Refusal(_("Say why you need to see this, in 200 characters or less."), field="reason", code="no_reason")
    who = row.resident
    if who is None or not row.phone or who.erased_at or who.locked_at:
        raise Refusal(_("There is no number to be shown."), field="reason", code="no_number")
    with transaction.atomic():
        until = at + timedelta(minutes=office.get("look_minutes"))
        Look.objects.create(member=by.user, resident=who, reason=reason, subject=row.subject, at=at, until=until)
        emit(ContactRevealed(who, row.subject, masking.mask_words(reason), by, at))

"""The care list: homes that are looked after closely. Telephone numbers only by a look that is recorded."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.people.models import Member
from chenyue.people.residents import register_resident
from chenyue.stewards import numbers, reach
from chenyue.stewards.lifecycle import CareReason
from chenyue.stewards.models import CareEntry
from chenyue.timeline import actions as timeline

EVERY = range(1, 366)  # days between two visits
_BIRTHDAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Facts:
    """What is written about a home."""

    room: str
    name: str = ""
    phone: str | None = None  # None: as it is; empty: taken out
    reasons: Collection[str] = ()
    heat: bool = True
    cold: bool = True
    birthday: str = ""
    note: str = ""
    every_days: int = 30
    next_on: date | None = None


def list_of(building_ids: Collection[int]) -> QuerySet[CareEntry]:
    """The homes of these buildings that are looked after, by building and home."""
    return CareEntry.objects.filter(building_id__in=building_ids, active=True).order_by("building_id", "room")


def entry_for(member: Member, pk: int, *, lock: bool = False) -> CareEntry:
    """An entry, if the member looks after its building. Raises NotFound otherwise."""
    rows = CareEntry.objects.select_for_update(of=("self",)) if lock else CareEntry.objects.select_related("resident")
    entry = rows.filter(pk=pk).first()
    if entry is None or not reach.serves(member, entry.building_id):
        raise NotFound
    return entry


def save(*, entry: CareEntry | None, building_id: int, facts: Facts, by: Actor, at: datetime) -> CareEntry:
    """Add a home to the list, or change what is written. One entry a home.

    Raises NotFound for a building that isn't theirs; Refusal at `room`, `reasons`, `birthday`, `every_days`,
    `phone`; Conflict if the home is on the list already.
    """
    reach.require(by.user, building_id)
    facts_ok(facts)
    room = reach.room_of(facts.room)
    with transaction.atomic():
        row = CareEntry(building_id=building_id, made_at=at, made_by=by.user) if entry is None else None
        if row is None:
            row = entry_for(by.user, entry.pk, lock=True)  # type: ignore[union-attr]
            if not row.active:
                raise Conflict
        _free(building_id, room, row.pk)
        _write(row, facts, room, by, at)
        verb = "care.added" if entry is None else "care.changed"
        timeline.record(subject=row.subject, verb=verb, by=by, at=at, data={"building": row.building_id})
    return row


@contextmanager
def _alone() -> Iterator[None]:
    """Two who put the same home on the list at the same moment: the second is told so."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise _twice() from error


def _twice() -> Refusal:
    return Refusal(_("This home is on the list already. Open it there."), field="room", code="twice")


def _free(building_id: int, room: str, own: int | None) -> None:
    held = CareEntry.objects.filter(building_id=building_id, room=room, active=True).values_list("pk", flat=True)
    if set(held) - {own}:
        raise _twice()


def facts_ok(facts: Facts) -> None:
    """Raise Refusal at what can't be so."""
    if not facts.reasons or not set(facts.reasons) <= set(CareReason.values):
        raise Refusal(_("Say why this home is looked after."), field="reasons", code="no_reason")
    if facts.birthday and not _BIRTHDAY.fullmatch(facts.birthday):
        raise Refusal(_("Write month and day, such as 09-03."), field="birthday", code="birthday")
    if facts.every_days not in EVERY:
        raise Refusal(_("Between 1 and 365 days."), field="every_days", code="every")


def _write(row: CareEntry, facts: Facts, room: str, by: Actor, at: datetime) -> None:
    row.room = room
    row.name, row.note = text.clean(facts.name)[:40], text.clean(facts.note)[:400]
    row.reasons = [value for value in CareReason.values if value in facts.reasons]
    row.heat, row.cold, row.birthday = facts.heat, facts.cold, facts.birthday
    row.every_days = facts.every_days
    row.next_on = facts.next_on or row.next_on or localtime(at).date()
    if facts.phone is not None:
        # A number is found again by its owner's name when they ask what is kept about them.
        row.resident = register_resident(name=row.name, phone=facts.phone, by=by, at=at) if facts.phone else None
        row.phone = row.resident.phone if row.resident else ""
    with _alone():
        row.save()


def stop(*, entry: CareEntry, by: Actor, at: datetime) -> CareEntry:
    """Take a home off the list; `back` undoes it. Stopping twice changes nothing."""
    return _switch(entry, False, "care.stopped", by, at)


def back(*, entry: CareEntry, by: Actor, at: datetime) -> CareEntry:
    """Put a home back on the list. Raises Refusal if it was added anew meanwhile."""
    return _switch(entry, True, "care.back", by, at)


def _switch(entry: CareEntry, active: bool, verb: str, by: Actor, at: datetime) -> CareEntry:
    with transaction.atomic():
        row = entry_for(by.user, entry.pk, lock=True)
        if row.active != active:
            if active:
                _free(row.building_id, row.room, row.pk)
            row.active = active
            with _alone():
                row.save(update_fields=["active"])
            timeline.record(subject=row.subject, verb=verb, by=by, at=at, data={"building": row.building_id})
    return row


def reveal(*, entry: CareEntry, reason: str, by: Actor, at: datetime) -> CareEntry:
    """Show the telephone number to the steward of the building, who says why; see `numbers.reveal`.

    Raises NotFound elsewhere; Refusal at `reason`, or when the person's data is locked or gone.
    """
    row = entry_for(by.user, entry.pk)
    numbers.reveal(row, reason=reason, by=by, at=at)
    return row


def reason_words(entry: Any) -> list[Any]:
    """The reasons as people read them."""
    return [CareReason(value).label for value in entry.reasons if value in CareReason.values]

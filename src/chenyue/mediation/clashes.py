"""Who or which room is taken at the time of a meeting. Warnings: the mediator decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chenyue.core import text
from chenyue.core.errors import Sentence
from chenyue.mediation.lifecycle import MeetingState
from chenyue.mediation.models import Attendance, Meeting, Party
from chenyue.workdays.queries import calendar

USUAL = timedelta(hours=2)  # of a meeting without an end


@dataclass(frozen=True)
class Asked:
    """What a meeting needs at its time: a room, mediators (their ids), parties (their ids)."""

    starts_at: datetime
    ends_at: datetime | None
    room: str
    place_id: int | None
    mediators: frozenset[int]
    parties: frozenset[int]

    @property
    def until(self) -> datetime:
        """Its end, or when one without an end is usually over."""
        return self.ends_at or self.starts_at + USUAL


def warnings(asked: Asked, *, but: int | None = None) -> list[Sentence]:
    """What speaks against this time, in sentences. They name no other mediation: it may not be for the reader's eyes.

    Four statements at most. `but`: the meeting itself, when it's moved.
    """
    found: list[Sentence] = []
    day = calendar().local(asked.starts_at).date()
    if not calendar().is_workday(day):
        found.append(_("%(day)s is a day of rest.") % {"day": day.isoformat()})
    rows = [row for row in _overlapping(asked) if row.pk != but]
    rooms = [row for row in rows if _same_room(row, asked)]
    found += [_("The room is taken from %(from)s to %(to)s.") % _span(row) for row in rooms]
    attending = Attendance.objects.filter(meeting__in=[row.pk for row in rows])
    by_pk = {row.pk: row for row in rows}
    busy = attending.filter(appointment__mediator__in=asked.mediators).select_related("appointment__mediator")
    for one in busy.order_by("pk"):
        said = _span(by_pk[one.meeting_id]) | {"name": one.appointment.mediator.name if one.appointment else ""}
        found.append(_("%(name)s has another meeting from %(from)s to %(to)s.") % said)
    for order, row in _busy_parties(asked, by_pk):
        said = _span(row) | {"n": str(order)}
        found.append(_("Party %(n)s is asked to another meeting from %(from)s to %(to)s.") % said)
    return found


def _overlapping(asked: Asked) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(state=MeetingState.PLANNED, starts_at__lt=asked.until).order_by("starts_at", "pk")
    late = rows.filter(ends_at__gt=asked.starts_at)
    return late | rows.filter(ends_at=None, starts_at__gt=asked.starts_at - USUAL)


def _same_room(row: Meeting, asked: Asked) -> bool:
    return row.place_id == asked.place_id and text.fold(row.room) == text.fold(asked.room)


def _span(row: Meeting) -> dict[str, str]:
    first, last = calendar().local(row.starts_at), calendar().local(row.ends_at or row.starts_at + USUAL)
    return {"from": f"{first:%H:%M}", "to": f"{last:%H:%M}"}


def _busy_parties(asked: Asked, rows: dict[int, Meeting]) -> list[tuple[int, Meeting]]:
    """The same person may be a party elsewhere: known by the resident or by the number on the identity card."""
    if not rows or not asked.parties:
        return []
    own = {p.pk: p for p in Party.objects.filter(pk__in=asked.parties)}
    others = Attendance.objects.filter(meeting__in=list(rows)).exclude(party=None).select_related("party")
    found = []
    for one in others.order_by("pk"):
        for party in own.values():
            if one.party is not None and _same_person(party, one.party):
                found.append((party.order, rows[one.meeting_id]))
    return found


def _same_person(one: Party, other: Party) -> bool:
    if one.pk == other.pk:
        return True
    same_resident = one.resident_id is not None and one.resident_id == other.resident_id
    return same_resident or bool(one.id_index and one.id_index == other.id_index)

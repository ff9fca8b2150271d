"""Calendar feeds: who receives at a venue, and a member's own turns."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from chenyue.core import ics
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import Shift, Sitting, Venue
from chenyue.reception.queries import Receiving

MOST = ics.MOST
PART = "reception"


def of_venue(venue: Venue, rows: Iterable[Receiving], at: datetime) -> bytes:
    """Published sittings of a venue, with who receives."""
    events = []
    for row in rows:
        summary = _("Reception: %(venue)s") % {"venue": venue.name}
        names = "、".join(row.names)
        words = _("On duty: %(names)s") % {"names": names} if names else ""
        events.append(_entry(row.sitting, f"sitting-{row.sitting.pk}", summary, words))
    return ics.write(venue.name, PART, events, at)


def of_person(name: str, shifts: Iterable[Shift], at: datetime) -> bytes:
    """A member's own turns; a sitting that isn't held stays as cancelled, so that calendars take it out."""
    events = []
    for shift in shifts:
        venue = shift.sitting.venue
        said = _("Lead the reception: %(venue)s") if shift.lead else _("Receive: %(venue)s")
        others = [s.person.member.name for s in shift.sitting.shifts.all() if s.person_id != shift.person_id]
        words = _("With %(names)s") % {"names": "、".join(others)} if others else ""
        events.append(_entry(shift.sitting, f"shift-{shift.pk}", said % {"venue": venue.name}, words))
    return ics.write(_("Turns of %(name)s") % {"name": name}, PART, events, at)


def _entry(sitting: Sitting, uid: str, summary: str, words: str) -> ics.Entry:
    return ics.Entry(
        uid=uid, starts=sitting.starts_at, ends=sitting.ends_at, summary=summary, words=words,
        place=sitting.venue.address or sitting.venue.name, sequence=sitting.epoch,
        cancelled=sitting.state == SittingState.CANCELLED,
    )  # fmt: skip

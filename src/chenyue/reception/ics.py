"""Calendar feeds: who receives at a venue, and a member's own turns."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import Shift, Sitting, Venue
from chenyue.reception.queries import Receiving

if TYPE_CHECKING:
    from icalendar import Event

MOST = 1500  # events in one feed


def of_venue(venue: Venue, rows: Iterable[Receiving], at: datetime) -> bytes:
    """Published sittings of a venue, with who receives."""
    events = []
    for row in rows:
        summary = _("Reception: %(venue)s") % {"venue": venue.name}
        names = "、".join(row.names)
        words = _("On duty: %(names)s") % {"names": names} if names else ""
        events.append(_event(row.sitting, f"sitting-{row.sitting.pk}", summary, words, at))
    return _calendar(venue.name, events)


def of_person(name: str, shifts: Iterable[Shift], at: datetime) -> bytes:
    """A member's own turns; a sitting that isn't held stays as cancelled, so that calendars take it out."""
    events = []
    for shift in shifts:
        venue = shift.sitting.venue
        said = _("Lead the reception: %(venue)s") if shift.lead else _("Receive: %(venue)s")
        others = [s.person.member.name for s in shift.sitting.shifts.all() if s.person_id != shift.person_id]
        words = _("With %(names)s") % {"names": "、".join(others)} if others else ""
        events.append(_event(shift.sitting, f"shift-{shift.pk}", said % {"venue": venue.name}, words, at))
    return _calendar(_("Turns of %(name)s") % {"name": name}, events)


def _event(sitting: Sitting, uid: str, summary: str, words: str, at: datetime) -> "Event":
    from icalendar import Event  # half a second that the start of the server needn't take

    event = Event()
    event.add("uid", f"{uid}@chenyue")
    event.add("dtstamp", at)
    event.add("dtstart", sitting.starts_at)
    event.add("dtend", sitting.ends_at)
    event.add("summary", summary)
    event.add("location", sitting.venue.address or sitting.venue.name)
    event.add("sequence", sitting.epoch)
    if words:
        event.add("description", words)
    event.add("status", "CANCELLED" if sitting.state == SittingState.CANCELLED else "CONFIRMED")
    return event


def _calendar(name: str, events: "list[Event]") -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Chenyue//reception//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("x-published-ttl", "PT1H")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())

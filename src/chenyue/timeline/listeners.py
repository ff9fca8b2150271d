"""What packages below tell the timeline; registered in wiring."""

from chenyue.core.office import SettingsChanged
from chenyue.people.events import ContactRevealed, PeopleChanged
from chenyue.places.events import PlaceChanged, PlacesImported
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo
from chenyue.workdays.events import CalendarChanged


def note_change(event: PeopleChanged) -> None:
    """A change among people is an entry."""
    record(subject=event.subject, verb=event.verb, by=event.by, at=event.at, data=event.data)


def note_look(event: ContactRevealed) -> None:
    """Looking at contact data is an entry on what it was looked at for."""
    record(
        subject=event.subject,
        verb="people.contact_revealed",
        by=event.by,
        at=event.at,
        data={"resident": event.resident.pk, "words": event.reason},
        visible_to=VisibleTo.OFFICE,
    )


def note_place(event: PlaceChanged) -> None:
    """A change of a place is an entry on the place."""
    subject = f"place:{event.place_id}"
    record(subject=subject, verb=f"places.{event.change}", by=event.by, at=event.at, data=event.data)


def note_places(event: PlacesImported) -> None:
    """A table of places is one entry, however many it has."""
    data = {"file": event.filename, "rows": event.rows, "created": event.created, "updated": event.updated}
    record(subject="places", verb="places.imported", by=event.by, at=event.at, data=data)


def note_calendar(event: CalendarChanged) -> None:
    """A change of the working calendar is an entry: promises made from then on follow it."""
    record(subject="calendar", verb=f"workdays.{event.what}", by=event.by, at=event.at, data=event.data)


def note_settings(event: SettingsChanged) -> None:
    """A change of the office's settings is an entry: who changed what, from what, to what."""
    record(subject="office", verb="office.changed", by=event.by, at=event.at, data={"changes": event.changes})

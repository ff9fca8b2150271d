"""What packages below tell the timeline; registered in wiring."""

from chenyue.people.events import ContactRevealed, PeopleChanged
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo


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
        data={"resident": event.resident.pk, "reason": event.reason},
        visible_to=VisibleTo.OFFICE,
    )

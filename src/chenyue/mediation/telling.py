"""Who is told of meetings: mediators on their desks, parties by the address that they gave. Never what it's about."""

import json
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import office
from chenyue.mediation import notices
from chenyue.mediation.models import Attendance, Meeting, Party
from chenyue.notify import texts
from chenyue.notify.actions import Letter, Person, send_many

TEMPLATE = "mediation-meeting"
for _row in json.loads((Path(__file__).parent / "data" / "letters_talks.json").read_text(encoding="utf-8")):
    texts.register(**_row)


def tell_parties(meeting: Meeting, at: datetime) -> int:
    """A letter or short message to each party who is asked and can be reached; how many.

    It says when, where and whom to telephone; nothing of the matter or the other side. The printed notice stays what
    counts.
    """
    asked = meeting.attendances.exclude(party=None).select_related("party__resident").order_by("pk")
    letters = [_letter(meeting, row) for row in asked]
    found = [letter for letter in letters if letter is not None]
    if found:
        send_many(found, about=f"mediation:{meeting.mediation.number}", at=at)
    return len(found)


def _letter(meeting: Meeting, row: Attendance) -> Letter | None:
    party = row.party
    if party is None or party.phone_only or party.died_on:
        return None
    person = _reached(party)
    if not person.email and not person.phone:
        return None
    filled = {
        "when": f"{timezone.localtime(meeting.starts_at):%Y-%m-%d %H:%M}",
        "where": meeting.room,
        "committee": meeting.mediation.committee.name,
        "phone": meeting.mediation.committee.phone or office.get("phone"),
    }
    return Letter(TEMPLATE, person, filled, f"{TEMPLATE}:{meeting.pk}:{meeting.version}:{party.pk}")


def _reached(party: Party) -> Person:
    email = party.resident.email if party.resident else ""
    return Person(email=email, phone=party.phone)


def tell_mediators(meeting: Meeting, what: str, at: datetime, but: str = "") -> None:
    """A line on the desks of this mediation's mediators, never of who did it: planned, moved, cancelled."""
    said = {
        "planned": _("A meeting is planned for %(when)s: %(number)s, %(title)s."),
        "moved": _("A meeting is moved to %(when)s: %(number)s, %(title)s."),
        "cancelled": _("The meeting of %(when)s is cancelled: %(number)s, %(title)s."),
    }[what]
    mediation = meeting.mediation
    when = f"{timezone.localtime(meeting.starts_at):%Y-%m-%d %H:%M}"
    text = said % {"when": when, "number": mediation.number, "title": mediation.title}
    who = [pk for pk in notices.mediating(mediation) if str(pk) != but]
    key = f"meeting:{meeting.number}:{what}:{meeting.version}"
    notices.tell(mediation, who, text, key, at, page="mediation:meetings")

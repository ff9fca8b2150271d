"""What visitors are told by letter or short message: booked, a place after waiting, not held, not heard.

Put into the outbox in the act's own transaction. A letter never says what somebody comes about.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import office, site
from chenyue.notify import channels, texts
from chenyue.notify.actions import Letter, Person, send_many
from chenyue.reception.models import Sitting, Ticket, WaitEntry
from chenyue.reception.rostering.notices import when

SMS = "sms"
for _name in ("letters.json", "letters_sms.json"):
    for _row in json.loads((Path(__file__).parent / "data" / _name).read_text(encoding="utf-8")):
        texts.register(**_row)


def booked(ticket: Ticket, at: datetime) -> None:
    """The place is booked: number, time, place, link."""
    _send("reception-booked", ticket, at)


def placed(entry: WaitEntry, ticket: Ticket, at: datetime) -> None:
    """A place became free and is theirs."""
    _send("reception-placed", ticket, at)


def no_place(entry: WaitEntry, at: datetime) -> None:
    """No place became free, or the sitting isn't held."""
    if person := _reached(entry):
        filled = _blanks(entry.sitting, "", reverse("reception:sittings"))
        letter = Letter("reception-no-place", person, filled, f"reception-no-place:{entry.pk}")
        send_many([letter], about=entry.subject, at=at)


def not_heard(sitting: Sitting, tickets: Iterable[Ticket], at: datetime) -> None:
    """A sitting was called off, or ended before these were heard: where their place is now, and why.

    `tickets` are those of that sitting. One statement, and one for the letters.
    """
    reached = {ticket.pk: _reached(ticket) for ticket in tickets}
    told = [ticket for ticket in tickets if reached[ticket.pk]]
    if not told:
        return
    rows = Ticket.objects.filter(carried_from__in=told).select_related("sitting__venue")
    after = {ticket.carried_from_id: ticket for ticket in rows}
    found = [_not_heard(sitting, ticket, reached[ticket.pk] or Person(), after.get(ticket.pk)) for ticket in told]
    send_many(found, about=sitting.subject, at=at, urgent=True)


def _not_heard(sitting: Sitting, ticket: Ticket, person: Person, after: Ticket | None) -> Letter:
    why = _("It was called off: %(reason)s") % {"reason": sitting.reason} if sitting.reason else _("It ended first.")
    if after is not None:
        place = _("You have a first place on %(when)s at %(venue)s, number %(label)s.") % {
            "when": when(after.sitting),
            "venue": after.sitting.venue.name,
            "label": after.label,
        }
    else:
        place = _("As soon as the next sitting is planned, a first place there is yours; your link will show it.")
    filled = _blanks(sitting, ticket.label, _page(after or ticket)) | {"reason": why, "place": place}
    return Letter("reception-not-heard", person, filled, f"reception-not-heard:{ticket.pk}")


def _send(code: str, ticket: Ticket, at: datetime) -> None:
    person = _reached(ticket)
    if person is None:
        return
    filled = _blanks(ticket.sitting, ticket.label, _page(ticket))
    filled["time"] = f"{timezone.localtime(ticket.booked_for):%H:%M}" if ticket.booked_for else ""
    letter = Letter(code, person, filled, f"{code}:{ticket.pk}")
    send_many([letter], about=ticket.subject, at=at)


def _reached(row: Ticket | WaitEntry) -> Person | None:
    """Where this visitor is told of changes: whoever gave a number agreed to be contacted about this visit."""
    who = row.resident if row.resident_id and channels.is_on(SMS) else None
    phone = who.phone if who is not None and not (who.erased_at or who.locked_at) else ""
    return Person(email=row.email, phone=phone) if row.email or phone else None


def _page(ticket: Ticket) -> str:
    return reverse("reception:ticket", args=[ticket.token])


def _blanks(sitting: Sitting, label: str, path: str) -> dict[str, Any]:
    return {
        "office": office.get("short_name"),
        "number": label,
        "venue": sitting.venue.name,
        "where": sitting.venue.address or sitting.venue.name,
        "when": when(sitting),
        "link": site.base() + path if site.base() else "",
        "phone": office.get("phone"),
    }

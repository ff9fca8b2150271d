"""What visitors are told by letter, if they gave an address: booked, a place after waiting, not held, not heard.

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
from chenyue.notify import texts
from chenyue.notify.actions import Address, Letter, send_many
from chenyue.notify.models import Channel
from chenyue.reception.models import Sitting, Ticket, WaitEntry
from chenyue.reception.rostering.notices import when

for _row in json.loads((Path(__file__).parent / "data" / "letters.json").read_text(encoding="utf-8")):
    texts.register(**_row)


def booked(ticket: Ticket, at: datetime) -> None:
    """The place is booked: number, time, place, link."""
    _send("reception-booked", ticket, at)


def placed(entry: WaitEntry, ticket: Ticket, at: datetime) -> None:
    """A place became free and is theirs."""
    _send("reception-placed", ticket, at)


def no_place(entry: WaitEntry, at: datetime) -> None:
    """No place became free, or the sitting isn't held."""
    if entry.email:
        filled = _blanks(entry.sitting, "", reverse("reception:sittings"))
        letter = Letter("reception-no-place", _to(entry.email), filled, f"reception-no-place:{entry.pk}")
        send_many([letter], about=entry.subject, at=at)


def not_heard(sitting: Sitting, tickets: Iterable[Ticket], at: datetime) -> None:
    """A sitting was called off, or ended before these were heard: where their place is now, and why.

    `tickets` are those of that sitting. One statement, and one for the letters.
    """
    told = [ticket for ticket in tickets if ticket.email]
    if not told:
        return
    rows = Ticket.objects.filter(carried_from__in=told).select_related("sitting__venue")
    after = {ticket.carried_from_id: ticket for ticket in rows}
    found = [_not_heard(sitting, ticket, after.get(ticket.pk)) for ticket in told]
    send_many(found, about=sitting.subject, at=at, urgent=True)


def _not_heard(sitting: Sitting, ticket: Ticket, after: Ticket | None) -> Letter:
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
    return Letter("reception-not-heard", _to(ticket.email), filled, f"reception-not-heard:{ticket.pk}")


def _send(code: str, ticket: Ticket, at: datetime) -> None:
    if not ticket.email:
        return
    filled = _blanks(ticket.sitting, ticket.label, _page(ticket))
    filled["time"] = f"{timezone.localtime(ticket.booked_for):%H:%M}" if ticket.booked_for else ""
    letter = Letter(code, _to(ticket.email), filled, f"{code}:{ticket.pk}")
    send_many([letter], about=ticket.subject, at=at)


def _to(email: str) -> Address:
    return Address(Channel.EMAIL, email)


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

"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring."""

from typing import Any

from django.db.models import Q

from chenyue.notify import actions as notify
from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident
from chenyue.reception.models import Party, Ticket, Visit, WaitEntry


def on_erased(event: ResidentErased) -> None:
    """Names and addresses given with tickets go; on the sheets the person is masked. That somebody came stays."""
    tickets = list(Ticket.objects.filter(resident=event.resident))
    entries = list(WaitEntry.objects.filter(resident=event.resident))
    given: list[Ticket | WaitEntry] = [*tickets, *entries]
    addresses = {address for address in (event.phone, *(row.email for row in given)) if address}
    subjects = {row.subject for row in given}
    for row in given:
        row.called_as = row.email = ""
        row.save(update_fields=["called_as", "email"])
    for visit in Visit.objects.filter(Q(resident=event.resident) | Q(ticket__in=tickets)):
        visit.said = masking.forget_person(visit.said, event.name)
        visit.settled = masking.forget_person(visit.settled, event.name)
        visit.save(update_fields=["said", "settled"])
        for party in Party.objects.filter(visit=visit):
            if event.name and party.name == event.name:
                party.name = party.phone = ""
                party.save(update_fields=["name", "phone"])
    if addresses:
        notify.forget(addresses, sorted(subjects))


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """When and where a resident took a ticket, and what became of it, for their copy (PIPL 45)."""
    rows = Ticket.objects.filter(resident=resident).select_related("sitting__venue").order_by("pk")
    return [
        {
            "number": row.label,
            "venue": row.sitting.venue.name,
            "when": row.sitting.starts_at.isoformat(),
            "called_as": row.called_as,
            "state": row.state,
        }
        for row in rows
    ]

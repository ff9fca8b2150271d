"""Contact data of parties and representatives: shown only by a look with its reason, which is written down.

Parties need no row among the residents, so a look of theirs is an entry on the mediation's timeline; it holds for
the minutes that any look holds (`look_minutes`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import office
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.mediation import acts, seeing
from chenyue.mediation.models import Mediation, Party, Representative
from chenyue.people import masking
from chenyue.people.models import Look, Member
from chenyue.people.rules import may as holds
from chenyue.timeline.models import Entry, VisibleTo

LOOKED = "mediation.looked"
Person = Party | Representative


def _key(person: Person) -> str:
    return f"{'party' if isinstance(person, Party) else 'representative'}:{person.pk}"


def look(*, person: Person, reason: str, by: Actor, at: datetime) -> None:
    """Record that a member who handles the mediation looks at somebody's numbers, and why. Raises Refusal at `reason`.

    Of a party who is a resident it is a look at the resident as well: they see it in their copy.
    """
    why = acts.words(reason, "reason", most=200)
    if len(why) < 2:
        raise Refusal(_("Say why you need to see this."), field="reason", code="no_reason")
    with acts.locked(person.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        if by.user is None or not holds(by.user, "contact.see", sensitivity=row.case.sensitivity):
            raise NotAllowed
        resident = person.resident if isinstance(person, Party) else None
        if isinstance(person, Party) and (
            person.erased_at or (resident and (resident.erased_at or resident.locked_at))
        ):
            raise Refusal(_("This person's data has been deleted or locked."), code="locked")
        data = {"who": _key(person), "reason": masking.mask_words(why)}
        acts.record(row, "looked", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
        if resident is not None:
            until = at + timedelta(minutes=office.get("look_minutes"))
            Look.objects.create(member=by.user, resident=resident, reason=why, subject=row.subject, at=at, until=until)


def looked_at(member: Member, mediation: Mediation, at: datetime) -> set[str]:
    """Whose numbers this member sees now: `party:3`, `representative:2`. One statement."""
    since = at - timedelta(minutes=office.get("look_minutes"))
    rows = Entry.objects.filter(
        subject=mediation.subject, verb=LOOKED, actor_kind="member", actor_key=str(member.pk), at__gt=since, at__lte=at
    )
    return {data.get("who", "") for data in rows.values_list("data", flat=True)}


def shown(person: Person, seen: set[str]) -> Mapping[str, Any]:
    """Telephone, number, address and account for the page: masked unless a look is on record."""
    names = [name for name in ("phone", "id_number", "address", "account") if hasattr(person, name)]
    if _key(person) in seen:
        return {name: getattr(person, name) for name in names} | {"open": True}
    return {
        "phone": masking.mask_phone(person.phone),
        "id_number": masking.mask_id(person.id_number),
        "address": "***" if getattr(person, "address", "") else "",
        "account": masking.mask_id(account) if (account := getattr(person, "account", "")) else "",
        "open": False,
    }

"""Words for a steward, left by the code on a door: neither side learns the other's telephone number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chenyue.core import ids, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.notify.actions import notice
from chenyue.people import personal
from chenyue.people.models import Resident
from chenyue.people.queries import members_with
from chenyue.people.residents import consent_text, give_consent, register_resident
from chenyue.places.models import Kind, Place
from chenyue.stewards import queries, reach
from chenyue.stewards.lifecycle import RelayState
from chenyue.stewards.models import RelayedWord
from chenyue.timeline import actions as timeline

_FOR_YOU = _("Words were left for you at %(building)s")
_PASS_ON = _("Words were left for the steward of %(building)s, who doesn't sign in: please pass them on")
LONGEST = 1000  # characters
NAME = 40


@dataclass(frozen=True)
class AtDoor:
    """Who answers at a door, by a name if it may be shown; `own` are those of them who sign in."""

    building: Place
    answering: queries.Answering | None
    own: Sequence[int] = ()

    @property
    def name(self) -> str:
        return self.answering.name if self.answering else ""

    @cached_property
    def readers(self) -> list[int]:
        """Who reads what is left here: those who answer, or whoever passes words on to a steward without an account.

        No statement in the first case, up to six in the other.
        """
        if self.own or self.answering is None:
            return list(self.own)
        inside = [pk for pk in (self.building.pk, self.building.estate_id, self.building.community_id) if pk]
        found = [member.pk for pk in inside for member in members_with(reach.WORD, place_id=pk)]
        return list(dict.fromkeys(found))

    @property
    def reachable(self) -> bool:
        """Whether somebody reads what is left here."""
        return bool(self.readers)


def at_door(building_id: int, at: datetime) -> AtDoor | None:
    """Who answers at this building now; None for what is no building (any more). Two statements."""
    place = Place.objects.filter(pk=building_id, kind=Kind.BUILDING, active=True).first()
    if place is None:
        return None
    day = queries.day_of(at)
    terms = sorted(queries.open_terms(day).filter(building_id=building_id), key=lambda t: queries.ORDER[t.role])
    own = list(dict.fromkeys(t.steward.member_id for t in terms if t.steward.member_id is not None))
    if not terms:
        return AtDoor(place, None)
    who = terms[0].steward
    name = who.name if who.shows_name else ""
    return AtDoor(place, queries.Answering(who.pk, name, terms[0].role, who.member_id), own)


def leave(
    *,
    building_id: int,
    words: str,
    at: datetime,
    room: str = "",
    name: str = "",
    phone: str = "",
    consent: bool = False,
) -> RelayedWord:
    """Leave words for whoever answers at a building. Contact is kept only with consent, encrypted.

    Raises Refusal at `words`, `room`, `phone` or `consent`, and where nobody would read it.
    """
    said = text.clean(words)
    if len(said) < 2:
        raise Refusal(_("Write what the steward shall know."), field="words", code="empty")
    if len(said) > LONGEST:
        raise Refusal(_("At most 1000 characters."), field="words", code="long")
    number = personal.phone(phone)
    if number and not consent:
        raise Refusal(
            _("Tick here so that the steward may telephone you, or take the number out. The answer is read by code."),
            field="consent",
            code="consent",
        )
    door = at_door(building_id, at)
    if door is None or not door.reachable:
        raise Refusal(_("Nobody reads words for this building at the moment. Please tell the office."), code="nobody")
    by = Actor("resident")
    with transaction.atomic():
        row = RelayedWord.objects.create(
            building=door.building,
            steward_id=door.answering.steward_id if door.answering else None,
            receipt=ids.receipt_code(),
            name=text.clean(name)[:NAME] if number else "",
            phone=number,
            resident=_resident(name, number, by, at),
            room=reach.room_of(room) if room.strip() else "",
            words=said,
            at=at,
        )
        timeline.record(subject=row.subject, verb="relayed.left", by=by, at=at, data={"building": building_id})
        _tell(door, row)
    return row


def _tell(door: AtDoor, row: RelayedWord) -> None:
    """Put a line on the desks of those who read it."""
    line = (_FOR_YOU if door.own else _PASS_ON) % {"building": door.building.full_name}
    notice(door.readers, line, reverse("desk:my-buildings-word", args=[row.pk]), f"relayed:{row.pk}", row.at)


def _resident(name: str, phone: str, by: Actor, at: datetime) -> Resident | None:
    """Whoever gives a number can have it deleted again: so they are known as a resident."""
    if not phone:
        return None
    found = register_resident(name=name, phone=phone, at=at, by=by)
    if consent_text("contact"):
        give_consent(resident=found, purpose="contact", at=at)
    return found


def by_receipt(receipt: str) -> RelayedWord | None:
    """The words under a code as a person types it."""
    plain = ids.read_receipt(receipt)
    if len(plain) != ids.RECEIPT_LENGTH + 2:
        return None
    return RelayedWord.objects.filter(receipt=plain).select_related("building").first()


def state_words(row: RelayedWord) -> str:
    """How it stands with the words, for who left them: what was set aside reads like what waits."""
    if row.state == RelayState.DONE:
        return gettext("Answered")
    if row.state == RelayState.FILED:
        return gettext("The steward told the office: it is a case now.")
    return gettext("Read") if row.state == RelayState.READ else gettext("With the steward, not read yet.")

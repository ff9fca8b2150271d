"""Why a mediator should not mediate: ties to a party, found from the registers, each with its reason. Reads only.

The Act has no article on recusal; it follows from art. 15 (no favour) and 23 (parties accept their mediator). Local
rules ask for disclosure beforehand; parties who know may still agree.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from chenyue.core import carried
from chenyue.core.errors import Refusal
from chenyue.core.text import fold
from chenyue.mediation.lifecycle import PartyKind, Tie
from chenyue.mediation.models import DeclaredTie, Mediation, Mediator, Party
from chenyue.mediation.parties import current_parties
from chenyue.people import personal
from chenyue.places.models import Kind, Place


@dataclass(frozen=True)
class Found:
    """A tie between a mediator and a party (None: the matter itself), with its reason in a sentence."""

    tie: str
    party: Party | None
    words: str


def is_party(mediator: Mediator, mediation: Mediation) -> bool:
    """Whether the mediator is a party themselves: nobody is judge in their own cause."""
    return any(_same_person(mediator, party) for party in current_parties(mediation))


def _same_person(mediator: Mediator, party: Party) -> bool:
    if party.kind != PartyKind.PERSON or party.name_index != personal.name_index(mediator.name):
        return False
    phone = personal.phone_index(mediator.member.phone) if mediator.member else ""
    return not phone or not party.phone_index or phone == party.phone_index


def find(mediator: Mediator, mediation: Mediation) -> list[Found]:
    """Every tie that the registers know of, in the order of the parties."""
    parties = current_parties(mediation)
    declared = list(DeclaredTie.objects.filter(mediator=mediator).order_by("pk"))
    earlier = _earlier(mediator, mediation)
    places = _places([mediator.home_id, mediation.place_id, *(party.home_id for party in parties)])
    found: list[Found] = []
    for party in parties:
        found += _declared(declared, party)
        found += _lives(places.get(mediator.home_id or 0), places.get(party.home_id or 0), party)
        found += _works(mediator, party)
        if party.name_index in earlier:
            found.append(
                Found(
                    Tie.EARLIER,
                    party,
                    _("They were against each other in %(number)s.") % {"number": earlier[party.name_index]},
                )
            )
    return found + _owns(places.get(mediator.home_id or 0), places.get(mediation.place_id or 0), found)


def _places(ids: Iterable[int | None]) -> dict[int, Place]:
    return Place.objects.in_bulk([pk for pk in ids if pk])


def id_print(number: str) -> str:
    """What a declared tie keeps of an identity number instead of it; "" for what is none.

    Nothing stands beside it from which another installation could make it anew: its key moves with the office.
    """
    return _print("id", personal.id_number, number)


def phone_print(number: str) -> str:
    """The same of a telephone number."""
    return _print("phone", personal.phone, number)


def _print(kind: str, spelt: Callable[[str], str], number: str) -> str:
    try:
        plain = spelt(number)
    except Refusal:
        return ""
    return carried.fingerprint("ties", f"{kind}:{plain}")[:32] if plain else ""


def _declared(ties: list[DeclaredTie], party: Party) -> list[Found]:
    """Ties that the mediator declared: by number where both have one, else by name."""
    found = []
    for tie in ties:
        theirs = id_print(party.id_number), phone_print(party.phone)
        numbers = zip((tie.id_index, tie.phone_index), theirs, strict=True)
        known = [mine == other for mine, other in numbers if mine and other]
        if any(known) or (not known and tie.name_index == party.name_index):
            found.append(Found(tie.tie, party, tie.words or str(Tie(tie.tie).label)))
    return found


def _building(place: Place | None) -> int | None:
    if place is None:
        return None
    return place.pk if place.kind == Kind.BUILDING else place.building_id


def _lives(mine: Place | None, theirs: Place | None, party: Party) -> list[Found]:
    if mine is None or theirs is None:
        return []
    if mine.pk == theirs.pk and mine.kind == Kind.HOME:
        return [Found(Tie.HOUSEHOLD, party, mine.full_name)]
    if (building := _building(mine)) and building == _building(theirs):
        return [Found(Tie.BUILDING, party, _("Both live in the same building."))]
    return []


def _works(mediator: Mediator, party: Party) -> list[Found]:
    """Works for the party, or beside it."""
    employer = fold(mediator.employer).strip()
    if party.unit_id and mediator.member and mediator.member.unit_id == party.unit_id:
        return [Found(Tie.UNIT, party, _("The party is the mediator's own unit."))]
    if len(employer) < 2:
        return []
    if party.kind == PartyKind.UNIT and employer == fold(party.name).strip():
        return [Found(Tie.UNIT, party, _("The mediator works for the party."))]
    if party.kind == PartyKind.PERSON and employer in fold(f"{party.occupation} {party.address}"):
        return [Found(Tie.UNIT, party, _("Both work for %(name)s.") % {"name": mediator.employer})]
    return []


def _earlier(mediator: Mediator, mediation: Mediation) -> dict[str, str]:
    """Whom the mediator quarrelled with in other mediations: by name index the number of that mediation."""
    mine = Party.objects.filter(name_index=personal.name_index(mediator.name)).exclude(mediation=mediation.pk)
    phone = personal.phone_index(mediator.member.phone) if mediator.member else ""
    if phone:
        mine = mine.filter(Q(phone_index=phone) | Q(phone_index=""))
    sides = {row.mediation_id: row.side for row in mine.order_by("pk")}
    others = Party.objects.filter(mediation__in=sides).select_related("mediation").order_by("pk")
    return {row.name_index: row.mediation.number for row in others if row.side != sides[row.mediation_id]}


def _owns(mine: Place | None, matter: Place | None, found: list[Found]) -> list[Found]:
    """A home of their own where the matter lies, unless a party of the same building says as much already."""
    building = _building(mine)
    if building is None or building != _building(matter) or any(f.tie in (Tie.BUILDING, Tie.HOUSEHOLD) for f in found):
        return []
    return [Found(Tie.OWNER, None, _("The mediator has a home in the building that the matter is about."))]

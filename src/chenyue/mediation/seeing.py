"""Which mediations a member may see, and what they may do there. The only door to them.

`see`: the joint pages, nothing sealed. `conduct`: who is appointed to this one. `manage`: who runs mediation.
`attend`: the unit is invited; sees the title, its meetings, and what is shown to it. `seal`: what a party said
behind closed doors; appointed mediators alone, whoever leads the office.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.ids import read_receipt
from chenyue.mediation.models import Appointment, Invitation, Mediation, Party
from chenyue.people.models import Member
from chenyue.people.rules import levels
from chenyue.people.rules import may as holds
from chenyue.people.scope import scopes

SEE, CONDUCT, MANAGE, ATTEND = "mediation.see", "mediation.conduct", "mediation.manage", "mediation.attend"
WELCOME = (Invitation.State.INVITED, Invitation.State.COMES)


def has_mediations(member: Member) -> bool:
    """Whether this person has anything to do with mediation at all."""
    return any(holds(member, word) for word in (SEE, CONDUCT, MANAGE, ATTEND))


def manages(member: Member) -> bool:
    """Whether this person runs mediation: accepts, appoints, keeps the registers."""
    return holds(member, MANAGE)


@dataclass(frozen=True)
class Reach:
    """How far a member's eyes go. Two members with the same reach differ by their key alone."""

    levels: tuple[str, ...]  # how closely kept the matters are that all of them are seen of
    everything: bool
    conducts: bool
    units: tuple[int, ...]


def reach_of(member: Member) -> Reach:
    """The reach of a member, by their grants."""
    kept = {level for word in (SEE, MANAGE) for level in _reach(member, word)}
    if len(kept) == len(levels("sealed")):
        return Reach((), everything=True, conducts=False, units=())
    return Reach(tuple(sorted(kept)), False, holds(member, CONDUCT), tuple(units_of(member)))


def visible(member: Member) -> QuerySet[Mediation]:
    """Mediations that exist for this member; each once."""
    return within(reach_of(member), member.pk)


def within(reach: Reach, member: Any) -> QuerySet[Mediation]:
    """Mediations within a reach, of the member with this key; it may be the place of a key in a prepared query."""
    if reach.everything:
        return Mediation.objects.all()
    seen = Q(pk__in=[])
    if reach.levels:
        seen |= Q(case__sensitivity__in=reach.levels)
    if reach.conducts:
        seen |= Q(pk__in=_appointed(member).values("mediation_id"))
    if reach.units:
        invited = Invitation.objects.filter(unit__in=reach.units, state__in=WELCOME)
        seen |= Q(pk__in=invited.values("mediation_id"))
    return Mediation.objects.filter(seen)


def managed(member: Member) -> QuerySet[Mediation]:
    """Mediations that this member runs."""
    return within(Reach(tuple(sorted(_reach(member, MANAGE))), everything=False, conducts=False, units=()), member.pk)


def whole(member: Member, keys: Iterable[int]) -> set[int]:
    """Of these mediations, which exist for the member, those they may open whole: not only as an invited unit."""
    reach = reach_of(member)
    if not reach.units:
        return set(keys)
    rows = within(replace(reach, units=()), member.pk).filter(pk__in=list(keys))
    return set(rows.values_list("pk", flat=True))


def _reach(member: Member, word: str) -> set[str]:
    """How closely kept the matters are that an unbounded grant of this word opens."""
    whole = [scope for scope in scopes(member, word) if scope.unit_id is None and scope.place_id is None]
    return {level for scope in whole for level in levels(scope.sensitivity)}


def _appointed(member: Any) -> QuerySet[Appointment]:
    """Current appointments of the member with this key; who was recused or whose office was revoked has none."""
    return Appointment.objects.filter(mediator__member=member, mediator__revoked_on=None, until=None)


def units_of(member: Member) -> list[int]:
    """Units for which a member comes to mediations."""
    bound = {scope.unit_id for scope in scopes(member, ATTEND) if scope.unit_id is not None}
    if any(scope.unit_id is None for scope in scopes(member, ATTEND)) and member.unit_id:
        bound.add(member.unit_id)
    return sorted(bound)


def words_of(member: Member, mediation: Mediation) -> frozenset[str]:
    """Everything this member may do with this mediation: see, conduct, manage, attend, seal. Two statements at most."""
    held: set[str] = set()
    kept = mediation.case.sensitivity
    if holds(member, MANAGE, sensitivity=kept):
        held |= {"see", "manage", "attend"}
    if holds(member, SEE, sensitivity=kept):
        held |= {"see", "attend"}
    if holds(member, CONDUCT) and _appointed(member.pk).filter(mediation=mediation.pk).exists():
        held |= {"see", "conduct", "attend", "seal"}
    if "attend" not in held and (units := units_of(member)):
        invited = Invitation.objects.filter(mediation=mediation.pk, unit__in=units, state__in=WELCOME)
        held |= {"attend"} if invited.exists() else set()
    return frozenset(held)


def may(member: Member | None, mediation: Mediation, word: str) -> bool:
    """Whether a member may do this here; asked of the database anew unless `mediation_for` has just done so."""
    if member is None:
        return False
    found = getattr(mediation, "held_by", None)
    held = found[1] if found and found[0] == member.pk else words_of(member, mediation)
    return word in held


def mediation_for(member: Member, number: str, *, to: str = "see") -> Mediation:
    """A mediation by its number, with its case and committee. `to`: see, conduct, manage, attend or seal.

    Raises NotFound for who may not know of it (the same as for none), NotAllowed for who knows but may not do that.
    """
    rows = visible(member).select_related("case", "committee", "community", "place")
    row = rows.filter(number=number.strip().upper()[:20]).first()
    if row is None:
        raise NotFound
    row.held_by = (member.pk, words_of(member, row))  # type: ignore[attr-defined]
    if to not in row.held_by[1]:  # type: ignore[attr-defined]
        raise NotAllowed
    return row


def check(by: Actor, mediation: Mediation, *allowed: str) -> None:
    """Raise NotAllowed unless this actor may do one of these here. By the system, permissions aren't asked.

    Asked of the database within the act: who was recused a moment ago does nothing any more.
    """
    if by.kind == "system":
        return
    if by.kind != "member" or by.user is None or not words_of(by.user, mediation) & set(allowed):
        raise NotAllowed


def handles(member: Member | None, mediation: Mediation) -> bool:
    """Whether this member works on it: conducts or manages. They read full names; contact data only by a look."""
    return may(member, mediation, "conduct") or may(member, mediation, "manage")


def party_for_code(code: str) -> Party:
    """The party whose own page this code opens, however it is typed. Raises NotFound, the same for whatever reason.

    Views ask by `mediation.http.party_of`, which counts wrong codes.
    """
    found = Party.objects.select_related("mediation", "mediation__case", "mediation__committee")
    party = found.filter(code=read_receipt(code[:40]), erased_at=None, left_at=None).first()
    if party is None:
        raise NotFound
    return party

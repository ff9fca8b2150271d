"""What of volunteering a member may see, and what they may do there. The only door to needs, activities, volunteers.

`volunteering.see` opens all pages for reading, `.serve` what is done for residents at the window; both are words of
the whole office. `.organise` and `.certify` hold for the units of a grant: their activities, the needs given to them,
and the volunteers who signed up there.
"""

from django.db.models import Q, QuerySet

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.people.models import Member, Resident, Unit
from chenyue.people.rules import may as holds
from chenyue.people.scope import scopes
from chenyue.volunteering.lifecycle import NeedState
from chenyue.volunteering.models import Activity, Need, Volunteer

SEE, SERVE, ORGANISE, CERTIFY = (f"volunteering.{word}" for word in ("see", "serve", "organise", "certify"))
CREDITS, CONTRACTS = "volunteering.credits", "volunteering.contracts"
WORDS = (SEE, SERVE, ORGANISE, CERTIFY, CREDITS, CONTRACTS)


def _word(word: str) -> str:
    return word if "." in word else f"volunteering.{word}"


def may(member: Member | None, word: str, unit: Unit | int | None = None) -> bool:
    """Whether a member holds a word (`organise` is `volunteering.organise`): of this unit if given, else of any."""
    if member is None:
        return False
    if unit is None:
        return holds(member, _word(word))
    return holds(member, _word(word), unit_ids=[unit if isinstance(unit, int) else unit.pk])


def takes_part(member: Member) -> bool:
    """Whether volunteering is any of this member's business."""
    return any(holds(member, word) for word in WORDS)


def check(by: Actor, word: str, unit: Unit | int | None = None) -> None:
    """Raise NotAllowed unless this actor is a member who holds the word. By the system, permissions aren't asked."""
    if by.kind != "system" and not (by.kind == "member" and may(by.user, word, unit)):
        raise NotAllowed


def resident_actor(resident: Resident) -> Actor:
    """Who acts for themselves after signing in by telephone. The label is empty: entries hold no names."""
    return Actor("resident", str(resident.pk))


def check_for(by: Actor, resident: Resident | int, word: str = SERVE) -> None:
    """Raise NotAllowed unless it is the resident themselves, or a member who may do this for residents."""
    pk = resident if isinstance(resident, int) else resident.pk
    if by.kind == "resident" and by.key == str(pk):
        return
    check(by, word)


def units_of(member: Member, word: str = ORGANISE) -> list[int] | None:
    """Units in which a member holds a word; None: in all."""
    found = scopes(member, _word(word))
    if any(scope.unit_id is None for scope in found):
        return None
    return sorted({scope.unit_id for scope in found if scope.unit_id is not None})


def sees_all(member: Member) -> bool:
    """Whether all activities, needs and volunteers exist for this member, whichever unit's."""
    if holds(member, SEE) or holds(member, SERVE) or holds(member, CREDITS):
        return True
    return units_of(member, ORGANISE) is None or units_of(member, CERTIFY) is None


def _own_units(member: Member) -> list[int]:
    return sorted({*(units_of(member, ORGANISE) or []), *(units_of(member, CERTIFY) or [])})


def visible_activities(member: Member) -> QuerySet[Activity]:
    """Activities that exist for this member."""
    if sees_all(member):
        return Activity.objects.all()
    return Activity.objects.filter(unit__in=_own_units(member))


def activity_for(member: Member, number: str, to: str = "see") -> Activity:
    """An activity by its number. `to`: see, organise, certify, or serve (sign-ups for residents).

    Raises NotFound for who may not see it (the same as for none), NotAllowed for who sees but may not do that.
    """
    rows = visible_activities(member).select_related("unit", "place", "case", "manager", "recorder", "certifier")
    row = rows.filter(number=number.strip().upper()[:20]).first()
    if row is None:
        raise NotFound
    if not allowed(member, row, to):
        raise NotAllowed
    return row


def allowed(member: Member, row: Activity, to: str) -> bool:
    """Whether a member who sees this activity may do that there. Who organises it also signs people up."""
    if to == "see":
        return True
    if to == "serve":
        return holds(member, SERVE) or may(member, ORGANISE, row.unit_id)
    return may(member, _word(to), row.unit_id)


def visible_needs(member: Member) -> QuerySet[Need]:
    """Needs that exist for this member: all, or those of their units."""
    if sees_all(member):
        return Need.objects.all()
    units = _own_units(member)
    return Need.objects.filter(Q(unit__in=units) | Q(pk__in=Need.objects.filter(activities__unit__in=units)))


def need_for(member: Member, number: str, to: str = "see") -> Need:
    """A need by its number. `to`: see, serve (who takes it down, changes, withdraws), organise (verifies, declines)."""
    rows = visible_needs(member).select_related("resident", "unit", "place", "case", "asked_by", "verified_by")
    row = rows.filter(number=number.strip().upper()[:20]).first()
    if row is None:
        raise NotFound
    if not may_need(member, row, to):
        raise NotAllowed
    return row


def may_need(member: Member, row: Need, to: str) -> bool:
    """Whether a member who sees this need may do that with it."""
    organises = may(member, ORGANISE, row.unit_id) if row.unit_id else holds(member, ORGANISE, unit_ids=())
    return to == "see" or organises or (to == "serve" and holds(member, SERVE))


def visible_volunteers(member: Member) -> QuerySet[Volunteer]:
    """Volunteers that exist for this member: all, or those who signed up for activities of their units."""
    if sees_all(member):
        return Volunteer.objects.all()
    return Volunteer.objects.filter(sign_ups__activity__unit__in=_own_units(member)).distinct()


def volunteer_for(member: Member, number: str, to: str = "see") -> Volunteer:
    """A volunteer by number, with the resident. `to`: see or serve. Raises NotFound, NotAllowed."""
    number = number.strip().upper()[:20]
    found = visible_volunteers(member).filter(number=number).values("pk")
    row = Volunteer.objects.select_related("resident", "place", "made_by").filter(pk__in=found).first()
    if row is None:
        raise NotFound
    if to != "see" and not holds(member, _word(to)):
        raise NotAllowed
    return row


def waiting_needs(member: Member) -> QuerySet[Need]:
    """Needs that somebody has asked for and nobody has looked at yet."""
    return visible_needs(member).filter(state=NeedState.ASKED)

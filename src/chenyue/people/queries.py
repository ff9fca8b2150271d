"""Reading units, members, grants and residents."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from chenyue.core.prepared import prepared
from chenyue.people import personal
from chenyue.people.models import ConsentText, DataRequest, Grant, Look, Member, Resident, Role, Unit
from chenyue.people.rules import levels
from chenyue.people.scope import Scope, scopes

__all__ = ["Scope", "scopes"]


def units() -> QuerySet[Unit]:
    """Units that work can be given to, for pickers."""
    return Unit.objects.filter(active=True, placeholder=False).order_by("name")


def members() -> QuerySet[Member]:
    """Members who are active, for pickers."""
    return Member.objects.filter(is_active=True).select_related("unit").order_by("name")


def members_with(
    word: str, *, unit_id: int | None = None, place_id: int | None = None, sensitivity: str = "normal"
) -> list[Member]:
    """Active members whose grants carry `word` for a thing of this unit or place. Two statements."""
    reach = [s for s in ("normal", "private", "sealed") if sensitivity in levels(s)]
    grants = Grant.objects.filter(member__is_active=True, sensitivity__in=reach)
    if unit_id is not None:
        grants = grants.filter(Q(unit_id=None) | Q(unit_id=unit_id))
    if place_id is not None:
        grants = grants.filter(Q(place_id=None) | Q(place_id=place_id))
    ids = {member_id for member_id, words in grants.values_list("member_id", "role__permissions") if word in words}
    return list(Member.objects.filter(pk__in=ids).select_related("unit").order_by("pk"))


def unit_list() -> QuerySet[Unit]:
    """All units for the set-up page, with how many active members each has."""
    return (
        Unit.objects.select_related("community")
        .annotate(people=Count("members", filter=Q(members__is_active=True)))
        .order_by("-active", "pk")
    )


def member_list() -> QuerySet[Member]:
    """All members for the set-up page, with unit and roles."""
    return Member.objects.select_related("unit").prefetch_related("grants__role").order_by("-is_active", "name", "pk")


def role_list() -> QuerySet[Role]:
    """All roles, with how many members hold each."""
    return Role.objects.annotate(holders=Count("grants__member", distinct=True)).order_by("pk")


def find_residents(phone: str = "", name: str = "", id_number: str = "") -> list[Resident]:
    """Residents by exact telephone, ID number or (with one of these) name. One statement, by blind index."""
    phone_index = personal.phone_index(phone)
    id_index = personal.id_index(id_number)
    if not phone_index and not id_index:
        return []
    wanted = Q(phone_index=phone_index) if phone_index else Q()
    if id_index:
        wanted &= Q(id_index=id_index)
    if name:
        wanted &= Q(name_index=personal.name_index(name))
    return list(Resident.objects.filter(wanted, erased_at=None).order_by("pk")[:20])


def unmasked(member: Any, resident_ids: list[int], subject: str, at: datetime) -> set[int]:
    """Of these residents, those whose contact data the member has just asked to see for this subject."""
    if not resident_ids:
        return set()
    return set(_looked_at(member=member.pk, subject=subject, at=at)) & set(resident_ids)


@prepared
def _looked_at(*, member: Any, subject: Any, at: Any) -> QuerySet[Any]:
    rows = Look.objects.filter(member_id=member, subject=subject, at__lte=at, until__gt=at)
    return rows.values_list("resident_id", flat=True)


def request_list(limit: int = 200) -> list[DataRequest]:
    """The register of requests about personal data: open ones by their due moment, then the newest."""
    rows = DataRequest.objects.select_related("resident")
    waiting = list(rows.filter(state=DataRequest.State.OPEN).order_by("due_at")[:limit])
    ended = rows.exclude(state=DataRequest.State.OPEN).order_by("-ended_at")[: limit - len(waiting)]
    return waiting + list(ended)


def consent_texts() -> list[ConsentText]:
    """The newest version of each consent text."""
    newest: dict[str, ConsentText] = {}
    for text in ConsentText.objects.order_by("purpose", "version"):
        newest[text.purpose] = text
    return list(newest.values())

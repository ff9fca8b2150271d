"""Lists of what was said: objections, the history of a home, doubtful owners, disputes."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from chenyue.people import masking
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.people.scope import scopes
from chenyue.places.queries import gazetteer
from chenyue.works.lifecycle import ObjectionState
from chenyue.works.models import (
    Ballot,
    DoubtfulPair,
    HomeDispute,
    Objection,
    ObjectionAnswer,
    Owner,
    Ownership,
    Project,
    RegisteredHome,
    Stance,
)
from chenyue.works.site import permits

MOST = 500


def objections(project: Project, member: Member, *, state: str = "", unit: int | None = None) -> list[Objection]:
    """Objections of a project that a member may see, those that are due first. Two statements.

    `state`: a state, or "waiting" for those that wait for an answer. Each has its answers, oldest first.
    """
    rows = _objections(member, project)
    if state == "waiting":
        rows = rows.filter(state__in=(ObjectionState.OPEN, ObjectionState.KEPT))
    elif state:
        rows = rows.filter(state=state)
    if unit is not None:
        rows = rows.filter(unit=unit)
    rows = rows.select_related("home__building", "unit", "answerer", "plan", "case")
    order = {ObjectionState.OPEN: 0, ObjectionState.KEPT: 0, ObjectionState.ANSWERED: 1}
    found = list(rows.prefetch_related(_answers()).order_by("due_at", "pk")[:MOST])
    return sorted(found, key=lambda o: order.get(ObjectionState(o.state), 2))


def objection_for(project: Project, member: Member, number: str) -> Objection | None:
    """One objection with its answers, if the member may see it."""
    rows = _objections(member, project).filter(number=number.strip().upper())
    rows = rows.select_related("home__building", "unit", "answerer", "plan", "case", "stance", "taken_by")
    return rows.prefetch_related(_answers()).first()


def _answers() -> Any:
    rows = ObjectionAnswer.objects.select_related("by", "plan").order_by("at", "pk")
    return Prefetch("answers", queryset=rows)


def _objections(member: Member, project: Project) -> QuerySet[Objection]:
    """Those of homes that the member records at, and those that their units must answer."""
    rows = Objection.objects.filter(project=project)
    if may(member, permits.MANAGE):
        return rows
    seen = Q(pk__in=[])
    wide = {*(estate.pk for estate in project.estates.all()), project.community_id}
    for scope in scopes(member, permits.RECORD):
        if scope.place_id is None or scope.place_id in wide:
            return rows
        seen |= Q(home__building_id=scope.place_id)
    for scope in scopes(member, permits.ANSWER):
        if scope.unit_id is None:
            return rows
        seen |= Q(unit_id=scope.unit_id)
    return rows.filter(seen)


def history(home: RegisteredHome, project: Project) -> list[Stance]:
    """All that a home said to a project, newest first: what counted, what didn't, what came along."""
    rows = Stance.objects.filter(home=home, plan__project=project)
    return list(
        rows.select_related("plan", "taken_by", "carried_from", "changed_by__by", "scan").order_by("-at", "-pk")
    )


def said_of(home: RegisteredHome, project: Project) -> list[Objection]:
    """A home's own objections with their answers, newest first. Two statements."""
    rows = Objection.objects.filter(home=home, project=project).select_related("unit", "answerer", "plan")
    return list(rows.prefetch_related(_answers()).order_by("-pk"))


def ballots_of(home: RegisteredHome, project: Project) -> list[Ballot]:
    """A home's ballots, newest first, revoked ones too."""
    rows = Ballot.objects.filter(home=home, plan__project=project).select_related("plan", "taken_by", "scan")
    return list(rows.order_by("-at", "-pk"))


def changed_minds(project: Project) -> list[Stance]:
    """Stances that an answer changed, newest first: the answer and its objection are with them."""
    rows = Stance.objects.filter(plan__project=project, changed_by__isnull=False)
    return list(
        rows.select_related("home__building", "plan", "changed_by__objection", "changed_by__by").order_by("-at", "-pk")[
            :MOST
        ]
    )


# Owners: masked, unless somebody looks with a reason


@dataclass(frozen=True)
class OwnerShown:
    """An owner as a list shows them."""

    id: int
    kind: str
    name: str  # masked, but for firms
    phone: str  # masked
    homes: int  # that this owner has, wherever


def owners_of(homes: Collection[int], *, unmasked: bool = False) -> dict[int, list[OwnerShown]]:
    """The owners of these homes now. Two statements, whatever the number."""
    rows = list(
        Ownership.objects.filter(home__in=homes, until=None).select_related("owner__same_as").order_by("owner_id")
    )
    roots = {row.pk: row.owner.same_as or row.owner for row in rows}
    counts: dict[int, int] = defaultdict(int)
    ids = {root.pk for root in roots.values()}
    owned = Ownership.objects.filter(Q(owner__in=ids) | Q(owner__same_as__in=ids), until=None)
    for owner, same_as in owned.values_list("owner_id", "owner__same_as_id"):
        counts[same_as or owner] += 1
    shown: dict[int, list[OwnerShown]] = defaultdict(list)
    for row in rows:
        shown[row.home_id].append(_shown(roots[row.pk], counts[roots[row.pk].pk], unmasked))
    return shown


def _shown(owner: Owner, homes: int, unmasked: bool) -> OwnerShown:
    firm = owner.kind != Owner.Kind.PERSON
    name = owner.name if unmasked or firm else masking.mask_name(owner.name)
    phone = owner.phone if unmasked else masking.mask_phone(owner.phone)
    return OwnerShown(owner.pk, owner.kind, name, phone, homes)


@dataclass(frozen=True)
class Doubt:
    """Two owners who may be one: what they have in common, and where each lives."""

    pair: DoubtfulPair
    one: OwnerShown
    other: OwnerShown
    one_homes: tuple[str, ...]
    other_homes: tuple[str, ...]


def doubts(estates: Collection[int]) -> list[Doubt]:
    """Pairs of owners in these estates that nobody has decided yet. Two statements."""
    rows = DoubtfulPair.objects.filter(same=None, one__ownerships__home__estate__in=estates)
    pairs = list(rows.select_related("one", "other").distinct().order_by("pk")[:MOST])
    ids = {pk for pair in pairs for pk in (pair.one_id, pair.other_id)}
    doors: dict[int, list[str]] = defaultdict(list)
    known = gazetteer()
    for row in Ownership.objects.filter(owner__in=ids, until=None).select_related("home").order_by("home_id"):
        info = known.get(row.home.building_id)
        doors[row.owner_id].append(f"{info.full_name if info else ''}{row.home.door}")
    return [
        Doubt(
            pair,
            _shown(pair.one, len(doors[pair.one_id]), False),
            _shown(pair.other, len(doors[pair.other_id]), False),
            tuple(doors[pair.one_id]),
            tuple(doors[pair.other_id]),
        )
        for pair in pairs
    ]


def disputes(project: Project, at: datetime) -> list[HomeDispute]:
    """Homes whose co-owners disagree now."""
    rows = HomeDispute.objects.filter(home__estate__projects=project.pk, settled_at=None, opened_at__lte=at)
    return list(rows.select_related("home__building", "opened_by").order_by("-opened_at", "-pk"))

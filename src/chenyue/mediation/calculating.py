"""Calculations of a mediation: kept with all that went in, shown to the parties, replayed. Drafts, never decisions."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound
from chenyue.mediation.acts import locked, record
from chenyue.mediation.calculators import calculate, fingerprint
from chenyue.mediation.models import Calculation, Mediation
from chenyue.mediation.seeing import check
from chenyue.timeline.models import VisibleTo


def of(mediation: Mediation) -> QuerySet[Calculation]:
    """The calculations of a mediation, the latest first."""
    return mediation.calculations.filter(removed_at=None).select_related("by").order_by("-pk")


def shared(mediation: Mediation) -> QuerySet[Calculation]:
    """Those that the parties see."""
    return of(mediation).exclude(shared_at=None)


def one(mediation: Mediation, pk: int, *, for_party: bool = False) -> Calculation:
    """A calculation of this mediation. Raises NotFound."""
    found = (shared if for_party else of)(mediation).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def keep(
    *, mediation: Mediation, kind: str, title: str, given: Mapping[str, Any], by: Actor, at: datetime
) -> Calculation:
    """Calculate and keep it. Raises `outcome.Wrong` where what was given doesn't fit."""
    result = calculate(kind, given)
    with locked(mediation) as row:
        check(by, row, "conduct", "manage")
        kept = Calculation.objects.create(
            mediation=row,
            kind=kind,
            title=title[:80],
            given=json.dumps(given, ensure_ascii=False, sort_keys=True),
            result=json.dumps(result, ensure_ascii=False, sort_keys=True),
            sha256=fingerprint(given, result),
            at=at,
            by=by.user,
        )
        record(row, "calculated", by=by, at=at, data={"kind": kind})
    return kept


def share(*, calculation: Calculation, by: Actor, at: datetime) -> None:
    """Let every party see it. Raises Conflict where they do already."""
    with locked(calculation.mediation_id) as row:
        check(by, row, "conduct")
        if not Calculation.objects.filter(pk=calculation.pk, shared_at=None, removed_at=None).update(shared_at=at):
            raise Conflict
        record(row, "calculation_shared", by=by, at=at, data={"kind": calculation.kind}, visible_to=VisibleTo.RESIDENT)


def remove(*, calculation: Calculation, by: Actor, at: datetime) -> None:
    """Take it away; what the parties saw is taken from their pages too, and the timeline says so."""
    with locked(calculation.mediation_id) as row:
        check(by, row, "conduct", "manage")
        if not Calculation.objects.filter(pk=calculation.pk, removed_at=None).update(removed_at=at):
            raise Conflict
        seen = VisibleTo.RESIDENT if calculation.shared_at else VisibleTo.OFFICE
        record(row, "calculation_removed", by=by, at=at, data={"kind": calculation.kind}, visible_to=seen)


def given_of(calculation: Calculation) -> dict[str, Any]:
    """What went in."""
    return dict(json.loads(calculation.given))


def result_of(calculation: Calculation) -> dict[str, Any]:
    """What came out."""
    return dict(json.loads(calculation.result))


def replays(calculation: Calculation) -> bool:
    """Whether calculating it anew gives the same, to the cent."""
    given = given_of(calculation)
    return fingerprint(given, calculate(calculation.kind, given)) == calculation.sha256

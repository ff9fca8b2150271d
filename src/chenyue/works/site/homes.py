"""Homes as the pages of staff show them: tiles by building, one home with all it said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chenyue.core.actors import Actor
from chenyue.people.models import Unit
from chenyue.places.queries import gazetteer
from chenyue.works import plans
from chenyue.works import queries as works
from chenyue.works.models import HomeDispute, PlanPart, PlanVersion, Project, RegisteredHome
from chenyue.works.site import permits
from chenyue.works.standing import ground


@dataclass
class Building:
    """A building with its homes; `asked`: how many have spoken about this version."""

    pk: int
    name: str
    homes: list[works.Home] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return sum(bool(home.step) for home in self.homes)


def by_building(found: works.Standing, by: Actor) -> list[Building]:
    """The buildings at which this person records, with their homes."""
    known, rows = gazetteer(), dict[int, Building]()
    allowed: dict[int, bool] = {}
    for home in found.homes:
        pk = home.building_id
        if pk not in allowed:
            allowed[pk] = permits.records(by, permits.around(pk))
        if allowed[pk]:
            info = known.get(pk)
            rows.setdefault(pk, Building(pk, info.full_name if info else "")).homes.append(home)
    return list(rows.values())


def parts_for(home: RegisteredHome, plan: PlanVersion) -> list[PlanPart]:
    """What the plan changes for this home."""
    return [part for part in plan.parts.all() if plans.concerns(part, home)]


def short_of(home: RegisteredHome, project: Project, plan: PlanVersion) -> dict[str, Any]:
    """What one needs at the door: what changes here, the newest stance, objections that aren't over."""
    said = works.history(home, project)
    return {
        "parts": parts_for(home, plan),
        "newest": next((s for s in said if s.superseded_at is None and s.withdrawn_at is None), None),
        "open_objections": [o for o in works.said_of(home, project) if o.state in ("open", "kept", "answered")],
        "disputed": HomeDispute.objects.filter(home=home, settled_at=None).exists(),
    }


def page_of(home: RegisteredHome, project: Project, plan: PlanVersion | None) -> dict[str, Any]:
    """All that a home said."""
    ballots = works.ballots_of(home, project)
    return {
        "said": works.history(home, project),
        "ballots": ballots,
        "valid": next((b for b in ballots if b.revoked_at is None and plan and b.plan_id == plan.pk), None),
        "objections": works.said_of(home, project),
        "disputed": HomeDispute.objects.filter(home=home, settled_at=None).first(),
        "parts": parts_for(home, plan) if plan else [],
    }


def unit(pk: int | None) -> Unit | None:
    """A unit by its id, if one was chosen."""
    return Unit.objects.filter(pk=pk).first() if pk else None


def found(
    project: Project, plan: PlanVersion | None, by: Actor, at: datetime, wanted: Mapping[str, Any]
) -> list[works.Home]:
    """Homes of the register that this person records at, of a building, a stand or a number."""
    rows = works.standing(plan, at).homes if plan else ground(project)
    allowed = {pk: permits.records(by, permits.around(pk)) for pk in {home.building_id for home in rows}}
    known = gazetteer()
    kept = []
    for home in rows:
        if not allowed[home.building_id] or wanted.get("building") not in (None, home.building_id):
            continue
        if wanted.get("stand") and home.stand != wanted["stand"]:
            continue
        if wanted.get("q") and wanted["q"] not in home.door:
            continue
        info = known.get(home.building_id)
        home.where = info.full_name if info else ""  # type: ignore[attr-defined]
        kept.append(home)
    return kept

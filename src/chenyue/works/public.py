"""What residents read of works: everything about the project, nothing of anybody else's home.

How the homes stand is shown to a home that has said how it stands itself, as counts; names never.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from chenyue.places.models import Kind, Place
from chenyue.works import drawing, links, plans, stances
from chenyue.works import queries as works
from chenyue.works.lifecycle import ProjectState, Speaker, Step
from chenyue.works.models import (
    HomeDispute,
    Objection,
    Phase,
    PlanPart,
    PlanVersion,
    Project,
    RegisteredHome,
    Stance,
    WorksFile,
)
from chenyue.works.site import comparing, glance, permits, queries, rules

AHEAD = timedelta(days=60)
MOST_BUILDINGS = 60
ENDED = (ProjectState.CLOSED, ProjectState.STOPPED)


def open_projects() -> QuerySet[Project]:
    """Projects whose pages are open, those that go on first."""
    rows = Project.objects.filter(published_at__isnull=False).select_related("contractor").prefetch_related("estates")
    return rows.order_by("closed_at", "-pk")


def page_of(project: Project, at: datetime, building: Place | None = None) -> dict[str, Any]:
    """All that the page of a project shows to everybody; with a building, what is planned there."""
    day = timezone.localtime(at).date()
    phases = phases_at(project, building.pk if building else None)
    closed = ("done", "cancelled")
    notices = [row for row in queries.postings(project, day) if row.posted_at and not row.withdrawn_at]
    versions = comparing.with_changes(works.versions(project)[::-1])
    for row in notices:
        row.shown = [proof for proof in row.proofs if proof.public]  # type: ignore[attr-defined]
    return {
        "project": project,
        "building": building,
        "buildings": buildings_of(project),
        "closed": project.state == ProjectState.CLOSED,
        "stops": queries.stops_ahead(phases, day),
        "coming": [p for p in phases if p.state not in closed and p.ends_on >= day and p.starts_on <= day + AHEAD],
        "notices": notices,
        "versions": versions,
        "plan": next((v for v in versions if v.state == "published"), None),
        "pairs": queries.photos(project, public=True, homes=()),
        "drawings": [row for row in queries.drawings(project) if row.public],
        "venues": links.venues_of(project, at),
        "hours": rules.hours_in_words(project.noise_hours),
    }


def phases_at(project: Project, building: int | None) -> list[Phase]:
    """The calendar; of one building, what is for it or for all."""
    return [p for p in queries.phases(project) if building is None or not p.buildings or building in p.buildings]


def buildings_of(project: Project) -> list[Place]:
    """The project's buildings, to choose one's own."""
    rows = Place.objects.filter(pk__in=permits.buildings_of(project), kind=Kind.BUILDING, active=True)
    return list(rows.order_by("estate_id", "pk")[:MOST_BUILDINGS])


def file_of(project: Project, pk: int) -> WorksFile | None:
    """A file that stands on the project's page."""
    return WorksFile.objects.filter(pk=pk, project=project, public=True).first()


def building_by(code: str, project: Project) -> Place | None:
    """The building whose board or door carries this code, if it belongs to the project."""
    rows = Place.objects.filter(code=code.strip().upper(), kind=Kind.BUILDING, active=True)
    rows = rows.filter(estate__in=project.estates.all())
    return (rows.filter(pk__in=project.buildings) if project.buildings else rows).first()


FEW = 5  # homes: of fewer a neighbour who knows one stance can reckon the others


@dataclass(frozen=True)
class Own:
    """A home's own page: what changes for its door, what it said, and — once it has — how the homes stand."""

    plan: PlanVersion | None
    parts: list[comparing.Told]
    coming: list[Phase]  # what is planned at its building
    stance: Stance | None  # what stands: the one that counts, else what a tenant said
    waits: Stance | None  # said online while what was said in person stands
    mine: Stance | None  # what may be taken back here
    asked_again: bool
    said: list[Stance]
    objections: list[Objection]
    tally: works.Tally | None
    few: bool  # so few have spoken that counts would tell who said what
    tests: list[glance.Line]  # the vote by law, where a rule says so
    missing: list[str]
    disputed: bool
    ended: bool


def own_page(project: Project, home: RegisteredHome, at: datetime) -> Own:
    """The page behind the code of a home. Counts only where this home has said how it stands itself."""
    plan, said = works.current_plan(project), works.history(home, project)
    live = [s for s in said if plan and s.plan_id == plan.pk and s.withdrawn_at is None and s.superseded_at is None]
    spoken = [s for s in live if not s.ask_again]
    stance = next((s for s in spoken if s.counts), None) or next(iter(spoken), None)
    online = [s for s in spoken if stances.may_take_back(s)]
    tally = works.tally(plan, at) if plan and stance is not None else None
    if few := tally is not None and tally.of(*Step).homes < FEW:
        tally = None
    closed, day = ("done", "cancelled"), timezone.localtime(at).date()
    return Own(
        plan=plan,
        parts=_parts(project, plan, home),
        coming=[p for p in phases_at(project, home.building_id) if p.ends_on >= day and p.state not in closed],
        stance=stance,
        waits=next((s for s in online if s is not stance and s.speaker != Speaker.TENANT), None),
        mine=next(iter(online), None),
        asked_again=stance is None and any(s.ask_again for s in live),
        said=said,
        objections=works.said_of(home, project),
        tally=tally,
        few=few,
        tests=glance.tests(tally.decision) if tally and project.rule else [],
        missing=works.missing_words(tally.decision) if tally and project.rule else [],
        disputed=HomeDispute.objects.filter(home=home, settled_at=None).exists(),
        ended=project.state in ENDED,
    )


def parts_for_all(plan: PlanVersion | None) -> list[PlanPart]:
    """The parts of a version that everybody may read. One that names single homes is read behind their codes only."""
    return [part for part in plan.parts.all() if not part.homes] if plan else []


def _parts(project: Project, plan: PlanVersion | None, home: RegisteredHome) -> list[comparing.Told]:
    """What the version changes for this door, with what differs from the version before."""
    if plan is None:
        return []
    before = next((v for v in reversed(works.versions(project)) if v.number < plan.number), None)
    old = [part for part in before.parts.all() if plans.concerns(part, home)] if before else []
    return comparing.told(old, [part for part in plan.parts.all() if plans.concerns(part, home)])


def stands(tally: works.Tally) -> list[tuple[Any, str, int]]:
    """The bar: word, stand and homes of each stand that has any."""
    return [(drawing.WORDS[s], s, count.homes) for s, count in tally.stands.items() if count.homes]


def project_of(number: str) -> Project | None:
    """A project whose page is open."""
    rows = open_projects().filter(number=number.strip().upper())
    return rows.select_related("contractor", "supervisor", "owner_unit", "rule").first()

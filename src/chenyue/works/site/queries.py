"""Reading the site: projects that a member may see, their calendar, notices, defects, photographs and cases."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from chenyue.cases import queries as cases
from chenyue.cases.models import Case
from chenyue.core.ids import whole
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.people.scope import scopes
from chenyue.places.queries import gazetteer
from chenyue.timeline.queries import EntryLine, entries, visible_for
from chenyue.works.lifecycle import DefectState, FileKind, ObjectionState, PhaseState
from chenyue.works.models import (
    Ballot,
    CaseLink,
    Defect,
    Objection,
    Phase,
    Posting,
    Project,
    RegisteredHome,
    Stance,
    WorksFile,
)
from chenyue.works.site import permits, rules
from chenyue.works.site.defects import subject_of

CANDIDATES = 20


def project_list(projects: QuerySet[Project]) -> list[Project]:
    """Projects for the list, with what waits: objections, defects and the number of cases."""
    waiting = Q(objections__state__in=[ObjectionState.OPEN, ObjectionState.KEPT])
    broken = Q(defects__state__in=[DefectState.OPEN, DefectState.DISPUTED, DefectState.MENDED])
    return list(
        projects.select_related("contractor", "manager")
        .prefetch_related("estates")
        .annotate(
            waiting=Count("objections", filter=waiting, distinct=True),
            broken=Count("defects", filter=broken, distinct=True),
            born=Count("case_links", distinct=True),
        )
        .order_by(F("closed_at").asc(nulls_first=True), "-pk")
    )


@dataclass
class Day:
    """A day of the calendar and what goes on."""

    day: date
    phases: list[Phase] = field(default_factory=list)


def phases(project: Project) -> list[Phase]:
    """The whole calendar in its order, each with the names of its buildings."""
    rows = list(Phase.objects.filter(project=project))
    known = gazetteer()
    for row in rows:
        places = [known.get(pk) for pk in row.buildings]
        row.where = "、".join(p.name for p in places if p)  # type: ignore[attr-defined]
    return rows


def weeks(rows: Collection[Phase], first: date, count: int = 2) -> list[list[Day]]:
    """Whole weeks from the one of `first` on: each day with the phases that aren't cancelled."""
    monday = first - timedelta(days=first.weekday())
    days = [Day(monday + timedelta(days=i)) for i in range(7 * count)]
    for day in days:
        day.phases = [p for p in rows if p.starts_on <= day.day <= p.ends_on and p.state != PhaseState.CANCELLED]
    return [days[i : i + 7] for i in range(0, len(days), 7)]


def stops_ahead(rows: Collection[Phase], day: date) -> list[Phase]:
    """Water, power, gas and roads that are closed from this day on."""
    closed = {PhaseState.DONE, PhaseState.CANCELLED}
    return [p for p in rows if p.kind in rules.STOPS and p.ends_on >= day and p.state not in closed]


def postings(project: Project, day: date) -> list[Posting]:
    """Notices, newest first, each with its state on this day, where it hangs, and its proofs. Two statements."""
    rows = list(Posting.objects.filter(project=project).select_related("plan", "made_by"))
    proofs: dict[str, list[WorksFile]] = defaultdict(list)
    for proof in WorksFile.objects.filter(project=project, kind=FileKind.PROOF).order_by("pk"):
        proofs[proof.of].append(proof)
    for row in rows:
        row.proofs = proofs[f"posting:{row.pk}"]  # type: ignore[attr-defined]
        row.state = state_of(row, day)  # type: ignore[attr-defined]
        row.where = "、".join(_named(where) for where in row.places)  # type: ignore[attr-defined]
    return rows


def _named(where: int | str) -> str:
    place = gazetteer().get(where) if isinstance(where, int) else None
    return place.full_name if place else str(where)


def state_of(row: Posting, day: date) -> str:
    """draft, posted, showing (its display runs), ended, or withdrawn."""
    if row.withdrawn_at:
        return "withdrawn"
    if not row.posted_at:
        return "draft"
    if row.display_until is None:
        return "posted"
    return "showing" if day <= row.display_until else "ended"


def defects(project: Project, member: Member, only: str = "") -> list[Defect]:
    """Defects of a project that a member may see: those at places they record at, or of units they answer for.

    `only`: "open" (anything not checked), "complaint", or nothing for all.
    """
    rows = Defect.objects.filter(project=project).filter(_of_mine(member, project))
    if only == "open":
        rows = rows.exclude(state=DefectState.CHECKED)
    elif only == "complaint":
        rows = rows.filter(complaint=True)
    return list(rows.select_related("unit", "building", "home").order_by("-pk")[:200])


def defect_for(project: Project, member: Member, number: str) -> Defect | None:
    """One defect, if the member may see it."""
    rows = Defect.objects.filter(project=project, number=number).filter(_of_mine(member, project))
    return rows.select_related("unit", "building", "home", "by", "checked_by", "project", "case").first()


def _of_mine(member: Member, project: Project) -> Q:
    if may(member, permits.MANAGE):
        return Q()
    mine, wide = Q(pk__in=[]), {None, project.community_id, *(estate.pk for estate in project.estates.all())}
    for scope in scopes(member, permits.RECORD):
        if scope.place_id in wide:
            return Q()
        mine |= Q(building_id=scope.place_id) | Q(building__estate_id=scope.place_id)
    units = {s.unit_id for s in scopes(member, permits.ANSWER)}
    return Q() if None in units else mine | Q(unit_id__in=units)


def files_of(project: Project, *of: str) -> list[WorksFile]:
    """Files that belong to these things."""
    return list(WorksFile.objects.filter(project=project, of__in=of).order_by("pk"))


@dataclass(frozen=True)
class Pair:
    """A place of the project with what it looked like before and after."""

    where: str
    before: list[WorksFile]
    after: list[WorksFile]


def photos(project: Project, *, public: bool = False, homes: Collection[int] | None = None) -> list[Pair]:
    """Photographs before and after, by place. `homes`: only of these homes (None: all); public: residents' ones."""
    rows = WorksFile.objects.filter(project=project, kind__in=[FileKind.BEFORE, FileKind.AFTER]).order_by("pk")
    if public:
        rows = rows.filter(public=True)
    places: dict[str, list[WorksFile]] = defaultdict(list)
    for row in rows:
        places[row.of].append(row)
    if homes is not None:
        wanted = {f"home:{pk}" for pk in homes}
        places = defaultdict(list, {of: v for of, v in places.items() if of in wanted or not of.startswith("home:")})
    names = _names(project, places)
    return [
        Pair(
            names[of],
            [f for f in found if f.kind == FileKind.BEFORE],
            [f for f in found if f.kind == FileKind.AFTER],
        )
        for of, found in sorted(places.items(), key=lambda item: names[item[0]])
    ]


def _names(project: Project, places: Collection[str]) -> dict[str, str]:
    known = gazetteer()
    homes = [int(of[5:]) for of in places if of.startswith("home:")]
    doors = {h.pk: h for h in RegisteredHome.objects.filter(pk__in=homes)} if homes else {}
    names = {}
    for of in places:
        kind, _colon, pk = of.partition(":")
        if kind == "building":
            found = known.get(int(pk))
            names[of] = found.full_name if found else of
        elif kind == "home" and int(pk) in doors:
            home = doors[int(pk)]
            building = known.get(home.building_id)
            names[of] = f"{building.full_name if building else ''}{home.door}"
        else:
            names[of] = project.title
    return names


def born(project: Project, member: Member) -> list[CaseLink]:
    """Cases born of the works that the member may see."""
    seen = cases.visible(member).filter(pk__in=CaseLink.objects.filter(project=project).values("case_id"))
    links = CaseLink.objects.filter(project=project, case__in=seen)
    return list(links.select_related("case", "case__lead", "case__place").order_by("-at"))


def candidates(project: Project, member: Member, at: datetime) -> list[Case]:
    """Cases at the project's buildings since the works began that nobody has linked: a person looks at them."""
    since = project.starts_on or (at - timedelta(days=90)).date()
    linked = CaseLink.objects.filter(project=project).values("case_id")
    rows = cases.visible(member).filter(building_id__in=permits.buildings_of(project), received_at__date__gte=since)
    return list(rows.exclude(pk__in=linked).select_related("place", "lead").order_by("-pk")[:CANDIDATES])


def counts(project: Project, member: Member) -> dict[str, int]:
    """What waits in a project."""
    states = [ObjectionState.OPEN, ObjectionState.KEPT]
    return {
        "objections": Objection.objects.filter(project=project, state__in=states).count(),
        "defects": len(defects(project, member, "open")),
        "cases": CaseLink.objects.filter(project=project).count(),
    }


def told_of(number: str, level: str) -> list[EntryLine]:
    """What happened to a defect, newest first."""
    return entries(subject_of(number), visible_for(level))


def drawings(project: Project) -> list[WorksFile]:
    """Plans and sketches of the project."""
    return list(WorksFile.objects.filter(project=project, kind=FileKind.PLAN).order_by("pk"))


def may_open(row: WorksFile, project: Project, member: Member) -> bool:
    """Whether a member who sees the project may open this file of it.

    Signed sheets and the state of homes are for who records there; of a defect, for who may see the defect.
    """
    by, (kind, _colon, key) = member.actor(), row.of.partition(":")
    if row.public:
        return True
    if kind == "defect":
        return defect_for(project, member, key) is not None
    if row.kind == FileKind.SCAN or kind in ("home", "stance", "ballot"):
        there = _homes_on(row, key if kind == "home" else "")
        return permits.manages(by) or (bool(there) and all(permits.records(by, permits.around(pk)) for pk in there))
    return True


def _homes_on(row: WorksFile, home: str) -> set[int]:
    """The buildings of the homes that a signed sheet, or a photograph of a home, shows."""
    shown = Q(pk=whole(home, 0))
    shown |= Q(pk__in=Stance.objects.filter(scan=row).values("home"))
    shown |= Q(pk__in=Ballot.objects.filter(scan=row).values("home"))
    return set(RegisteredHome.objects.filter(shown).values_list("building_id", flat=True))

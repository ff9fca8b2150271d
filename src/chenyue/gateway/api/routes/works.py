"""Renewal works: projects, how homes stand, the calendar, the plan and its versions."""

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from ninja import Router, Schema, Status
from pydantic import Field

from chenyue.core.errors import NotFound, Refusal
from chenyue.gateway.api.frame import Call, Clock, Code, Day, Done, Id, Line, MaybeWords, Words, call
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.shapes import field as shapes
from chenyue.works import actions
from chenyue.works import queries as works
from chenyue.works.lifecycle import PhaseKind, PhaseState, ProjectState
from chenyue.works.models import Phase, PlanVersion, Project
from chenyue.works.site import calendar, projects

router = Router(tags=[_("Renewal projects")])
WORKS = ("works.manage", "works.record", "works.answer")


class EstateName(Schema):
    """An estate."""

    id: int
    name: str


class ProjectLine(Schema):
    """A renewal project."""

    number: str
    title: str
    state: str
    estates: list[EstateName]
    contractor: str | None
    starts_on: date | None
    ends_on: date | None
    published_at: datetime | None
    closed_at: datetime | None


class PhaseOut(Schema):
    """An entry of the calendar; no buildings: all of the project."""

    id: int
    kind: str
    title: str
    buildings: list[int]
    starts_on: date
    ends_on: date
    from_time: time | None
    to_time: time | None
    state: str


class PlanOut(Schema):
    """A version of the plan."""

    number: int
    title: str
    state: str
    published_at: datetime | None


class ProjectOut(ProjectLine):
    """A renewal project with its calendar and the versions of its plan."""

    what: str
    why: str
    phases: list[PhaseOut]
    plans: list[PlanOut]


class StandOut(Schema):
    """How many homes stand so, and their area in m²."""

    stand: str
    homes: int
    area: str


class DecisionOut(Schema):
    """The ballots by the project's rule; null where there is no rule."""

    rule: str | None
    homes_voting: int
    quorum: bool | None
    passed: bool | None


class TallyOut(Schema):
    """Stances are opinion; the decision counts ballots."""

    plan: int | None
    homes: int
    area: str
    stands: list[StandOut]
    objections: int
    decision: DecisionOut | None


class HomeOut(Schema):
    """How a home stands, without its owners."""

    id: int
    building_id: int
    entrance: str
    room: str
    area: str
    stand: str
    said_at: datetime | None
    stale: bool
    disputed: bool
    objection: str | None


class Moving(Schema):
    """To which state; going back, and stopping, need a reason that people read."""

    to: ProjectState
    reason: Line = ""


class PhaseIn(Schema):
    """An entry of the calendar; no buildings: all of the project."""

    kind: PhaseKind
    title: Line = Field(min_length=1, max_length=80)
    starts_on: Day
    ends_on: Day
    from_time: Clock | None = None
    to_time: Clock | None = None
    buildings: list[Id] = Field([], max_length=500)
    words: Line = Field("", max_length=300)


class PhaseMove(Schema):
    """Begin, end or cancel it, or take such a step back. Cancelling needs a reason that people read."""

    to: PhaseState
    reason: Line = ""


class PlanIn(Schema):
    """A version of the plan in few words."""

    title: Line = Field(min_length=1, max_length=80)
    words: MaybeWords = Field("", max_length=4000)


class WhomIn(Schema):
    """Whom a part is about; none of the three: everybody."""

    buildings: list[Id] = Field([], max_length=500)
    lines: list[Line] = Field([], max_length=500)
    homes: list[Id] = Field([], max_length=2000)


class PartIn(Schema):
    """A part of a draft; without `key`, or with one that isn't there, a new one."""

    key: Line = Field("", max_length=40)
    title: Line = Field(min_length=1, max_length=80)
    text: Words
    whom: WhomIn | None = None


class PartKey(Schema):
    """The key of a part, by which it is found again in each version."""

    key: str


class PublishIn(Schema):
    """`ask_everyone`: no stance comes along, every home is asked anew."""

    ask_everyone: bool = False


class PublishedOut(Schema):
    """How many stances came along, and how many homes are to be asked again."""

    carried: int
    ask_again: int


ProjectPage = page_of("ProjectPage", ProjectLine)
HomePage = page_of("HomePage", HomeOut)


def project_of(made: Call, number: str, to: str = "see") -> Project:
    """A project that the caller works on. `to`: see, record, answer or manage."""
    made.need(*WORKS)
    return works.project_for(made.member, number, to)


def plan_of(project: Project, number: int) -> PlanVersion:
    """A version by its number."""
    row = PlanVersion.objects.filter(project=project, number=number).select_related("project").first()
    if row is None:
        raise NotFound
    return row


def asked_about(project: Project, number: int | None) -> PlanVersion:
    """The version that the caller read, or the one that homes are asked about now."""
    found = plan_of(project, number) if number else works.current_plan(project)
    if found is None:
        raise Refusal(_now("No version of the plan is published yet: nobody can be asked."), code="no_plan")
    return found


def sent(body: Schema) -> Any:
    """What a call carried, as it is told apart from another one."""
    return body.model_dump(mode="json")


@router.get("/works", response=ProjectPage, summary=_("Renewal projects"))
def list_projects(request: HttpRequest) -> Any:
    """Needs a permission of works; those that the token's owner works on."""
    made = call(request)
    made.need(*WORKS)
    return whole(shapes.projects(made.member))


@router.get("/works/{number}", response=ProjectOut, summary=_("One renewal project, with its calendar"))
def get_project(request: HttpRequest, number: Code) -> Any:
    """Needs a permission of works there."""
    made = call(request)
    made.need(*WORKS)
    return shapes.project_page(made.member, number)


@router.get("/works/{number}/tally", response=TallyOut, summary=_("How the homes stand, counted"))
def get_tally(request: HttpRequest, number: Code) -> Any:
    """Needs a permission of works there."""
    made = call(request)
    made.need(*WORKS)
    return shapes.tally(made.member, number, made.at)


@router.get("/works/{number}/homes", response=HomePage, summary=_("How each home stands, without its owners"))
def list_homes(request: HttpRequest, number: Code) -> Any:
    """Needs `works.record` or `works.manage` there."""
    made = call(request)
    made.need(*WORKS)
    return whole(shapes.homes(made.member, number, made.at))


@router.post("/works/{number}/state", response=ProjectOut, summary=_("Bring a project into another state"))
def move_project(request: HttpRequest, number: Code, body: Moving) -> Any:
    """Needs `works.manage`."""
    made = call(request)
    row = project_of(made, number, "manage")
    made.do(lambda: projects.move_project(project=row, by=made.by, at=made.at, **body.model_dump()), sent(body))
    return shapes.project_page(made.member, number)


@router.post("/works/{number}/publish", response=ProjectOut, summary=_("Open the project's page to residents"))
def publish_project(request: HttpRequest, number: Code) -> Any:
    """Needs `works.manage`."""
    made = call(request)
    row = project_of(made, number, "manage")
    made.do(lambda: projects.publish(project=row, by=made.by, at=made.at), {})
    return shapes.project_page(made.member, number)


def _phase_of(project: Project, pk: int) -> Phase:
    row = Phase.objects.select_related("project").filter(project=project, pk=pk).first()
    if row is None:
        raise NotFound
    return row


@router.post("/works/{number}/phases", response={201: PhaseOut}, summary=_("Add to the calendar"))
def add_phase(request: HttpRequest, number: Code, body: PhaseIn) -> Any:
    """Needs `works.manage`. Loud hours and the notice of stops are kept, as by hand."""
    made = call(request)
    row = project_of(made, number, "manage")

    def act() -> dict[str, Any]:
        return {"phase": calendar.save_phase(project=row, by=made.by, at=made.at, **body.model_dump()).pk}

    return Status(201, shapes.phase(_phase_of(row, made.once(act, sent(body))["phase"])))


@router.post("/works/{number}/phases/{id}", response=PhaseOut, summary=_("Change an entry of the calendar"))
def change_phase(request: HttpRequest, number: Code, id: Id, body: PhaseIn) -> Any:
    """Needs `works.manage`. One that is over stays."""
    made = call(request)
    row = project_of(made, number, "manage")
    phase = _phase_of(row, id)
    given = body.model_dump()
    made.do(lambda: calendar.save_phase(project=row, phase=phase, by=made.by, at=made.at, **given), sent(body))
    return shapes.phase(_phase_of(row, id))


@router.post("/works/{number}/phases/{id}/state", response=PhaseOut, summary=_("Begin, end or cancel an entry"))
def move_phase(request: HttpRequest, number: Code, id: Id, body: PhaseMove) -> Any:
    """Needs `works.manage`, or `works.answer` for the contractor."""
    made = call(request)
    row = project_of(made, number)
    phase = _phase_of(row, id)
    made.do(lambda: calendar.move_phase(phase=phase, by=made.by, at=made.at, **body.model_dump()), sent(body))
    return shapes.phase(_phase_of(row, id))


@router.post("/works/{number}/plans", response={201: PlanOut}, summary=_("Begin a new version of the plan"))
def make_plan(request: HttpRequest, number: Code, body: PlanIn) -> Any:
    """Needs `works.manage`. A draft with the parts of the newest; one at a time."""
    made = call(request)
    row = project_of(made, number, "manage")

    def act() -> dict[str, Any]:
        return {"plan": actions.make_plan(project=row, by=made.by, at=made.at, **body.model_dump()).number}

    return Status(201, shapes.plan(plan_of(row, made.once(act, sent(body))["plan"])))


@router.post("/works/{number}/plans/{n}/parts", response=PartKey, summary=_("Add a part to a draft, or change one"))
def save_part(request: HttpRequest, number: Code, n: Id, body: PartIn) -> Any:
    """Needs `works.manage`."""
    made = call(request)
    plan = plan_of(project_of(made, number, "manage"), n)
    given = body.model_dump()
    whom = given.pop("whom")
    given["whom"] = whom if whom and any(whom.values()) else None
    return made.once(
        lambda: {"key": actions.save_part(plan=plan, by=made.by, at=made.at, **given).key}, sent(body)
    )  # fmt: skip


@router.post("/works/{number}/plans/{n}/parts/{key}/remove", response=Done, summary=_("Take a part out of a draft"))
def remove_part(request: HttpRequest, number: Code, n: Id, key: Code) -> Any:
    """Needs `works.manage`."""
    made = call(request)
    plan = plan_of(project_of(made, number, "manage"), n)
    return made.do(lambda: actions.remove_part(plan=plan, key=key, by=made.by, at=made.at), {})


@router.post("/works/{number}/plans/{n}/publish", response=PublishedOut, summary=_("Publish a version of the plan"))
def publish_plan(request: HttpRequest, number: Code, n: Id, body: PublishIn) -> Any:
    """Needs `works.manage`. From now on homes are asked about it."""
    made = call(request)
    plan = plan_of(project_of(made, number, "manage"), n)

    def act() -> dict[str, Any]:
        found = actions.publish_plan(plan=plan, by=made.by, at=made.at, **body.model_dump())
        return {"carried": found.carried, "ask_again": found.ask_again}

    return made.once(act, sent(body))


@router.post("/works/{number}/plans/{n}/drop", response=Done, summary=_("Throw a draft away"))
def drop_plan(request: HttpRequest, number: Code, n: Id) -> Any:
    """Needs `works.manage`."""
    made = call(request)
    row = project_of(made, number, "manage")
    return made.do(lambda: actions.drop_plan(plan=plan_of(row, n), by=made.by, at=made.at), {})

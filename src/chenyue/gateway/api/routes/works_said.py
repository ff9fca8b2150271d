"""What homes say to renewal works: stances, signed ballots, disputes of co-owners, objections and their answers."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from chenyue.core.errors import NotFound
from chenyue.gateway.api.frame import Call, Code, Day, Done, Id, Line, MaybeWords, Words, call
from chenyue.gateway.api.routes.lookups import member_or_none, unit_or_none
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.routes.works import asked_about, plan_of, project_of, sent
from chenyue.gateway.api.shapes import works as shapes
from chenyue.works import actions
from chenyue.works import queries as works
from chenyue.works.lifecycle import Decision, How, ObjectionState, Reason, Speaker, Step, Vote
from chenyue.works.models import Ballot, HomeDispute, Objection, Project, RegisteredHome, Stance
from chenyue.works.site import doorstep, permits

router = Router(tags=[_("Renewal projects")])


class StanceIn(Schema):
    """What a home says. `plan`: the version that was read; refused (409) if it was replaced meanwhile."""

    home_id: Id
    step: Step
    how: How
    plan: Id | None = None
    reasons: list[Reason] = Field([], max_length=20)
    words: MaybeWords = Field("", max_length=4000)
    parts: list[Code] = Field([], max_length=60)
    speaker: Speaker = Speaker.OWNER
    objects: bool = Field(False, description="it wants an answer: an objection, too")


class StanceOut(Schema):
    """What a home said to a version."""

    id: int
    home_id: int
    plan: int
    step: str
    reasons: list[str]
    parts: list[str]
    speaker: str
    how: str
    words: str
    at: datetime
    counts: bool


class BallotIn(Schema):
    """A signed ballot. `signed_by`: the names under it, kept encrypted and not given back."""

    home_id: Id
    vote: Vote
    how: How
    signed_by: Line = Field(min_length=1, max_length=100)
    signed_on: Day
    plan: Id | None = None


class BallotOut(Schema):
    """A ballot, without the names under it."""

    id: int
    home_id: int
    plan: int
    vote: str
    how: str
    signed_on: date
    revoked_at: datetime | None
    sheet: bool


class ReasonIn(Schema):
    """Why."""

    reason: Line


class DisputeIn(Schema):
    """What the co-owners disagree about."""

    words: MaybeWords = Field("", max_length=4000)


class AnswerOut(Schema):
    """An answer by name; `accepted`: by the home, null while it hasn't said."""

    decision: str
    words: str
    changes: list[str]
    by: str
    at: datetime
    accepted: bool | None
    response: str


class ObjectionOut(Schema):
    """An objection with its answers."""

    number: str
    state: str
    home_id: int | None
    plan: int | None
    reasons: list[str]
    parts: list[str]
    words: str
    unit: str | None
    answerer: str | None
    at: datetime
    due_at: datetime | None
    case: str | None
    answers: list[AnswerOut]


class ObjectionIn(Schema):
    """An objection of a home, or of nobody's home in particular. `unit`: who answers, if not whose project it is."""

    words: Words = Field(max_length=4000)
    home_id: Id | None = None
    reasons: list[Reason] = Field([], max_length=20)
    parts: list[Code] = Field([], max_length=60)
    speaker: Speaker = Speaker.OWNER
    unit: Code | None = None


class GivenTo(Schema):
    """Who answers: another unit, or one of its members by name."""

    unit: Code | None = None
    answerer_id: Id | None = None


class AnswerIn(Schema):
    """The plan changes (name the parts), in part, or not. The home reads the words. `plan`: the version that does."""

    decision: Decision
    words: Words = Field(max_length=4000)
    changes: list[Code] = Field([], max_length=60)
    plan: Id | None = None


class ResponseIn(Schema):
    """What the home says to the newest answer, and how it stands afterwards."""

    accepted: bool
    words: MaybeWords = Field("", max_length=4000)
    step: Step | None = None
    how: How = How.DOOR


class PassedOn(Schema):
    """The case that was made of it."""

    case: str


StancePage = page_of("StancePage", StanceOut)
BallotPage = page_of("BallotPage", BallotOut)
ObjectionPage = page_of("ObjectionPage", ObjectionOut)


def home_of(made: Call, project: Project, pk: int) -> RegisteredHome:
    """A home of the project, for who takes things down there. NotFound for others."""
    row = works.homes_of(project).filter(pk=pk).select_related("building").first()
    if row is None or not permits.records(made.by, permits.around(row.building_id)):
        raise NotFound
    return row


def objection_of(made: Call, number: str, objection: str) -> tuple[Project, Objection]:
    """An objection that the caller may see, with its project."""
    project = project_of(made, number)
    row = works.objection_for(project, made.member, objection)
    if row is None:
        raise NotFound
    return project, row


def shown(made: Call, number: str, objection: str) -> dict[str, Any]:
    """The objection as it stands now."""
    return shapes.objection(objection_of(made, number, objection)[1])


@router.get("/works/{number}/homes/{id}/stances", response=StancePage, summary=_("All that a home said"))
def list_stances(request: HttpRequest, number: Code, id: Id) -> Any:
    """Needs `works.record` or `works.manage` there. The newest first; with what no longer counts."""
    made = call(request)
    project = project_of(made, number, "record")
    return whole([shapes.stance(row) for row in works.history(home_of(made, project, id), project)])


@router.post("/works/{number}/stances", response={201: StanceOut}, summary=_("Take down what a home says"))
def take_stance(request: HttpRequest, number: Code, body: StanceIn) -> Any:
    """Needs `works.record` there. Opinion: what was said in person comes before what was said from afar."""
    made = call(request)
    project = project_of(made, number, "record")
    home, given = home_of(made, project, body.home_id), body.model_dump(exclude={"home_id", "plan"})

    def act() -> dict[str, Any]:
        plan = asked_about(project, body.plan)
        return {"stance": doorstep.say(home=home, plan=plan, by=made.by, at=made.at, **given).pk}

    return Status(201, shapes.stance(_stance(project, made.once(act, sent(body))["stance"])))


def _stance(project: Project, pk: int) -> Stance:
    row = Stance.objects.select_related("plan", "home").filter(pk=pk, plan__project=project).first()
    if row is None:
        raise NotFound
    return row


@router.post("/works/{number}/stances/{id}/withdraw", response=StanceOut, summary=_("Take a stance back"))
def withdraw_stance(request: HttpRequest, number: Code, id: Id) -> Any:
    """Needs `works.record` there. The home then counts as not heard."""
    made = call(request)
    project = project_of(made, number, "record")
    row = _stance(project, id)
    home_of(made, project, row.home_id)
    made.do(lambda: actions.withdraw_stance(stance=row, by=made.by, at=made.at), {})
    return shapes.stance(_stance(project, id))


@router.get("/works/{number}/homes/{id}/ballots", response=BallotPage, summary=_("A home's ballots"))
def list_ballots(request: HttpRequest, number: Code, id: Id) -> Any:
    """Needs `works.record` or `works.manage` there. The newest first, revoked ones too."""
    made = call(request)
    project = project_of(made, number, "record")
    return whole([shapes.ballot(row) for row in works.ballots_of(home_of(made, project, id), project)])


@router.post("/works/{number}/ballots", response={201: BallotOut}, summary=_("Keep a signed ballot"))
def cast_ballot(
    request: HttpRequest, number: Code, body: Form[BallotIn], sheet: File[list[UploadedFile]] = []  # noqa: B006
) -> Any:  # fmt: skip
    """Needs `works.record` there. With the scan of the signed sheet, if there is one."""
    made = call(request)
    project = project_of(made, number, "record")
    home, given = home_of(made, project, body.home_id), body.model_dump(exclude={"home_id", "plan"})

    def act() -> dict[str, Any]:
        plan = asked_about(project, body.plan)
        return {"ballot": doorstep.sign(home=home, plan=plan, uploads=sheet, by=made.by, at=made.at, **given).pk}

    found = made.once(act, [sent(body), *((file.name, file.size) for file in sheet)])
    return Status(201, shapes.ballot(_ballot(project, found["ballot"])))


def _ballot(project: Project, pk: int) -> Ballot:
    row = Ballot.objects.select_related("plan", "home").filter(pk=pk, plan__project=project).first()
    if row is None:
        raise NotFound
    return row


@router.post("/works/{number}/ballots/{id}/revoke", response=BallotOut, summary=_("Take a ballot back"))
def revoke_ballot(request: HttpRequest, number: Code, id: Id, body: ReasonIn) -> Any:
    """Needs `works.record` there. The row stays with the reason."""
    made = call(request)
    project = project_of(made, number, "record")
    row = _ballot(project, id)
    home_of(made, project, row.home_id)
    made.do(lambda: actions.revoke_ballot(ballot=row, reason=body.reason, by=made.by, at=made.at), sent(body))
    return shapes.ballot(_ballot(project, id))


@router.post("/works/{number}/homes/{id}/dispute", response=Done, summary=_("Co-owners disagree"))
def open_dispute(request: HttpRequest, number: Code, id: Id, body: DisputeIn) -> Any:
    """Needs `works.record` there. The home casts no ballot until they agree; a valid one is revoked."""
    made = call(request)
    home = home_of(made, project_of(made, number, "record"), id)
    return made.do(lambda: actions.open_dispute(home=home, words=body.words, by=made.by, at=made.at), sent(body))


@router.post("/works/{number}/homes/{id}/dispute/settle", response=Done, summary=_("Co-owners agree again"))
def settle_dispute(request: HttpRequest, number: Code, id: Id) -> Any:
    """Needs `works.record` there."""
    made = call(request)
    home = home_of(made, project_of(made, number, "record"), id)

    def act() -> None:
        row = HomeDispute.objects.filter(home=home, settled_at=None).first()
        if row is None:
            raise NotFound
        actions.settle_dispute(dispute=row, by=made.by, at=made.at)

    return made.do(act, {})


@router.get("/works/{number}/objections", response=ObjectionPage, summary=_("Objections, those due first"))
def list_objections(request: HttpRequest, number: Code, state: Query[ObjectionState | None] = None) -> Any:
    """Those that the token's owner sees: of homes they record at, or that their unit answers."""
    made = call(request)
    rows = works.objections(project_of(made, number), made.member, state=str(state or ""))
    return whole([shapes.objection(row) for row in rows])


@router.post("/works/{number}/objections", response={201: ObjectionOut}, summary=_("Take an objection down"))
def raise_objection(request: HttpRequest, number: Code, body: ObjectionIn) -> Any:
    """Needs `works.record` there. Who must answer is told, and has the project's days."""
    made = call(request)
    project = project_of(made, number, "record")
    home = home_of(made, project, body.home_id) if body.home_id else None
    given = body.model_dump(exclude={"home_id", "unit"})

    def act() -> dict[str, Any]:
        unit = unit_or_none(body.unit)
        row = actions.raise_objection(project=project, home=home, unit=unit, by=made.by, at=made.at, **given)
        return {"objection": row.number}

    return Status(201, shown(made, number, made.once(act, sent(body))["objection"]))


@router.get("/works/{number}/objections/{objection}", response=ObjectionOut, summary=_("One objection"))
def get_objection(request: HttpRequest, number: Code, objection: Code) -> Any:
    """With every answer, and what the home said to it."""
    return shown(call(request), number, objection)


@router.post("/works/{number}/objections/{objection}/give", response=ObjectionOut, summary=_("Say who answers"))
def give_objection(request: HttpRequest, number: Code, objection: Code, body: GivenTo) -> Any:
    """Needs `works.record` there, or `works.answer` for the unit. The day it is due stays."""
    made = call(request)
    _project, row = objection_of(made, number, objection)

    def act() -> None:
        who = member_or_none(body.answerer_id, "answerer_id")
        actions.give_objection(
            objection=row, unit=unit_or_none(body.unit), answerer=who, by=made.by, at=made.at
        )  # fmt: skip

    made.do(act, sent(body))
    return shown(made, number, objection)


@router.post("/works/{number}/objections/{objection}/answer", response=ObjectionOut, summary=_("Answer by name"))
def answer_objection(request: HttpRequest, number: Code, objection: Code, body: AnswerIn) -> Any:
    """Needs `works.answer` for the unit, or `works.manage`."""
    made = call(request)
    project, row = objection_of(made, number, objection)
    given = body.model_dump(exclude={"plan"})

    def act() -> None:
        plan = plan_of(project, body.plan) if body.plan else None
        actions.answer_objection(objection=row, plan=plan, by=made.by, at=made.at, **given)

    made.do(act, sent(body))
    return shown(made, number, objection)


@router.post("/works/{number}/objections/{objection}/response", response=ObjectionOut, summary=_("What the home says"))
def write_response(request: HttpRequest, number: Code, objection: Code, body: ResponseIn) -> Any:
    """Needs `works.record` there. A kept objection waits for another answer."""
    made = call(request)
    _project, row = objection_of(made, number, objection)
    given = body.model_dump() | {"step": body.step or ""}
    made.do(lambda: actions.respond(objection=row, by=made.by, at=made.at, **given), sent(body))
    return shown(made, number, objection)


@router.post("/works/{number}/objections/{objection}/withdraw", response=ObjectionOut, summary=_("Taken back"))
def withdraw_objection(request: HttpRequest, number: Code, objection: Code) -> Any:
    """Needs `works.record` there: the home takes it back, its history stays."""
    made = call(request)
    _project, row = objection_of(made, number, objection)
    made.do(lambda: actions.withdraw_objection(objection=row, by=made.by, at=made.at), {})
    return shown(made, number, objection)


class PassOn(Schema):
    """The words that open the case."""

    words: Words = Field(max_length=4000)


@router.post("/works/{number}/objections/{objection}/case", response={201: PassedOn}, summary=_("Make a case of it"))
def pass_objection_on(request: HttpRequest, number: Code, objection: Code, body: PassOn) -> Any:
    """Harm already done, danger, or a dispute of rights. By who records or answers there."""
    made = call(request)
    _project, row = objection_of(made, number, objection)

    def act() -> dict[str, Any]:
        return {"case": actions.pass_on(objection=row, words=body.words, by=made.by, at=made.at).number}

    return Status(201, made.once(act, sent(body)))

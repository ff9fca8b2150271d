"""Cases: lists with the filters of the pages, one case, its history, notes, files, parts."""

from datetime import datetime
from typing import Any, Literal

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _now
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from chenyue.cases import actions, saved
from chenyue.cases import queries as cases
from chenyue.cases.attachments import open_for
from chenyue.cases.filters import FILTERS
from chenyue.cases.models import Assignment, Attachment, Case
from chenyue.core.errors import NotFound, Refusal
from chenyue.gateway.api.frame import Code, Cursor, Done, Id, Limit, MaybeWords, all_of, call, listed
from chenyue.gateway.api.routes.appeals import AppealOut, WordsIn
from chenyue.gateway.api.routes.shared import AttachmentOut, Named, Person, PlaceName, _, page_of
from chenyue.gateway.api.shapes import cases as shapes

router = Router(tags=[_("Cases")])
Stage = Literal["before", "after", "note"]


class CaseLine(Schema):
    """A case of a list."""

    number: str
    title: str
    state: str
    urgency: str
    category: str | None
    place: str | None
    room: str
    lead: str | None
    officer: str | None
    appeals: int
    received_at: datetime
    resolve_due_at: datetime | None
    answered_at: datetime | None


class PromiseOut(Schema):
    """One of the three promises: until when, when it was kept, and how the date came about."""

    kind: str
    due_at: datetime
    done_at: datetime | None
    why: list[str]


class AssignmentOut(Schema):
    """A unit's part in a case."""

    id: int
    unit: Named
    role: str
    state: str
    officer: Person | None
    task: str
    report: str
    reason: str
    active: bool
    sent_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None


class AnswerOut(Schema):
    """What was done (for the office) and what the reporters read."""

    round: int
    unit: Named | None
    result: str
    done: str
    told: str
    at: datetime


class NoteOut(Schema):
    """An internal note."""

    words: str
    by: Person
    at: datetime


class CaseOut(Schema):
    """Everything of one case that the token's owner reads. `moves` and `parts`: what they may do now."""

    number: str
    version: int
    title: str
    state: str
    round: int
    result: str
    urgency: str
    handling: str
    channel: str
    sensitivity: str
    category: Named | None
    place: PlaceName | None
    room: str
    lead: Named | None
    officer: Person | None
    received_at: datetime
    triaged_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    waiting_reason: str
    waiting_until: datetime | None
    joined_into: str | None
    joined: list[str]
    promises: list[PromiseOut]
    assignments: list[AssignmentOut]
    answers: list[AnswerOut]
    appeals: list[AppealOut]
    attachments: list[AttachmentOut]
    notes: list[NoteOut]
    moves: list[str]
    parts: list[str]


class EntryOut(Schema):
    """One line of the history."""

    id: int
    verb: str
    at: datetime
    sentence: str
    words: str
    by: str
    by_kind: str
    visible_to: str


class ViewOut(Schema):
    """A list's filters under a name; `query` can be sent to `/cases` as it is."""

    id: int
    name: str
    query: str
    shared: bool


class ViewIn(Schema):
    """A list's filters under a name."""

    name: Code
    query: MaybeWords
    shared: bool = False


class OfficerIn(Schema):
    """Who of the unit sees to it; null for nobody by name."""

    officer_id: Id | None = None


CasePage = page_of("CasePage", CaseLine)
EntryPage = page_of("EntryPage", EntryOut)
ViewPage = page_of("ViewPage", ViewOut)
AttachmentPage = page_of("AttachmentPage", AttachmentOut)


def case_of(made: Any, number: str) -> Case:
    """The case, if the caller may see it."""
    made.need("case.see")
    return cases.case_for(made.member, number)


@router.get("/cases", response=CasePage, summary=_("Cases, the newest first"))
def list_cases(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Needs `case.see`. Filters as on the list of cases, each may stand several times: state, category, lead, unit,
    community, estate, building, urgency, handling, channel, result, due (late, 2h, today, week), from, to, mine, q;
    `order=due` for the next due first. A filter that isn't known, or means nothing, is refused.
    """
    made = call(request)
    made.need("case.see")
    if unknown := set(request.GET) - set(FILTERS) - {"cursor", "limit", "order"}:
        raise Refusal(_now("There is no filter “%(name)s”.") % {"name": min(unknown)[:40]}, code="filter")
    page = shapes.case_list(made.member, request.GET, at=made.at, cursor=cursor, size=limit)
    return listed(page, cursor, shapes.line)


@router.get("/views", response=ViewPage, summary=_("Saved views"))
def list_views(request: HttpRequest) -> Any:
    """Needs `case.see`: one's own, and those that others share."""
    made = call(request)
    made.need("case.see")
    return all_of(shapes.view_list(made.member), shapes.view)


@router.post("/views", response={201: ViewOut}, summary=_("Save a view"))
def save_view(request: HttpRequest, body: ViewIn) -> Any:
    """Needs `case.see`. One's own view of the same name is replaced."""
    made = call(request)
    made.need("case.see")
    if len(body.query) > 500:
        raise Refusal(_now("These filters are too long."), field="query", code="too_long")
    given = body.model_dump()
    found = made.once(lambda: {"id": saved.save_view(**given, by=made.by, at=made.at).pk}, given)
    return Status(201, found | given)


@router.get("/cases/{number}", response=CaseOut, summary=_("One case"))
def get_case(request: HttpRequest, number: Code) -> Any:
    """Needs `case.see`."""
    made = call(request)
    made.need("case.see")
    return shapes.case(made.member, number, at=made.at)


@router.get("/cases/{number}/timeline", response=EntryPage, summary=_("The history of a case, the newest first"))
def get_timeline(request: HttpRequest, number: Code, before: Query[Id | None] = None, limit: Limit = 50) -> Any:
    """Needs `case.see`. The next page: `before` the last `id`."""
    made = call(request)
    made.need("case.see")
    rows = shapes.history(made.member, number, before=before, size=limit)
    return {"items": rows, "next": str(rows[-1]["id"]) if len(rows) == limit else None}


@router.post("/cases/{number}/notes", response=Done, summary=_("Write an internal note"))
def add_note(request: HttpRequest, number: Code, body: WordsIn) -> Any:
    """For whoever works on the case. No resident reads it."""
    made = call(request)
    case = case_of(made, number)

    def act() -> dict[str, Any]:
        actions.add_note(case=case, words=body.words, by=made.by, at=made.at)
        return {"done": True}

    return made.once(act, body.model_dump())


@router.post("/cases/{number}/attachments", response={201: AttachmentPage}, summary=_("Add photos or files"))
def add_attachments(request: HttpRequest, number: Code, files: File[list[UploadedFile]], stage: Form[Stage]) -> Any:
    """For whoever works on the case. Photographs are re-encoded; what isn't a photograph or a PDF is refused."""
    made = call(request)
    case = case_of(made, number)
    content = [stage, *((file.name, file.size) for file in files)]

    def act() -> dict[str, Any]:
        rows = actions.attach(case=case, files=files, stage=stage, by=made.by, at=made.at)
        return {"ids": [row.pk for row in rows]}

    found = made.once(act, content)
    rows = Attachment.objects.filter(pk__in=found["ids"], case=case).order_by("pk")
    return Status(201, all_of(rows, shapes.attachment))


@router.get("/attachments/{token}", summary=_("A file of a case"), response={200: None})
def get_attachment(request: HttpRequest, token: Code) -> Any:
    """Needs `case.see`. The content, with the type it was sniffed as."""
    made = call(request)
    made.need("case.see")
    row = Attachment.objects.filter(case__in=cases.visible(made.member), token=token).first()
    if row is None:
        raise NotFound
    found = open_for(row)
    answer = FileResponse(found.file, content_type=found.content_type, filename=found.name, as_attachment=True)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@router.post("/cases/{number}/officer", response=CaseOut, summary=_("Name who of the unit sees to it"))
def set_officer(request: HttpRequest, number: Code, body: OfficerIn) -> Any:
    """Needs `case.work` for the unit."""
    made = call(request)
    case = case_of(made, number)

    def act() -> dict[str, Any]:
        actions.set_officer(case=case, officer_id=body.officer_id, by=made.by, at=made.at)
        return {"number": number}

    made.once(act, body.model_dump())
    return shapes.case(made.member, number, at=made.at)


class PartIn(Schema):
    """What was done, or why a unit is let off; nothing for accepting."""

    words: MaybeWords = ""


def part_of(case: Case, pk: int) -> Assignment:
    """A part of this case. NotFound for another's."""
    found = case.assignments.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@router.post(
    "/cases/{number}/parts/{part}/{act}", response=CaseOut, summary=_("Accept, report or excuse an assisting part")
)
def act_on_part(
    request: HttpRequest, number: Code, part: Id, act: Literal["accept", "report", "excuse"], body: PartIn
) -> Any:
    """By the assisting unit; excusing by whoever dispatches, or watches over the leading unit."""
    made = call(request)
    case = case_of(made, number)
    mine, by, at = part_of(case, part), made.by, made.at

    def run() -> dict[str, Any]:
        if act == "accept":
            actions.accept_part(case=case, unit_id=mine.unit_id, by=by, at=at)
        elif act == "report":
            actions.report_part(case=case, done=body.words, unit_id=mine.unit_id, by=by, at=at)
        else:
            actions.excuse_part(assignment=mine, reason=body.words, by=by, at=at)
        return {"number": number}

    made.once(run, body.model_dump())
    return shapes.case(made.member, number, at=made.at)

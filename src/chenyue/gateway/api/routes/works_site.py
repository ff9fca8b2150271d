"""On the site of renewal works: defects and complaints, notices that hang, photographs."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from chenyue.core.errors import NotFound, Refusal
from chenyue.gateway.api.frame import Call, Code, Day, Id, Line, MaybeWords, Words, call
from chenyue.gateway.api.routes.lookups import unit_or_none
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.routes.works import plan_of, project_of, sent
from chenyue.gateway.api.shapes import works as shapes
from chenyue.works.lifecycle import FileKind, PostingKind
from chenyue.works.models import Defect, Posting, Project, WorksFile
from chenyue.works.site import defects, permits, photos, postings, queries

router = Router(tags=[_("Renewal projects")])


class DefectIn(Schema):
    """What is wrong, and where; no building: the whole site. `unit`: who must mend it, if not the contractor."""

    words: Words = Field(max_length=2000)
    building_id: Id | None = None
    spot: Line = Field("", max_length=120)
    complaint: bool = False
    unit: Code | None = None


class DefectOut(Schema):
    """A defect, or a complaint about how people were treated."""

    number: str
    state: str
    complaint: bool
    building_id: int | None
    spot: str
    words: str
    unit: str | None
    at: datetime
    due_at: datetime | None
    mended_at: datetime | None
    mended: str
    rounds: int
    checked_at: datetime | None


class MendedIn(Schema):
    """What was done."""

    words: Words = Field(max_length=2000)


class CheckIn(Schema):
    """Good, or back again with what isn't; a disputed one is let go (good) or insisted on, with words."""

    good: bool
    words: MaybeWords = Field("", max_length=2000)


class NoticeIn(Schema):
    """A notice before it hangs. `display`: such as `15d` or `10wd`; the last day is computed."""

    kind: PostingKind
    title: Line = Field(min_length=1, max_length=120)
    text: Words
    display: Line = Field("", max_length=12)
    plan: Id | None = None
    buildings: list[Id] = Field([], max_length=500)
    elsewhere: Line = Field("", max_length=120)


class NoticeOut(Schema):
    """A notice: what it says, where it hangs, until when."""

    id: int
    kind: str
    title: str
    text: str
    display: str
    state: str
    plan: int | None
    buildings: list[int]
    elsewhere: str
    since: date | None
    until: date | None
    reason: str


class HangIn(Schema):
    """It hangs since this day; where the photographs were taken."""

    on: Day
    words: Line = Field("", max_length=120)


class ProofIn(Schema):
    """Where the photographs were taken."""

    words: Line = Field("", max_length=120)


class WithdrawIn(Schema):
    """Why it is taken back."""

    reason: Line


class FileIn(Schema):
    """Photographs before or after, or drawings; of a building, or of the whole site."""

    kind: Literal["before", "after", "plan"]
    building_id: Id | None = None
    words: Line = Field("", max_length=120)
    public: bool = False


class FileOut(Schema):
    """A photograph or a drawing; its content is at `/works/{number}/files/{id}`."""

    id: int
    kind: str
    name: str
    type: str
    size: int
    sha256: str
    public: bool
    at: datetime


DefectPage = page_of("DefectPage", DefectOut)
NoticePage = page_of("NoticePage", NoticeOut)
FilePage = page_of("FilePage", FileOut)


def defect_of(made: Call, number: str, defect: str) -> Defect:
    """A defect that the caller may see."""
    row = queries.defect_for(project_of(made, number), made.member, defect)
    if row is None:
        raise NotFound
    return row


def shown(made: Call, number: str, defect: str) -> dict[str, Any]:
    """The defect as it stands now."""
    return shapes.defect(defect_of(made, number, defect))


def notice_of(project: Project, pk: int) -> Posting:
    """A notice of the project."""
    row = Posting.objects.select_related("project", "plan").filter(project=project, pk=pk).first()
    if row is None:
        raise NotFound
    return row


def read_notice(made: Call, project: Project, pk: int) -> dict[str, Any]:
    """The notice as it stands now."""
    return shapes.notice(notice_of(project, pk), timezone.localdate(made.at))


def names(files: list[UploadedFile]) -> list[Any]:
    """What tells one upload from another."""
    return [(file.name, file.size) for file in files]


@router.get("/works/{number}/defects", response=DefectPage, summary=_("Defects and complaints"))
def list_defects(request: HttpRequest, number: Code, only: Query[Literal["", "open", "complaint"]] = "") -> Any:
    """Those that the token's owner sees: at places they record at, or that their unit mends."""
    made = call(request)
    rows = queries.defects(project_of(made, number), made.member, only)
    return whole([shapes.defect(row) for row in rows])


@router.post("/works/{number}/defects", response={201: DefectOut}, summary=_("Take a defect down"))
def report_defect(
    request: HttpRequest, number: Code, body: Form[DefectIn], photos: File[list[UploadedFile]] = []  # noqa: B006
) -> Any:  # fmt: skip
    """Needs `works.record` there. The unit is told, and has the project's days."""
    made = call(request)
    project = project_of(made, number, "record")
    given = body.model_dump(exclude={"building_id", "unit"}) | {"building": body.building_id}

    def act() -> dict[str, Any]:
        unit = unit_or_none(body.unit)
        row = defects.report(
            project=project, unit=unit.pk if unit else None, uploads=photos, by=made.by, at=made.at, **given
        )  # fmt: skip
        return {"defect": row.number}

    found = made.once(act, [sent(body), *names(photos)])["defect"]
    return Status(201, shown(made, number, found))


@router.get("/works/{number}/defects/{defect}", response=DefectOut, summary=_("One defect"))
def get_defect(request: HttpRequest, number: Code, defect: Code) -> Any:
    """For who records there, and the unit that mends."""
    return shown(call(request), number, defect)


@router.post("/works/{number}/defects/{defect}/mended", response=DefectOut, summary=_("It is mended"))
def mend_defect(
    request: HttpRequest, number: Code, defect: Code, body: Form[MendedIn],
    photos: File[list[UploadedFile]] = [],  # noqa: B006
) -> Any:  # fmt: skip
    """Needs `works.answer` for the unit. Somebody else checks it."""
    made = call(request)
    row = defect_of(made, number, defect)
    act: dict[str, Any] = {"defect": row, "words": body.words, "uploads": photos, "by": made.by, "at": made.at}
    made.do(lambda: defects.mended(**act), [sent(body), *names(photos)])
    return shown(made, number, defect)


@router.post("/works/{number}/defects/{defect}/dispute", response=DefectOut, summary=_("It isn't ours to mend"))
def dispute_defect(request: HttpRequest, number: Code, defect: Code, body: MendedIn) -> Any:
    """Needs `works.answer` for the unit. The office decides."""
    made = call(request)
    row = defect_of(made, number, defect)
    made.do(lambda: defects.dispute(defect=row, words=body.words, by=made.by, at=made.at), sent(body))
    return shown(made, number, defect)


@router.post("/works/{number}/defects/{defect}/check", response=DefectOut, summary=_("Somebody looked"))
def check_defect(request: HttpRequest, number: Code, defect: Code, body: CheckIn) -> Any:
    """Needs `works.record` there. Never by the unit that mends."""
    made = call(request)
    row = defect_of(made, number, defect)
    made.do(lambda: defects.check(defect=row, by=made.by, at=made.at, **body.model_dump()), sent(body))
    return shown(made, number, defect)


@router.get("/works/{number}/notices", response=NoticePage, summary=_("Notices, the newest first"))
def list_notices(request: HttpRequest, number: Code) -> Any:
    """With drafts, and those that were withdrawn."""
    made = call(request)
    day = timezone.localdate(made.at)
    rows = Posting.objects.filter(project=project_of(made, number)).select_related("plan").order_by("-pk")
    return whole([shapes.notice(row, day) for row in rows])


@router.post("/works/{number}/notices", response={201: NoticeOut}, summary=_("Write a notice"))
def write_notice(request: HttpRequest, number: Code, body: NoticeIn) -> Any:
    """Needs `works.manage`. It hangs when somebody says so."""
    made = call(request)
    project = project_of(made, number, "manage")
    pk = made.once(lambda: {"notice": _save(made, project, body).pk}, sent(body))["notice"]
    return Status(201, read_notice(made, project, pk))


@router.post("/works/{number}/notices/{id}", response=NoticeOut, summary=_("Change a notice that doesn't hang yet"))
def change_notice(request: HttpRequest, number: Code, id: Id, body: NoticeIn) -> Any:
    """Needs `works.manage`."""
    made = call(request)
    project = project_of(made, number, "manage")
    row = notice_of(project, id)
    made.do(lambda: _save(made, project, body, row), sent(body))
    return read_notice(made, project, id)


def _save(made: Call, project: Project, body: NoticeIn, row: Posting | None = None) -> Posting:
    plan = plan_of(project, body.plan) if body.plan else None
    where: list[int | str] = [*body.buildings, *([body.elsewhere] if body.elsewhere else [])]
    return postings.save_posting(
        project=project, posting=row, kind=body.kind, title=body.title, text=body.text, display=body.display,
        plan=plan, places=where, by=made.by, at=made.at,
    )  # fmt: skip


@router.post("/works/{number}/notices/{id}/hang", response=NoticeOut, summary=_("It hangs"))
def hang_notice(
    request: HttpRequest, number: Code, id: Id, body: Form[HangIn], photos: File[list[UploadedFile]] = []  # noqa: B006
) -> Any:  # fmt: skip
    """By who manages, records or answers there. Photographs prove it; they may follow."""
    made = call(request)
    project = project_of(made, number)
    row, given = notice_of(project, id), body.model_dump()
    made.do(
        lambda: postings.post(posting=row, uploads=photos, by=made.by, at=made.at, **given),
        [sent(body), *names(photos)],
    )  # fmt: skip
    return read_notice(made, project, id)


@router.post("/works/{number}/notices/{id}/proofs", response=NoticeOut, summary=_("Photographs of a notice"))
def prove_notice(
    request: HttpRequest, number: Code, id: Id, body: Form[ProofIn], photos: File[list[UploadedFile]]
) -> Any:  # fmt: skip
    """By who manages, records or answers there, of one that hangs."""
    made = call(request)
    project = project_of(made, number)
    row = notice_of(project, id)
    act: dict[str, Any] = {"posting": row, "uploads": photos, "words": body.words, "by": made.by, "at": made.at}
    made.do(lambda: postings.add_proof(**act), [sent(body), *names(photos)])
    return read_notice(made, project, id)


@router.post("/works/{number}/notices/{id}/withdraw", response=NoticeOut, summary=_("Take a notice back"))
def withdraw_notice(request: HttpRequest, number: Code, id: Id, body: WithdrawIn) -> Any:
    """Needs `works.manage`. It stays in the list with its reason."""
    made = call(request)
    project = project_of(made, number, "manage")
    row = notice_of(project, id)
    made.do(lambda: postings.withdraw(posting=row, reason=body.reason, by=made.by, at=made.at), sent(body))
    return read_notice(made, project, id)


@router.get("/works/{number}/files", response=FilePage, summary=_("Photographs before and after, drawings"))
def list_files(request: HttpRequest, number: Code) -> Any:
    """Those of the site and its buildings. The inside of homes and signed sheets are on their pages."""
    made = call(request)
    project = project_of(made, number)
    kinds = (FileKind.BEFORE, FileKind.AFTER, FileKind.PLAN)
    rows = WorksFile.objects.filter(project=project, kind__in=kinds).exclude(of__startswith="home:")
    return whole([shapes.file(row) for row in rows.order_by("-pk")[:500]])


@router.post("/works/{number}/files", response={201: FilePage}, summary=_("Add photographs or drawings"))
def add_files(request: HttpRequest, number: Code, body: Form[FileIn], files: File[list[UploadedFile]]) -> Any:
    """By who records there, and units of the project; what residents see, only by who records."""
    made = call(request)
    project = project_of(made, number)
    given = body.model_dump(exclude={"building_id"}) | {"building": body.building_id}
    if body.building_id and body.building_id not in permits.buildings_of(project):
        raise Refusal(_now("One of these buildings doesn't belong to the project."), field="building_id")

    def act() -> dict[str, Any]:
        rows = photos.add_files(project=project, uploads=files, by=made.by, at=made.at, **given)
        return {"files": [row.pk for row in rows]}

    found = made.once(act, [sent(body), *names(files)])["files"]
    rows = WorksFile.objects.filter(project=project, pk__in=found).order_by("pk")
    return Status(201, whole([shapes.file(row) for row in rows]))


@router.get("/works/{number}/files/{id}", response={200: None}, summary=_("The content of a file"))
def get_file(request: HttpRequest, number: Code, id: Id) -> Any:
    """For who may see it. With the type it was sniffed as."""
    made = call(request)
    project = project_of(made, number)
    row = WorksFile.objects.filter(project=project, pk=id).first()
    if row is None or not queries.may_open(row, project, made.member):
        raise NotFound
    found = photos.opened(row)
    answer = FileResponse(found.file, content_type=found.content_type, filename=found.name, as_attachment=True)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer

"""A steward's own work: quick reports, visits, words left at the door; calls of the weather."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from chenyue.cases import actions as cases
from chenyue.cases.models import Appeal, Channel
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.paging import Order, keyset
from chenyue.gateway.api.frame import Call, Cursor, Day, Id, Limit, Line, MaybeWords, Moment, Words, call, listed
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.routes.stewards import managed
from chenyue.gateway.api.shapes import stewards as shapes
from chenyue.people.rules import may
from chenyue.stewards import inbox, reach, visiting, weather
from chenyue.stewards.lifecycle import Outcome, Weather
from chenyue.stewards.models import WeatherCall

router = Router(tags=[_("Stewards")])
NEWEST = Order("at")
FIELDS = {"attachments": "files", "place_id": "building_id"}  # of an appeal → of a report


class BuildingOut(Schema):
    """A building that the token's owner looks after."""

    id: int
    name: str


class ReportIn(Schema):
    """What is the matter in one's own building. `visit_id`: the visit that it came of."""

    building_id: Id
    words: Words
    room: Line = Field("", max_length=20)
    name: Line = Field("", max_length=40)
    phone: Line = Field("", max_length=20)
    consent_contact: bool = False
    visit_id: Id | None = None


class ReportOut(Schema):
    """What was filed. `receipt` is the reporter's own key: give it to nobody else."""

    appeal: str
    case: str
    receipt: str
    joined: bool


class VisitIn(Schema):
    """Which door and how it went; `at`: when, within the last two weeks (now unless said)."""

    building_id: Id
    room: Line = Field(min_length=1, max_length=20)
    outcome: Outcome
    words: MaybeWords = Field("", max_length=2000)
    next_on: Day | None = None
    at: Moment | None = None


class VisitOut(Schema):
    """A visit. `code`: what the home may say under, whether it was visited."""

    id: int
    building_id: int
    room: str
    outcome: str
    words: str
    at: datetime
    next_on: date | None
    code: str
    confirmed: bool | None
    case: str | None
    photo: bool


class WordOut(Schema):
    """Words left at the door; who left them is read on its page, for a reason."""

    id: int
    building_id: int
    room: str
    words: str
    state: str
    at: datetime
    answer: str
    case: str | None
    wants_a_call: bool


class AnswerIn(Schema):
    """What whoever left the words reads under their receipt."""

    words: Words


class ProgressOut(Schema):
    """How far a call has come in a building."""

    building_id: int
    homes: int
    seen: int


class WeatherOut(Schema):
    """A call of the weather."""

    id: int
    weather: str
    since: date
    until: date
    words: str
    ended_at: datetime | None


class WeatherSeen(WeatherOut):
    """How far it has come; a steward reads of their own buildings."""

    progress: list[ProgressOut]


class WeatherIn(Schema):
    """To look in on the homes of the care list from a day to a day."""

    weather: Weather
    since: Day
    until: Day
    words: Line = ""


BuildingPage = page_of("BuildingPage", BuildingOut)
VisitPage = page_of("VisitPage", VisitOut)
WordPage = page_of("WordPage", WordOut)
WeatherPage = page_of("WeatherPage", WeatherOut)


def serving(request: HttpRequest) -> Call:
    """The call of somebody who looks after buildings."""
    made = call(request)
    made.need(reach.WORD)
    return made


def mine(made: Call, building_id: int | None = None) -> list[int]:
    """The buildings of the token's owner, or one of them. NotFound for another's."""
    if building_id is not None:
        return [reach.require(made.member, building_id).id]
    return [place.id for place in reach.buildings(made.member)]


@router.get("/stewards/buildings", response=BuildingPage, summary=_("The buildings of the token's owner"))
def list_buildings(request: HttpRequest) -> Any:
    """Needs `steward.serve`."""
    made = serving(request)
    return whole([{"id": place.id, "name": place.full_name} for place in reach.buildings(made.member)])


@router.post("/stewards/reports", response={201: ReportOut}, summary=_("Report something in one's own building"))
def file_report(request: HttpRequest, body: Form[ReportIn], files: File[list[UploadedFile]] = []) -> Any:  # noqa: B006
    """Needs `steward.serve` and `case.file` there. Photographs, PDF and voice notes; those can't be transcribed."""
    made = serving(request)
    place = reach.require(made.member, body.building_id)
    if not may(made.member, "case.file", place_ids={place.id, place.estate_id or 0, place.community_id or 0}):
        raise NotAllowed
    content = [body.model_dump(), *((file.name, file.size) for file in files)]
    found = made.once(lambda: _report(made, body, files), content)
    receipt = Appeal.objects.values_list("receipt", flat=True).get(number=found["appeal"])
    return Status(201, found | {"receipt": receipt})


def _report(made: Call, body: ReportIn, files: list[UploadedFile]) -> dict[str, Any]:
    visit = visiting.visit_for(made.member, body.visit_id) if body.visit_id else None
    try:
        filed = cases.file_appeal(
            words=body.words, channel=Channel.STEWARD, place_id=body.building_id, room=body.room,
            reporter=cases.ReporterData(name=body.name, phone=body.phone), consent_contact=body.consent_contact,
            attachments=files, taken_by=made.member, by=made.by, at=made.at,
        )  # fmt: skip
    except Refusal as refusal:
        refusal.field = FIELDS.get(refusal.field or "", refusal.field)
        raise
    if visit is not None:
        visiting.made_a_case(visit=visit, number=filed.case.number, by=made.by, at=made.at)
    return {"appeal": filed.appeal.number, "case": filed.case.number, "joined": filed.joined}


@router.get("/stewards/visits", response=VisitPage, summary=_("Visits, the newest first"))
def list_visits(
    request: HttpRequest, building_id: Query[Id | None] = None, cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """Needs `steward.serve`; those to one's own buildings."""
    made = serving(request)
    page = keyset(visiting.visits_of(mine(made, building_id)), NEWEST, cursor, limit)
    return listed(page, cursor, shapes.visit)


@router.post("/stewards/visits", response={201: VisitOut}, summary=_("Write a visit down"))
def record_visit(request: HttpRequest, body: Form[VisitIn], photos: File[list[UploadedFile]] = []) -> Any:  # noqa: B006
    """Needs `steward.serve` for the building. One photograph is kept."""
    made = serving(request)
    given = body.model_dump()
    told = visiting.Told(body.room, body.outcome, body.words, body.next_on, body.at)

    def act() -> dict[str, Any]:
        pk = given["building_id"]
        return {"visit": visiting.visit(building_id=pk, told=told, photos=photos, by=made.by, at=made.at).pk}

    found = made.once(act, [body.model_dump(mode="json"), *((file.name, file.size) for file in photos)])
    return Status(201, shapes.visit(visiting.visit_for(made.member, found["visit"])))


@router.get("/stewards/words", response=WordPage, summary=_("Words left at the door, the newest first"))
def list_words(request: HttpRequest, waiting: Query[bool] = True, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Needs `steward.serve`; at one's own buildings. `waiting=false`: also what was answered."""
    made = serving(request)
    rows = inbox.waiting(mine(made)) if waiting else inbox.left(mine(made))
    return listed(keyset(rows, NEWEST, cursor, limit), cursor, shapes.word)


@router.post("/stewards/words/{id}/answer", response=WordOut, summary=_("Answer words left at the door"))
def answer_words(request: HttpRequest, id: Id, body: AnswerIn) -> Any:
    """Needs `steward.serve` there. Whoever left them reads it under their receipt."""
    made = serving(request)
    row = inbox.word_for(made.member, id)
    made.do(lambda: inbox.answer(word=row, words=body.words, by=made.by, at=made.at), body.model_dump())
    return shapes.word(inbox.word_for(made.member, id))


@router.post("/stewards/words/{id}/case", response={201: ReportOut}, summary=_("Make a case of words left"))
def file_words(request: HttpRequest, id: Id) -> Any:
    """Needs `steward.serve` there. In the name of who left them, as they were said."""
    made = serving(request)
    row = inbox.word_for(made.member, id)

    def act() -> dict[str, Any]:
        filed = cases.file_appeal(
            words=row.words, channel=Channel.STEWARD, place_id=row.building_id, room=row.room,
            reporter=cases.ReporterData(name=row.name, phone=row.phone), consent_contact=bool(row.phone),
            received_at=row.at, taken_by=made.member, by=made.by, at=made.at,
        )  # fmt: skip
        inbox.filed(word=row, number=filed.case.number, by=made.by, at=made.at)
        return {"appeal": filed.appeal.number, "case": filed.case.number, "joined": filed.joined}

    found = made.once(act, {})
    receipt = Appeal.objects.values_list("receipt", flat=True).get(number=found["appeal"])
    return Status(201, found | {"receipt": receipt})


@router.post("/stewards/words/{id}/{act}", response=WordOut, summary=_("Set words aside, or take that back"))
def set_words_aside(request: HttpRequest, id: Id, act: Literal["aside", "back"]) -> Any:
    """Needs `steward.serve` there. For what is meant for nobody, such as advertising."""
    made = serving(request)
    row = inbox.word_for(made.member, id)
    made.do(lambda: inbox.set_aside(word=row, aside=act == "aside", by=made.by, at=made.at), {})
    return shapes.word(inbox.word_for(made.member, id))


@router.get("/stewards/weather", response=WeatherPage, summary=_("Calls of the weather, the newest first"))
def list_weather(request: HttpRequest) -> Any:
    """Needs `steward.serve` or `steward.manage`."""
    made = call(request)
    made.need(reach.WORD, "steward.manage")
    return whole([shapes.weather_call(row) for row in weather.calls()])


@router.get("/stewards/weather/{id}", response=WeatherSeen, summary=_("How far a call of the weather has come"))
def get_weather(request: HttpRequest, id: Id) -> Any:
    """Needs `steward.serve` (of one's own buildings) or `steward.manage`."""
    made = call(request)
    made.need(reach.WORD, "steward.manage")
    row = _called(id)
    seen = weather.progress(row, None if made.may("steward.manage") else mine(made))
    progress = [{"building_id": one.building_id, "homes": one.homes, "seen": one.seen} for one in seen]
    return shapes.weather_call(row) | {"progress": progress}


def _called(pk: int) -> WeatherCall:
    row = WeatherCall.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


@router.post(
    "/stewards/weather", response={201: WeatherOut}, summary=_("Call the stewards to the homes they look after")
)
def call_weather(request: HttpRequest, body: WeatherIn) -> Any:
    """Needs `steward.manage`. They are told at once."""
    made = managed(request)
    given, day = body.model_dump(), timezone.localdate(made.at)
    pk = made.once(
        lambda: {"call": weather.call(by=made.by, at=made.at, day=day, **given).pk}, body.model_dump(mode="json")
    )["call"]  # fmt: skip
    return Status(201, shapes.weather_call(_called(pk)))


@router.post("/stewards/weather/{id}/end", response=WeatherOut, summary=_("The weather is over"))
def end_weather(request: HttpRequest, id: Id) -> Any:
    """Needs `steward.manage`."""
    made = managed(request)
    row = _called(id)
    made.do(lambda: weather.end(call=row, by=made.by, at=made.at), {})
    return shapes.weather_call(_called(id))

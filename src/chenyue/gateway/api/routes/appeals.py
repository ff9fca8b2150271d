"""Appeals: filed, read, added to; a reporter's contact data for a reason."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from chenyue.cases import actions, rules
from chenyue.cases import queries as cases
from chenyue.cases.models import Appeal, Channel
from chenyue.catalogue.models import Urgency
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.gateway.api.frame import Code, Cursor, Done, Id, Limit, Line, Moment, Words, call, listed
from chenyue.gateway.api.routes.shared import AttachmentOut, _, page_of
from chenyue.gateway.api.shapes import cases as shapes
from chenyue.people.actions import reveal_contact

router = Router(tags=[_("Appeals")])


class Reporter(Schema):
    """Who said it; all may be left out. A nickname alone stays anonymous."""

    name: Line = ""
    phone: Line = ""
    email: Line = ""
    nickname: Line = ""


class AppealIn(Schema):
    """One person's words. What is left out is suggested by triage; a person confirms it."""

    words: Words
    channel: Channel
    place_id: Id | None = None
    room: Line = ""
    place_told: Line = ""
    title: Line = ""
    category: Code | None = None
    urgency: Urgency | None = None
    reporter: Reporter | None = None
    consent_contact: bool = False
    confidential: bool = False
    join: Code | None = Field(None, description="number of an open case of the same matter")
    external_number: Line = ""
    received_at: Moment | None = None


class FiledOut(Schema):
    """What was filed. `receipt` is the reporter's own key to the progress: give it to nobody else."""

    number: str
    case: str
    receipt: str
    joined: bool
    known: bool


class AdditionOut(Schema):
    """Words that were added later."""

    words: str
    by_resident: bool
    at: datetime


class AppealOut(Schema):
    """One person's words. Contact data masked."""

    number: str
    case: str
    channel: str
    words: str
    title: str
    external_number: str
    place_told: str
    reporter: str
    phone: str
    confidential: bool
    withdrawn: bool
    received_at: datetime
    filed_at: datetime
    additions: list[AdditionOut]
    attachments: list[AttachmentOut]


class ContactOut(Schema):
    """A reporter's contact data, for the reason that was given and written down."""

    name: str
    phone: str
    email: str
    address: str


class WordsIn(Schema):
    """Some words."""

    words: Words


AppealPage = page_of("AppealPage", AppealOut)


@router.post("/appeals", response={201: FiledOut}, summary=_("File an appeal"))
def file_appeal(request: HttpRequest, body: AppealIn) -> Any:
    """Needs `case.file`. The same `external_number` in the same channel is filed once."""
    made = call(request)
    made.need("case.file")
    found = made.once(lambda: _file(made, body), body.model_dump(mode="json"))
    row = Appeal.objects.only("number", "receipt").get(number=found["number"])
    return Status(201, found | {"receipt": row.receipt})


def _file(made: Any, body: AppealIn) -> dict[str, Any]:
    given = body.model_dump()
    given["category_code"], given["join_number"] = given.pop("category"), given.pop("join")
    reporter = actions.ReporterData(**told) if (told := given.pop("reporter")) else None
    filed = actions.file_appeal(**given, reporter=reporter, by=made.by, at=made.at)
    return {"number": filed.appeal.number, "case": filed.case.number, "joined": filed.joined, "known": filed.known}


@router.get("/appeals", response=AppealPage, summary=_("Appeals, the newest first"))
def list_appeals(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 50, filed_since: Query[Moment | None] = None
) -> Any:
    """Needs `case.see`; those on cases that the token's owner sees."""
    made = call(request)
    made.need("case.see")
    page = shapes.appeal_list(made.member, cursor=cursor, size=limit, since=filed_since)
    return listed(page, cursor, shapes.appeal_row)


@router.get("/appeals/{number}", response=AppealOut, summary=_("One appeal"))
def get_appeal(request: HttpRequest, number: Code) -> Any:
    """Needs `case.see`."""
    made = call(request)
    made.need("case.see")
    return shapes.appeal_row(shapes.appeal_for(made.member, number))


@router.get("/appeals/{number}/contact", response=ContactOut, summary=_("A reporter's contact data, for a reason"))
def get_contact(request: HttpRequest, number: Code, reason: Query[Line]) -> Any:
    """Needs `contact.see`. The look and its reason are written down and stand on the case's timeline."""
    made = call(request)
    made.need("contact.see")
    voice = shapes.appeal_for(made.member, number)
    if voice.reporter is None:
        raise NotFound
    units = rules.units_of(voice.case.assignments.filter(active=True))
    if not rules.holds(made.member, "contact.see", voice.case, units):
        raise NotAllowed
    return reveal_contact(
        resident=voice.reporter, subject=voice.case.subject, reason=reason, by=made.by, at=made.at,
        unit_ids=units, place_ids=rules.places_of(voice.case), sensitivity=voice.case.sensitivity,
    )  # fmt: skip


@router.post("/appeals/{number}/words", response=Done, summary=_("Add words to an appeal"))
def add_words(request: HttpRequest, number: Code, body: WordsIn) -> Any:
    """For whoever works on the case. The appeal's own words stay."""
    made = call(request)
    made.need("case.see")
    voice = shapes.appeal_for(made.member, number)
    cases.require_part(made.member, voice.case, "add_note")

    def act() -> dict[str, Any]:
        actions.add_words(appeal=voice, words=body.words, by=made.by, at=made.at)
        return {"done": True}

    return made.once(act, body.model_dump())

"""Who looks after which building: stewards, their terms, absences and hand-overs. By who appoints them."""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from ninja import Query, Router, Schema, Status
from pydantic import Field

from chenyue.core.errors import NotFound, Refusal
from chenyue.gateway.api.frame import Call, Day, Done, Id, Line, MaybeWords, call
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.shapes import field as shapes
from chenyue.people.models import Member
from chenyue.places.models import Kind, Place
from chenyue.stewards import actions, queries
from chenyue.stewards.lifecycle import EndReason, StewardKind, TermRole
from chenyue.stewards.models import Steward, Term

router = Router(tags=[_("Stewards")])
MANAGE = "steward.manage"
M = TypeVar("M", bound=Model)
MOST_BUILDINGS = 500


class StewardName(Schema):
    """A steward; the name only of who wants it on the door."""

    id: int
    name: str


class CoverOut(Schema):
    """A building and who answers for it."""

    building_id: int
    building: str
    vacant: bool
    main: StewardName | None
    deputy: StewardName | None
    substitute: StewardName | None
    load: float
    flags: list[str]


class TermOut(Schema):
    """From when to when a steward answers for a building."""

    id: int
    building_id: int
    steward: StewardName | None
    role: str
    since: date
    until: date | None
    ended_at: datetime | None
    end_reason: str


class StewardOut(Schema):
    """Somebody who looks after buildings; the name only of who wants it on the door, never a number."""

    id: int
    name: str
    kind: str
    state: str
    since: date
    ended_on: date | None
    member_id: int | None
    share: int
    version: int


class HandOverOut(Schema):
    """What goes from one steward to the next, and whether it was received."""

    id: int
    building_id: int
    made_at: datetime
    received_at: datetime | None


class StewardIn(Schema):
    """Somebody who looks after buildings. When one is changed, what is left out stays as it is.

    `version`: the one that was read; refused (409) if somebody changed it since. A number is kept encrypted and
    never shown here.
    """

    name: Line | None = Field(None, min_length=1, max_length=40)
    kind: StewardKind | None = None
    shows_name: bool | None = None
    phone: Line | None = Field(None, max_length=40)
    birth_year: int | None = Field(None, ge=1900, le=2100)
    home_id: Id | None = None
    dialects: list[Line] | None = Field(None, max_length=20)
    share: int | None = Field(None, ge=10, le=200)
    most_buildings: int | None = Field(None, ge=1, le=200)
    since: Day | None = None
    member_id: Id | None = None
    note: Line | None = None
    version: Id | None = None


class TermIn(Schema):
    """Who answers for a building from a day on."""

    steward_id: Id
    building_id: Id
    role: TermRole = TermRole.MAIN
    since: Day
    until: Day | None = None


class EndIn(Schema):
    """Why it ends, and after which day (today unless said). The next steward reads the words."""

    reason: EndReason
    on: Day | None = None
    words: MaybeWords = Field("", max_length=2000)


class HandOnIn(Schema):
    """Who goes on from today."""

    steward_id: Id
    reason: EndReason
    words: MaybeWords = Field("", max_length=2000)


class StandIn(Schema):
    """Who stands in at one building."""

    building_id: Id
    steward_id: Id


class AwayIn(Schema):
    """From a day to a day others stand in: one for all, one for each building, or each building's deputy."""

    since: Day
    until: Day
    steward_id: Id | None = None
    each: list[StandIn] = Field([], max_length=MOST_BUILDINGS)
    words: Line = ""


class Began(Schema):
    """How many terms began or ended by it."""

    count: int


CoverPage = page_of("CoverPage", CoverOut)
TermPage = page_of("TermPage", TermOut)
StewardPage = page_of("StewardPage", StewardOut)
HandOverPage = page_of("HandOverPage", HandOverOut)


def managed(request: HttpRequest) -> Call:
    """The call of who appoints stewards."""
    made = call(request)
    made.need(MANAGE)
    return made


def one(model: type[M], pk: int) -> M:
    """A row by its id. NotFound without one."""
    row = model._default_manager.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def named(model: type[M], pk: int, field: str) -> M:
    """A row that a body names; a refusal at its field without one."""
    row = model._default_manager.filter(pk=pk).first()
    if row is None:
        raise Refusal(_now("Choose one from the list."), field=field, code="choice")
    return row


@router.get("/stewards/coverage", response=CoverPage, summary=_("Who answers for each building"))
def list_coverage(request: HttpRequest, day: Query[Day | None] = None, within: Query[Id | None] = None) -> Any:
    """Needs `steward.manage`. `within`: only buildings in this community or estate."""
    made = call(request)
    made.need("steward.manage")
    return whole(shapes.coverage(day or timezone.localdate(made.at), within))


@router.get("/stewards/terms", response=TermPage, summary=_("All terms of a building"))
def list_terms(request: HttpRequest, building_id: Query[Id]) -> Any:
    """Needs `steward.manage`."""
    made = call(request)
    made.need("steward.manage")
    if not Place.objects.filter(pk=building_id, kind=Kind.BUILDING).exists():
        raise NotFound
    return whole(shapes.terms(building_id))


@router.post("/stewards/terms", response={201: TermOut}, summary=_("Let a steward answer for a building"))
def begin_term(request: HttpRequest, body: TermIn) -> Any:
    """Needs `steward.manage`. Who signs in sees the building from that day on, as by hand."""
    made = managed(request)

    def act() -> dict[str, Any]:
        found = actions.begin_term(
            steward=named(Steward, body.steward_id, "steward_id"), building=_building(body.building_id),
            role=body.role, since=body.since, until=body.until, by=made.by, at=made.at,
        )  # fmt: skip
        return {"term": found.pk}

    return Status(201, shapes.term(one(Term, made.once(act, body.model_dump(mode="json"))["term"])))


def _building(pk: int) -> Place:
    row = Place.objects.filter(pk=pk, kind=Kind.BUILDING).first()
    if row is None:
        raise Refusal(_now("Choose one from the list."), field="building_id", code="choice")
    return row


@router.post("/stewards/terms/{id}/end", response=TermOut, summary=_("End a term"))
def end_term(request: HttpRequest, id: Id, body: EndIn) -> Any:
    """Needs `steward.manage`. What goes to the next steward of the building is opened as a hand-over."""
    made = managed(request)
    row = one(Term, id)
    made.do(lambda: actions.end_term(term=row, by=made.by, at=made.at, **body.model_dump()), _sent(body))
    return shapes.term(one(Term, id))


@router.post("/stewards/terms/{id}/hand-on", response={201: TermOut}, summary=_("A building goes to another steward"))
def hand_on(request: HttpRequest, id: Id, body: HandOnIn) -> Any:
    """Needs `steward.manage`. Today, in one step: the term that begins."""
    made = managed(request)
    row = one(Term, id)

    def act() -> dict[str, Any]:
        to = named(Steward, body.steward_id, "steward_id")
        begun, _opened = actions.hand_on(
            term=row, to=to, reason=body.reason, words=body.words, by=made.by, at=made.at
        )  # fmt: skip
        return {"term": begun.pk}

    return Status(201, shapes.term(one(Term, made.once(act, _sent(body))["term"])))


def _sent(body: Schema) -> Any:
    return body.model_dump(mode="json")


@router.get("/stewards/hand-overs", response=HandOverPage, summary=_("Hand-overs that wait for the token's owner"))
def list_hand_overs(request: HttpRequest) -> Any:
    """For a steward. What the one before wants the next to know is read on its page."""
    made = call(request)
    made.need("steward.serve", MANAGE)
    return whole([shapes.hand_over(row) for row in queries.waiting_hand_overs(made.member)])


@router.post("/stewards/hand-overs/{id}/received", response=HandOverOut, summary=_("Everything was received"))
def receive_hand_over(request: HttpRequest, id: Id) -> Any:
    """By the next steward, or with `steward.manage` in their name."""
    made = call(request)
    made.need("steward.serve", MANAGE)
    row = queries.hand_over_for(made.member, id, made.may(MANAGE))
    if row is None:
        raise NotFound
    made.do(lambda: actions.acknowledge(hand_over=row, by=made.by, at=made.at), {})
    row.refresh_from_db()
    return shapes.hand_over(row)


@router.get("/stewards", response=StewardPage, summary=_("Stewards"))
def list_stewards(request: HttpRequest) -> Any:
    """Needs `steward.manage`. With those who have stopped."""
    managed(request)
    return whole([shapes.steward(row) for row in Steward.objects.order_by("pk")])


@router.post("/stewards", response={201: StewardOut}, summary=_("Write a steward down"))
def add_steward(request: HttpRequest, body: StewardIn) -> Any:
    """Needs `steward.manage`. A building is given by a term."""
    made = managed(request)
    if body.name is None:
        raise Refusal(_now("A steward needs a name."), field="name", code="required")
    pk = made.once(lambda: {"steward": _save(made, None, body).pk}, _sent(body))["steward"]
    return Status(201, shapes.steward(one(Steward, pk)))


@router.post("/stewards/{id}/away", response=Began, summary=_("Others stand in from a day to a day"))
def send_away(request: HttpRequest, id: Id, body: AwayIn) -> Any:
    """Needs `steward.manage`. On the day after, everything is as before by itself."""
    made = managed(request)
    row = one(Steward, id)

    def act() -> dict[str, Any]:
        who: Any = {line.building_id: named(Steward, line.steward_id, "each") for line in body.each} or None
        if body.steward_id is not None:
            who = named(Steward, body.steward_id, "steward_id")
        began = actions.substitute(
            steward=row, by_whom=who, since=body.since, until=body.until, words=body.words, by=made.by, at=made.at
        )  # fmt: skip
        return {"count": len(began)}

    return made.once(act, _sent(body))


@router.post("/stewards/{id}/leave", response=Began, summary=_("A steward stops"))
def stop_steward(request: HttpRequest, id: Id, body: EndIn) -> Any:
    """Needs `steward.manage`. All terms end; `count`: buildings that hand over."""
    made = managed(request)
    row = one(Steward, id)
    given = body.model_dump()
    return made.once(
        lambda: {"count": len(actions.leave(steward=row, by=made.by, at=made.at, **given))}, _sent(body)
    )  # fmt: skip


@router.post("/stewards/{id}/return", response=Done, summary=_("Back from an absence, or going on after all"))
def bring_back(request: HttpRequest, id: Id) -> Any:
    """Needs `steward.manage`."""
    made = managed(request)
    row = one(Steward, id)
    return made.do(lambda: actions.come_back(steward=row, by=made.by, at=made.at), {})


@router.post("/stewards/{id}", response=StewardOut, summary=_("Change what is known of a steward"))
def change_steward(request: HttpRequest, id: Id, body: StewardIn) -> Any:
    """Needs `steward.manage`. What is left out stays as it is; null empties what may be empty."""
    made = managed(request)
    row = one(Steward, id)
    made.do(lambda: _save(made, row, body), body.model_dump(mode="json", exclude_unset=True))
    return shapes.steward(one(Steward, id))


def _save(made: Call, row: Steward | None, body: StewardIn) -> Steward:
    given = body.model_dump(exclude_unset=True)
    version = given.pop("version", None)
    for name in ("name", "kind", "shows_name", "phone", "share", "since", "note", "dialects"):
        if given.get(name, ...) is None:
            del given[name]  # these are never empty
    if "home_id" in given:
        pk = given.pop("home_id")
        given["home"] = named(Place, pk, "home_id") if pk else None
    if "member_id" in given:
        pk = given.pop("member_id")
        given["member"] = named(Member, pk, "member_id") if pk else None
    return actions.save_steward(steward=row, version=version, by=made.by, at=made.at, **given)

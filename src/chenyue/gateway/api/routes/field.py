"""Out in the field: stewards, renewal works, reception."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from ninja import Query, Router, Schema

from chenyue.core.errors import NotFound, Refusal
from chenyue.gateway.api.frame import Code, Day, Id, call
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.shapes import field as shapes
from chenyue.places.models import Kind, Place
from chenyue.reception import queries as reception

router = Router(tags=[_("Stewards, works, reception")])
WORKS = ("works.manage", "works.record", "works.answer")
RECEPTION = ("reception.serve", "reception.roster", "reception.venues", "case.see")
MOST_DAYS = 92


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


class VenueOut(Schema):
    """Where people are received."""

    id: int
    name: str
    kind: str
    address: str
    how_to_reach: str
    windows: int
    active: bool


class OnDuty(Schema):
    """A member on duty."""

    id: int
    name: str
    lead: bool


class SittingOut(Schema):
    """One opening of a venue."""

    id: int
    venue_id: int
    venue: str
    day: date
    starts_at: datetime
    ends_at: datetime
    state: str
    capacity: int
    issued: int
    on_duty: list[OnDuty]


class WaitingOut(Schema):
    """A ticket in the line: how many are before it, minutes until the call."""

    ticket: str
    ahead: int
    low: int | None
    high: int | None
    reason: str


class CalledOut(Schema):
    """A ticket at a window."""

    ticket: str
    window: int | None


class QueueOut(Schema):
    """The line of a sitting."""

    sitting_id: int
    state: str
    stopped: bool
    waiting: list[WaitingOut]
    called: list[CalledOut]
    in_visit: list[CalledOut]
    booked: int
    ended: int


CoverPage = page_of("CoverPage", CoverOut)
TermPage = page_of("TermPage", TermOut)
ProjectPage = page_of("ProjectPage", ProjectLine)
HomePage = page_of("HomePage", HomeOut)
VenuePage = page_of("VenuePage", VenueOut)
SittingPage = page_of("SittingPage", SittingOut)


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


@router.get("/reception/venues", response=VenuePage, summary=_("Venues"))
def list_venues(request: HttpRequest) -> Any:
    """For any member of staff with matters to do."""
    made = call(request)
    made.need(*RECEPTION)
    return whole([shapes.venue(row) for row in reception.venue_list(timezone.localdate(made.at))])


@router.get("/reception/sittings", response=SittingPage, summary=_("Sittings, with who is on duty"))
def list_sittings(request: HttpRequest, since: Query[Day | None] = None, until: Query[Day | None] = None) -> Any:
    """Both days counted, today unless asked otherwise; at most 92 days. What isn't published needs a permission of
    the reception.
    """
    made = call(request)
    made.need(*RECEPTION)
    first = since or timezone.localdate(made.at)
    last = until or first
    if not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
        raise Refusal(_now("The end lies before the beginning, or too far after it."), field="until", code="period")
    rows = reception.sittings_between(first, last)
    if not any(made.may(word) for word in RECEPTION if word != "case.see"):
        rows = rows.exclude(published_at=None)
    return whole([shapes.sitting(row) for row in rows])


@router.get("/reception/sittings/{id}/queue", response=QueueOut, summary=_("The queue of a sitting"))
def get_queue(request: HttpRequest, id: Id) -> Any:
    """For who receives there. Tickets and intervals; nobody's name and never the matter."""
    made = call(request)
    return shapes.queue_of(made.member, id, made.at)

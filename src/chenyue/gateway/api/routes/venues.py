"""Where people are received: venues, sittings and the line of one of them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from ninja import Query, Router, Schema

from chenyue.core.errors import Refusal
from chenyue.gateway.api.frame import Day, Id, call
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.shapes import field as shapes
from chenyue.reception import queries as reception

router = Router(tags=[_("Reception")])
RECEPTION = ("reception.serve", "reception.roster", "reception.venues", "case.see")
MOST_DAYS = 92


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

    id: int
    ticket: str
    ahead: int
    low: int | None
    high: int | None
    reason: str


class CalledOut(Schema):
    """A ticket at a window, or set aside."""

    id: int
    ticket: str
    window: int | None


class BookedOut(Schema):
    """A booked ticket whose visitor hasn't come yet."""

    id: int
    ticket: str
    booked_for: datetime | None


class QueueOut(Schema):
    """The line of a sitting."""

    sitting_id: int
    state: str
    stopped: bool
    waiting: list[WaitingOut]
    called: list[CalledOut]
    in_visit: list[CalledOut]
    set_aside: list[CalledOut]
    bookings: list[BookedOut]
    booked: int
    ended: int


VenuePage = page_of("VenuePage", VenueOut)
SittingPage = page_of("SittingPage", SittingOut)


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
    made.need(*RECEPTION)
    return shapes.queue_of(made.member, id, made.at)

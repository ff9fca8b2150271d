"""Afterwards: callbacks, refused answers, rates."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from ninja import Query, Router, Schema

from chenyue.catalogue.queries import catalogue
from chenyue.core.errors import Refusal
from chenyue.followup import actions, queries
from chenyue.followup.models import Callback, Grade, LeftOut
from chenyue.followup.rates import Within
from chenyue.gateway.api.frame import Code, Cursor, Day, Done, Id, Limit, Line, MaybeWords, all_of, call, listed
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.shapes import afterwards as shapes

router = Router(tags=[_("Afterwards")])
DAYS, MOST_DAYS = 30, 3660


class CallbackOut(Schema):
    """A reporter who is asked whether it is solved. Contact data masked."""

    id: int
    case: str
    appeal: str
    round: int
    state: str
    reporter: str
    phone: str
    tries: int
    next_try_at: datetime | None
    created_at: datetime
    ended_at: datetime | None


class AttemptIn(Schema):
    """A call, and whether somebody was reached."""

    reached: bool
    words: Line = ""


class RatingIn(Schema):
    """What the reporter said."""

    grade: Grade
    solved: bool
    contacted: bool | None = None
    words: MaybeWords = ""


class ExcludeIn(Schema):
    """Why this reporter is left out of the rates; printed beside the figures."""

    reason: LeftOut
    words: Line


class RefusalOut(Schema):
    """An answer that its reporter didn't take: a person explains or reopens (moves of the case)."""

    id: int
    case: str
    appeal: str
    grade: str
    solved: bool
    words: str
    at: datetime


class RateOut(Schema):
    """A figure with everything to check it. `lists`: filters of `/cases` behind each part."""

    code: str
    version: int
    numerator: int
    denominator: int
    percent: str | None
    rule: str
    source: str
    small: bool
    parts: dict[str, int]
    lists: dict[str, str]


CallbackPage = page_of("CallbackPage", CallbackOut)
RefusalPage = page_of("RefusalPage", RefusalOut)
RatePage = page_of("RatePage", RateOut)


@router.get("/callbacks", response=CallbackPage, summary=_("Callbacks, the oldest first"))
def list_callbacks(
    request: HttpRequest, state: Query[Callback.State | None] = None, cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """Needs `callback.make`."""
    made = call(request)
    made.need("callback.make")
    page = shapes.callback_list(made.member, state=str(state or ""), cursor=cursor, size=limit)
    return listed(page, cursor, shapes.callback)


@router.post("/callbacks/{id}/attempts", response=Done, summary=_("Write down a call"))
def record_attempt(request: HttpRequest, id: Id, body: AttemptIn) -> Any:
    """Needs `callback.make`. After the calls that the office's rule asks for, it counts as tried."""
    made = call(request)
    made.need("callback.make")
    row = shapes.callback_for(made.member, id)

    def act() -> dict[str, Any]:
        actions.record_attempt(callback=row, reached=body.reached, words=body.words, by=made.by, at=made.at)
        return {"done": True}

    return made.once(act, body.model_dump())


@router.post("/callbacks/{id}/rating", response=Done, summary=_("Write down what the reporter said"))
def rate_callback(request: HttpRequest, id: Id, body: RatingIn) -> Any:
    """Needs `callback.make`. A dissatisfied or unsolved one waits for a person's decision."""
    made = call(request)
    made.need("callback.make")
    row = shapes.callback_for(made.member, id)

    def act() -> dict[str, Any]:
        actions.rate(callback=row, **body.model_dump(), by=made.by, at=made.at)
        return {"done": True}

    return made.once(act, body.model_dump(mode="json"))


@router.post("/callbacks/{id}/exclusion", response=Done, summary=_("Leave a reporter out of the rates"))
def exclude_callback(request: HttpRequest, id: Id, body: ExcludeIn) -> Any:
    """Needs `callback.exclude`."""
    made = call(request)
    made.need("callback.exclude")
    row = shapes.callback_for(made.member, id, "callback.exclude")

    def act() -> dict[str, Any]:
        actions.exclude(callback=row, **body.model_dump(), by=made.by, at=made.at)
        return {"done": True}

    return made.once(act, body.model_dump(mode="json"))


@router.get("/refusals", response=RefusalPage, summary=_("Refused answers that wait for a decision"))
def list_refusals(request: HttpRequest, limit: Limit = 200) -> Any:
    """Needs `case.review_answer`. Decided by the moves `explain` and `reopen`."""
    made = call(request)
    made.need("case.review_answer")
    return all_of(queries.refusals_for(made.member)[:limit], shapes.refusal)


@router.get("/rates", response=RatePage, summary=_("The rates over whole days"))
def list_rates(
    request: HttpRequest,
    since: Query[Day | None] = None,
    until: Query[Day | None] = None,
    lead: Query[Code | None] = None,
    category: Query[Code | None] = None,
    community_id: Query[Id | None] = None,
) -> Any:
    """Needs `insight.see`. `until` is counted too; the last thirty days unless asked otherwise."""
    made = call(request)
    made.need("insight.see")
    last = until or timezone.localdate(made.at)
    first = since or last - timedelta(days=DAYS - 1)
    if not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
        raise Refusal(_now("The end lies before the beginning, or too far after it."), field="until", code="period")
    within = Within(community_id=community_id, lead_id=_unit(lead), category_id=_category(category))
    rows = shapes.rates(made.member, first, last + timedelta(days=1), within, at=made.at)
    return {"items": rows, "next": None}


def _unit(code: str | None) -> int | None:
    found = catalogue().unit_by_code.get(code) if code else None
    if code and found is None:
        raise Refusal(_now("There is no unit with this code."), field="lead", code="unit")
    return found.id if found else None


def _category(code: str | None) -> int | None:
    found = catalogue().by_code.get(code) if code else None
    if code and found is None:
        raise Refusal(_now("There is no category with this code."), field="category", code="category")
    return found.id if found else None

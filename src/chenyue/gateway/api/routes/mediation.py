"""Mediation: which matters there are and how they stand. Nobody's name, nobody's words, nothing sealed; read only."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema

from chenyue.core.errors import NotFound
from chenyue.core.paging import Order, keyset
from chenyue.gateway.api.frame import Call, Code, Cursor, Limit, call, listed
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.mediation import seeing
from chenyue.mediation.lifecycle import Stage
from chenyue.mediation.models import Mediation

router = Router(tags=[_("Mediation")])
NEWEST = Order("pk")


class MediationOut(Schema):
    """A matter: where it stands and what comes next. Parties, facts and terms are read on its page."""

    number: str
    case: str
    dispute: str
    stage: str
    stage_at: datetime
    community_id: int | None
    registered_on: date | None
    due_on: date | None
    next_at: datetime | None
    next_what: str
    ended_at: datetime | None


MediationPage = page_of("MediationPage", MediationOut)


def seen(made: Call) -> QuerySet[Mediation]:
    """Matters whose joint pages the token's owner reads; not those that their unit is only invited to."""
    made.need(seeing.SEE, seeing.CONDUCT, seeing.MANAGE)
    reach = replace(seeing.reach_of(made.member), units=())
    return seeing.within(reach, made.member.pk).select_related("case")


def shape(row: Mediation) -> dict[str, Any]:
    """A matter in plain values."""
    return {
        "number": row.number, "case": row.case.number, "dispute": row.dispute, "stage": row.stage,
        "stage_at": row.stage_at, "community_id": row.community_id, "registered_on": row.registered_on,
        "due_on": row.due_on, "next_at": row.next_at, "next_what": row.next_what, "ended_at": row.ended_at,
    }  # fmt: skip


@router.get("/mediations", response=MediationPage, summary=_("Mediations, the newest first"))
def list_mediations(
    request: HttpRequest, stage: Query[Stage | None] = None, cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """Needs `mediation.see`, `mediation.conduct` or `mediation.manage`; as closely kept as the owner may see."""
    rows = seen(call(request))
    page = keyset(rows.filter(stage=stage) if stage else rows, NEWEST, cursor, limit)
    return listed(page, cursor, shape)


@router.get("/mediations/{number}", response=MediationOut, summary=_("One mediation"))
def get_mediation(request: HttpRequest, number: Code) -> Any:
    """Needs a permission of mediation there."""
    row = seen(call(request)).filter(number=number.strip().upper()).first()
    if row is None:
        raise NotFound
    return shape(row)

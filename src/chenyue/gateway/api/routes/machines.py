"""About the call itself, and the webhooks of the token's owner."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Schema

from chenyue.core.errors import NotFound
from chenyue.core.paging import Order, keyset
from chenyue.gateway.api.frame import Call, Cursor, Done, Id, Limit, all_of, call, listed
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.models_machines import Webhook, WebhookDelivery
from chenyue.gateway.webhooks import keeping
from chenyue.gateway.webhooks.events import EVENTS, PING

router = Router(tags=[_("This token, and webhooks")])
NEWEST = Order("id", "id", attribute="pk")


class MeOut(Schema):
    """The token of this call. `words`: what it may do, of what its owner may."""

    name: str
    owner: str
    words: list[str]
    read_only: bool
    hourly: int
    expires_at: datetime


class EventOut(Schema):
    """Something that webhooks can be told."""

    type: str
    name: str


class WebhookOut(Schema):
    """A webhook of the token's owner."""

    id: int
    name: str
    events: list[str]
    taken_at: datetime | None
    paused_at: datetime | None
    ended_at: datetime | None
    failing_since: datetime | None


class DeliveryOut(Schema):
    """One event and what became of it."""

    id: int
    key: str
    type: str
    data: dict[str, Any]
    at: datetime
    state: str
    attempts: int
    status: int | None
    error: str
    next_at: datetime | None


EventPage = page_of("EventPage", EventOut)
WebhookPage = page_of("WebhookPage", WebhookOut)
DeliveryPage = page_of("DeliveryPage", DeliveryOut)


@router.get("/me", response=MeOut, summary=_("What this token may do"))
def get_me(request: HttpRequest) -> Any:
    """For any token."""
    made = call(request)
    token = made.caller.token
    return {
        "name": token.name, "owner": made.member.name, "words": made.words(), "read_only": token.read_only,
        "hourly": token.hourly, "expires_at": token.expires_at,
    }  # fmt: skip


@router.get("/events", response=EventPage, summary=_("What webhooks can be told"))
def list_events(request: HttpRequest) -> Any:
    """For any token."""
    call(request)
    rows = [(PING, _("A test")), *EVENTS.items()]
    return {"items": [{"type": name, "name": str(label)} for name, label in rows], "next": None}


def webhook(row: Webhook) -> dict[str, Any]:
    """Without address and secret: those stand on the page of its owner."""
    names = ("name", "events", "taken_at", "paused_at", "ended_at", "failing_since")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def delivery(row: WebhookDelivery) -> dict[str, Any]:
    """One delivery as the log has it."""
    names = ("key", "type", "data", "at", "state", "attempts", "status", "error", "next_at")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def own(made: Call, pk: int) -> Webhook:
    """A webhook of the token's owner. NotFound for another's."""
    found = Webhook.objects.filter(pk=pk, owner=made.member).first()
    if found is None:
        raise NotFound
    return found


def tried(made: Call, pk: int) -> QuerySet[WebhookDelivery]:
    """The log of a webhook as its owner may read it: whether they see a case is asked when it is sent."""
    rows = WebhookDelivery.objects.filter(webhook=own(made, pk), attempts__gt=0)
    return rows.exclude(state=WebhookDelivery.State.WITHHELD)


@router.get("/webhooks", response=WebhookPage, summary=_("Webhooks of the token's owner"))
def list_webhooks(request: HttpRequest) -> Any:
    """For any token."""
    made = call(request)
    return all_of(Webhook.objects.filter(owner=made.member)[:200], webhook)


@router.get("/webhooks/{id}/deliveries", response=DeliveryPage, summary=_("The delivery log, the newest first"))
def list_deliveries(request: HttpRequest, id: Id, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """To find what was missed; thirty days back. What wasn't tried yet, or isn't its owner's to see, isn't in it."""
    made = call(request)
    rows = tried(made, id)
    return listed(keyset(rows, NEWEST, cursor, limit), cursor, delivery)


@router.post("/webhooks/{id}/deliveries/{delivery_id}/again", response=Done, summary=_("Deliver again"))
def redeliver(request: HttpRequest, id: Id, delivery_id: Id) -> Any:
    """Under the same id."""
    made = call(request)
    row = tried(made, id).filter(pk=delivery_id).select_related("webhook__owner").first()
    if row is None:
        raise NotFound

    def act() -> dict[str, Any]:
        keeping.redeliver(delivery=row, by=made.by, at=made.at)
        return {"done": True}

    return made.once(act, None)

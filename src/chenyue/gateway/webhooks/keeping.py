"""Webhooks offered, taken, paused, given a new secret, tried and ended; deliveries sent again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.core import calling, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.core.text import clean
from chenyue.gateway.api import tokens
from chenyue.gateway.models_machines import Webhook, WebhookDelivery
from chenyue.gateway.webhooks import signing, telling
from chenyue.gateway.webhooks.events import EVENTS, PING
from chenyue.notify.actions import notice
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

BOTH = timedelta(hours=24)  # so long the former secret signs too
State = WebhookDelivery.State


@transaction.atomic
def offer(
    *, name: str, purpose: str, owner: Member, address: str, events: Collection[str], by: Actor, at: datetime
) -> Webhook:
    """Offer a webhook to its owner, who takes it; until then nothing is told.

    Raises Refusal at `owner`, `address` (not https, or inside a network) and `events`.
    """
    maker = tokens.manager(by)
    if not owner.is_active:
        raise Refusal(_("This person isn't active."), field="owner")
    if not events or [event for event in events if event not in EVENTS]:
        raise Refusal(_("Choose what it is told."), field="events")
    try:
        calling.checked(address)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="address", code=refusal.code) from refusal
    row = Webhook.objects.create(
        name=clean(name)[:60], purpose=clean(purpose)[:200], owner=owner, address=address.strip(),
        events=sorted(set(events)), made_by=maker, made_at=at,
    )  # fmt: skip
    _tell(row, "gateway.webhook_offered", by, at)
    said = _("A webhook for %(system)s is waiting for you.") % {"system": row.name}
    notice([owner.pk], said, reverse("gateway:webhook", args=[row.pk]), f"webhook:{row.pk}", at)
    return row


def _own(row: Webhook, by: Actor) -> Webhook:
    """The row, locked, if it is this member's and hasn't ended."""
    if by.kind != "member" or by.key != str(row.owner_id):
        raise NotFound
    return _live(row)


def _managed(row: Webhook, by: Actor) -> Webhook:
    """The row, locked, for its owner and for whoever manages machines."""
    if by.kind != "member" or (by.key != str(row.owner_id) and not may(by.user, tokens.WORD)):
        raise NotFound
    return _live(row)


def _live(row: Webhook) -> Webhook:
    found = Webhook.objects.select_for_update(of=("self",)).select_related("owner").get(pk=row.pk)
    if found.ended_at:
        raise Conflict(_("This webhook has ended."))
    return found


@transaction.atomic
def take(*, webhook: Webhook, by: Actor, at: datetime) -> str:
    """Begin: its secret, for its owner, once. NotFound for others; Conflict if it was taken or has ended."""
    row = _own(webhook, by)
    if row.taken_at:
        raise Conflict(_("This webhook was taken already."))
    row.secret = signing.new_secret()
    row.hint, row.taken_at = row.secret[-4:], at
    row.save(update_fields=["secret", "hint", "taken_at"])
    _changed(row, "gateway.webhook_taken", by, at)
    return str(row.secret)


@transaction.atomic
def rotate(*, webhook: Webhook, by: Actor, at: datetime) -> str:
    """A new secret, for its owner, once; for a day the former one signs as well."""
    row = _own(webhook, by)
    if not row.taken_at:
        raise Conflict(_("This webhook wasn't taken yet."))
    row.former_secret, row.former_until = row.secret, at + BOTH
    row.secret = signing.new_secret()
    row.hint = row.secret[-4:]
    row.save(update_fields=["secret", "hint", "former_secret", "former_until"])
    _changed(row, "gateway.webhook_rotated", by, at)
    return str(row.secret)


@transaction.atomic
def pause(*, webhook: Webhook, by: Actor, at: datetime) -> None:
    """Tell nothing until somebody resumes; what happens meanwhile isn't told later."""
    row = _managed(webhook, by)
    if row.paused_at:
        raise Conflict(_("This webhook is paused already."))
    row.paused_at, row.pause_reason = at, ""
    row.save(update_fields=["paused_at", "pause_reason"])
    _changed(row, "gateway.webhook_paused", by, at)


@transaction.atomic
def resume(*, webhook: Webhook, by: Actor, at: datetime) -> None:
    """Go on. By its owner only: whoever manages machines can't begin what its owner stopped."""
    row = _own(webhook, by)
    if not row.paused_at:
        raise Conflict(_("This webhook isn't paused."))
    row.paused_at, row.pause_reason, row.failing_since = None, "", None
    row.save(update_fields=["paused_at", "pause_reason", "failing_since"])
    _changed(row, "gateway.webhook_resumed", by, at)


@transaction.atomic
def end(*, webhook: Webhook, by: Actor, at: datetime) -> None:
    """End it; what is on its way isn't sent any more, and its secrets are gone."""
    row = _managed(webhook, by)
    row.ended_at, row.secret, row.former_secret = at, "", ""
    row.save(update_fields=["ended_at", "secret", "former_secret"])
    WebhookDelivery.objects.filter(webhook=row, next_at__isnull=False).update(next_at=None, state=State.DEAD)
    _changed(row, "gateway.webhook_ended", by, at)


def ping(*, webhook: Webhook, by: Actor, at: datetime) -> WebhookDelivery:
    """A test: told at once, by `sending.attempt` of the caller; kept in the log like any other."""
    with transaction.atomic():
        row = _managed(webhook, by)
        if not row.taken_at:
            raise Conflict(_("This webhook wasn't taken yet."))
        found = telling.delivery(row.pk, PING, {}, at)
        found.save()
    return found


@transaction.atomic
def redeliver(*, delivery: WebhookDelivery, by: Actor, at: datetime) -> None:
    """Send one again, under the same id: who has it already knows it by that. Conflict while it is on its way."""
    _managed(delivery.webhook, by)
    ended = WebhookDelivery.objects.filter(pk=delivery.pk, next_at=None)
    if not ended.update(state=State.WAITING, attempts=0, next_at=at, error="", status=None):
        raise Conflict(_("It is on its way already."))


def _changed(row: Webhook, verb: str, by: Actor, at: datetime) -> None:
    snapshots.bump(telling.NAME)
    _tell(row, verb, by, at)


def _tell(row: Webhook, verb: str, by: Actor, at: datetime) -> None:
    data = {"name": row.name, "owner": row.owner.name, "host": host(row.address), "events": row.events}
    record(subject=row.subject, verb=verb, by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)


def host(address: str) -> str:
    """Of an address the part that holds no key."""
    return urlsplit(address).hostname or ""

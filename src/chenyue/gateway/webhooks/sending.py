"""Sending what waits: signed, guarded (core.calling), tried again over days, and stopped when nobody answers.

A worker claims a delivery by moving its next attempt forward, guarded by the number of attempts it saw: of two one
wins. A turn has a budget of seconds, and an address that just failed isn't tried a second time in it, so that one
that never answers holds up nobody's clocks.
"""

import json
import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases import rules
from chenyue.cases.models import Assignment, Case
from chenyue.core import calling, snapshots, ticks
from chenyue.core.actors import SYSTEM
from chenyue.gateway.models_machines import Webhook, WebhookDelivery
from chenyue.gateway.webhooks import signing, telling
from chenyue.gateway.webhooks.events import PING
from chenyue.notify.actions import notice
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

log = logging.getLogger(__name__)
State = WebhookDelivery.State
# After a failure, about as the specification proposes; after the last it is given up: some three days in all.
PAUSES = [
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
]  # fmt: skip
LONGEST = timedelta(hours=24)  # that a Retry-After may ask for
PATIENCE = timedelta(days=5)  # of failing, without one success: then it is paused
SECONDS = 15.0  # for one answer
BUDGET = 25.0  # seconds of one turn
BATCH = 200
KEPT = timedelta(days=30)  # the log
GONE = 410


@ticks.every(60, "webhooks.send")
def send_due(at: datetime) -> dict[str, int]:
    """Send what is due; how many of each outcome."""
    done: dict[str, int] = {}
    until, failing = time.monotonic() + BUDGET, set[int]()
    listening = Q(webhook__ended_at=None, webhook__paused_at=None)
    due = WebhookDelivery.objects.filter(listening, next_at__lte=at).select_related("webhook__owner")
    for row in due.order_by("next_at", "pk")[:BATCH]:
        if time.monotonic() > until:
            break
        if row.webhook_id in failing:
            continue
        state = attempt(row, at)
        if state == State.FAILED or state == State.DEAD:
            failing.add(row.webhook_id)
        if state:
            done[state] = done.get(state, 0) + 1
    return done


def attempt(row: WebhookDelivery, at: datetime) -> str | None:
    """Try one delivery once; its new state, or None if another worker has it."""
    number = row.attempts + 1
    pause = PAUSES[number - 1] if number <= len(PAUSES) else None
    claimed = WebhookDelivery.objects.filter(pk=row.pk, attempts=row.attempts, next_at__lte=at)
    if not claimed.update(attempts=number, next_at=at + (pause or PAUSES[-1]), tried_at=at):
        return None
    row.attempts, row.tried_at = number, at
    if not sees(row):
        return _keep(row, State.WITHHELD, None)
    status, error, wait = _sent(row)
    row.status, row.error = status, error
    if not error:
        _worked(row.webhook, at)
        return _keep(row, State.SENT, None)
    _failed(row.webhook, at, gone=status == GONE)
    if pause is None or status == GONE:
        return _keep(row, State.DEAD, None)
    return _keep(row, State.FAILED, at + max(pause, min(wait, LONGEST)))


def _keep(row: WebhookDelivery, state: str, next_at: datetime | None) -> str:
    row.state, row.next_at = state, next_at
    row.save(update_fields=["state", "next_at", "status", "error"])
    return state


def sees(row: WebhookDelivery) -> bool:
    """Whether the owner is still here and sees the case that the event is about."""
    owner = row.webhook.owner
    if not owner.is_active:
        return False
    if row.type == PING:
        return True
    case = Case.objects.filter(number=row.case_number).first()
    if case is None:
        return False
    return rules.may_see(owner, case, list(Assignment.objects.filter(case=case, active=True)))


def body_of(row: WebhookDelivery) -> bytes:
    """What is sent: the kind, when it happened, numbers and states."""
    said = {"type": row.type, "timestamp": timezone.localtime(row.at).isoformat(), "data": row.data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _sent(row: WebhookDelivery) -> tuple[int | None, str, timedelta]:
    """The status that was answered, what went wrong ("" for nothing), and how long we are asked to wait."""
    hook, body = row.webhook, body_of(row)
    assert row.tried_at is not None
    using = [hook.secret]
    if hook.former_secret and hook.former_until and hook.former_until > row.tried_at:
        using.append(hook.former_secret)
    headers = signing.headers(using, row.key, int(row.tried_at.timestamp()), body)
    headers["Content-Type"] = "application/json; charset=utf-8"
    try:
        answer = calling.call("POST", hook.address, headers=headers, body=body, seconds=SECONDS)
    except calling.NotCalled as refusal:
        return None, str(refusal.sentence)[:200], timedelta(0)
    if answer.good:
        return answer.status, "", timedelta(0)
    error = _("It answers with %(status)s.") % {"status": answer.status}
    return answer.status, error, _asked(answer.headers.get("retry-after", ""))


def _asked(value: str) -> timedelta:
    """Retry-After in seconds; a date is left to the schedule."""
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() and len(value) < 8 else timedelta(0)


def _worked(hook: Webhook, at: datetime) -> None:
    if hook.failing_since is not None or hook.worked_at is None or hook.worked_at < at - timedelta(minutes=5):
        Webhook.objects.filter(pk=hook.pk).update(failing_since=None, worked_at=at)
    hook.failing_since, hook.worked_at = None, at


def _failed(hook: Webhook, at: datetime, *, gone: bool) -> None:
    """Note it. Who has failed for days, or says 410, is paused, and its people are told."""
    if hook.failing_since is None:
        Webhook.objects.filter(pk=hook.pk, failing_since=None).update(failing_since=at)
        hook.failing_since = at
    if gone:
        _stop(hook, _("The other side says that it is gone (410)."), at)
    elif hook.failing_since <= at - PATIENCE:
        _stop(hook, _("Nothing has arrived there for %(days)s days.") % {"days": PATIENCE.days}, at)


@transaction.atomic
def _stop(hook: Webhook, why: str, at: datetime) -> None:
    if not Webhook.objects.filter(pk=hook.pk, paused_at=None).update(paused_at=at, pause_reason=why[:200]):
        return
    snapshots.bump(telling.NAME)
    data: dict[str, Any] = {"name": hook.name, "owner": hook.owner.name, "words": why}
    record(
        subject=hook.subject, verb="gateway.webhook_stopped", by=SYSTEM, at=at, data=data, visible_to=VisibleTo.OFFICE
    )
    said = _("The webhook for %(system)s is paused. %(why)s") % {"system": hook.name, "why": why}
    key = f"webhook-stopped:{hook.pk}:{int(at.timestamp())}"
    notice([hook.owner_id, hook.made_by_id], said, reverse("gateway:webhook", args=[hook.pk]), key, at)


@ticks.every(24 * 3600, "webhooks.sweep")
def sweep(at: datetime) -> int:
    """Drop what is older than the log goes back; returns how many."""
    Webhook.objects.filter(former_until__lte=at).update(former_secret="", former_until=None)
    old = WebhookDelivery.objects.filter(at__lt=at - KEPT, next_at=None)
    return old.delete()[0]

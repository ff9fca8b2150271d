"""Sending what is in the outbox, with attempts.

A worker claims a message by moving its next attempt forward, guarded by the number of attempts it
saw: of two workers one wins, and no message is sent twice at the same time. If a worker dies while
sending, the message is tried again at its next moment; it carries one key for all attempts.
What a rate or the night holds back waits and counts as no attempt. What is given up goes by the next
way of its order, if there is one.
"""

import json
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chenyue.core import jobs, limits, ticks
from chenyue.notify import channels, quiet, texts
from chenyue.notify.channels.register import Channel, Outgoing, Postponed, Trouble
from chenyue.notify.models import Message

log = logging.getLogger(__name__)
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12)]
BATCH = 100
PATIENCE = timedelta(days=3)  # what was held back so long is given up: nobody wants last week's news
AWAY = 3  # failures of a channel in one turn: the rest of its messages wait for the next
RETURNS = timedelta(days=7)  # a letter that comes back does so within this time
_OPEN = Q(state__in=[Message.State.QUEUED, Message.State.FAILED])
WAITS = "waits"
UNSAID = {"body": "", "title": "", "blanks": ""}  # of a text that is of use for a moment only


def deliver_due(at: datetime) -> dict[str, int]:
    """Try every message that is due; how many were sent, failed, or were given up."""
    done: Counter[str] = Counter(sent=0, failed=0, dead=0)
    failing: Counter[str] = Counter()
    due = Message.objects.filter(_OPEN, next_attempt_at__lte=at).order_by("next_attempt_at", "pk")
    for message in due[:BATCH]:
        away = failing[message.channel] >= AWAY
        state = hold(message, Postponed("away"), at) if away else attempt(message, at)
        if state is not None:
            done[state] += 1
            failing[message.channel] += state == Message.State.FAILED
    return {state: count for state, count in done.items() if count or state in ("sent", "failed", "dead")}


def attempt(message: Message, at: datetime) -> str | None:
    """Try one message once; its new state (or `waits`), or None if another worker has it."""
    number = message.attempts + 1
    pause = PAUSES[number - 1] if number <= len(PAUSES) else None
    lasts = texts.lasts(message.template)
    if lasts is not None and at - message.created_at > lasts:
        return _too_late(message)
    if held := _held_back(message, at):
        return hold(message, held, at)
    claimed = Message.objects.filter(_OPEN, pk=message.pk, attempts=message.attempts, next_attempt_at__lte=at).update(
        attempts=number, next_attempt_at=at + (pause or PAUSES[-1])
    )
    if not claimed:
        return None
    mine = Message.objects.filter(pk=message.pk, attempts=number)
    try:
        sent_as = _send(message, at) or ""
    except Postponed as postponed:
        return _hold(mine, message, postponed, at)
    except Exception as error:
        if pause is None or getattr(error, "hopeless", False):
            return give_up(message, describe(error), at)
        mine.update(state=Message.State.FAILED, last_error=describe(error), held="")
        log.warning("message %s: attempt %s failed: %s", message.pk, number, describe(error))
        return str(Message.State.FAILED)
    mine.update(
        state=Message.State.SENT, sent_at=at, next_attempt_at=None, last_error="", held="", held_since=None,
        sent_as=sent_as[:80], **({"blanks": ""} if lasts is None else UNSAID),
    )  # fmt: skip
    return str(Message.State.SENT)


def _too_late(message: Message) -> str:
    """What is of no use any more isn't sent, and what it said isn't kept."""
    waiting = Message.objects.filter(_OPEN, pk=message.pk)
    told = {"last_error": "too late", "next_attempt_at": None, "held": "", "others": ""} | UNSAID
    waiting.update(state=Message.State.DEAD, **told)
    return str(Message.State.DEAD)


def _held_back(message: Message, at: datetime) -> Postponed | None:
    channel = channels.find(message.channel)
    if channel is not None and channel.night and not message.urgent:
        until = quiet.ends(at)
        return Postponed("night", until=until) if until else None
    return None


def hold(message: Message, why: Postponed, at: datetime) -> str | None:
    """Let a message wait that nobody has claimed yet. None if somebody has it meanwhile."""
    mine = Message.objects.filter(_OPEN, pk=message.pk, attempts=message.attempts, next_attempt_at__lte=at)
    return _hold(mine, message, why, at)


def _hold(mine: Any, message: Message, why: Postponed, at: datetime) -> str | None:
    since = message.held_since or at
    if at - since > PATIENCE:
        return give_up(message, f"waited too long: {why.why}", at)
    until = max(why.until or at + timedelta(seconds=why.seconds), at + timedelta(seconds=1))
    changed = mine.update(attempts=message.attempts, next_attempt_at=until, held=why.why, held_since=since)
    return WAITS if changed else None


@transaction.atomic
def give_up(message: Message, why: str, at: datetime) -> str:
    """It goes by the next way of its order, if there is one; else a person has to look."""
    State = Message.State
    others = [other for other in json.loads(message.others or "[]") if channels.is_on(other["channel"])]
    state = State.PASSED if others else State.DEAD
    row = Message.objects.filter(pk=message.pk).exclude(state=State.PASSED)
    unsaid = UNSAID if state == State.DEAD and texts.lasts(message.template) is not None else {}
    told = {"last_error": why, "next_attempt_at": None, "held": "", "held_since": None, "others": ""} | unsaid
    if row.update(state=state, **told) and others:
        first, *more = others
        Message.objects.bulk_create(
            [
                Message(
                    **first, key=_next_key(message.key, first["channel"]), template=message.template,
                    about=message.about, urgent=message.urgent, created_at=at, next_attempt_at=at,
                    others=json.dumps(more, ensure_ascii=False) if more else "",
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    log.warning("message %s: %s: %s", message.pk, state, why)
    return str(state)


def bounced(mark: str, status: str, at: datetime) -> bool:
    """A letter that was sent came back for good: it goes by the next way, or a person has to look. True if known."""
    message = Message.objects.filter(sent_as=mark, channel="email", state=Message.State.SENT).first() if mark else None
    if message is not None:
        give_up(message, f"bounced {status}"[:80], at)
    return message is not None


@ticks.every(24 * 3600, "notify.sweep")
def sweep(at: datetime) -> int:
    """Other ways of letters that arrived: after a week none comes back any more."""
    old = Message.objects.filter(state=Message.State.SENT, sent_at__lt=at - RETURNS, sent_at__gt=at - 2 * RETURNS)
    return old.exclude(others="").update(others="")


def _next_key(key: str, channel: str) -> str:
    return f"{key[: 119 - len(channel)]}>{channel}"


def _send(message: Message, at: datetime) -> str:
    channel = channels.find(message.channel)
    if channel is not None and not channels.ready(channel):
        raise Trouble("switched off", hopeless=True)
    return dispatch(message, at)


def dispatch(message: Message, at: datetime) -> str:
    """Hand a message over now, within the channel's rates. Raises Trouble, Postponed, or what the way there raises."""
    channel = channels.find(message.channel)
    if channel is None or channel.send is None:
        raise Trouble("no such channel", hopeless=True)
    setup = channels.of(channel.code)
    wait = limits.room(_counted(channel, channel.rates(setup), message.address), at)
    if wait is not None:
        raise Postponed("rate", until=wait)
    return channel.send(outgoing(message), setup)


def outgoing(message: Message) -> Outgoing:
    """A row as a channel gets it."""
    return Outgoing(
        message.key, message.template, message.address, message.title, message.body, message.about, message.filled,
        message.urgent,
    )  # fmt: skip


def _counted(channel: Channel, rates: Sequence[Any], address: str) -> list[tuple[limits.Limit, str]]:
    return [
        (
            limits.Limit(f"send:{channel.code}:{n}", rate.most, rate.within),
            address if rate.each else channel.code,
        )
        for n, rate in enumerate(rates)
        if rate.most and (address or not rate.each)
    ]


def describe(error: Exception) -> str:
    """What went wrong, without words of a server: those repeat the address."""
    if isinstance(error, Trouble):
        return error.code
    code = getattr(error, "smtp_code", None)
    if code is None and isinstance(error, OSError):
        code = error.errno
    return type(error).__name__ + (f" {code}" if code else "")


@ticks.every(60, "notify.deliver")
def tick(at: datetime) -> dict[str, int]:
    """Each minute."""
    return deliver_due(at)


@jobs.job("notify.deliver")
def job() -> None:
    """At once, for what is urgent."""
    deliver_due(timezone.now())

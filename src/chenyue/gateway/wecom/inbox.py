"""What WeCom sends is put on disk and answered at once; a job works on it, each thing once.

WeCom waits five seconds and sends again up to three times. So the same message is known by its number, and a
message that couldn't be worked on is tried again by us, not by them.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import jobs, keeping
from chenyue.core.errors import Refusal
from chenyue.core.ticks import every
from chenyue.gateway.models_wecom import WecomInbound, WecomLink
from chenyue.gateway.wecom import heard as heards
from chenyue.gateway.wecom.api import Trouble
from chenyue.gateway.wecom.heard import Heard

PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3)]
BATCH = 50
KEPT = "gateway.wecom_inbound"  # that something came
Outcome = WecomInbound.Outcome
log = logging.getLogger(__name__)


def key_of(row: Mapping[str, str]) -> str:
    """By what a message to an app is known again: its number; an event by who, when and what."""
    if number := row.get("MsgId", ""):
        return f"msg:{number}"[:160]
    parts = (row.get(name, "") for name in ("FromUserName", "CreateTime", "Event", "EventKey", "TaskId"))
    return ("event:" + ":".join(parts))[:160]


def put(link: WecomLink, key: str, heard: Heard, at: datetime) -> WecomInbound | None:
    """Keep a message until it is worked on, and ask for that; None if it came before."""
    row = WecomInbound(link=link, key=key[:160], kind=_kind(heard), body=heards.packed(heard), at=at, next_at=at)
    rows = WecomInbound.objects.bulk_create([row], ignore_conflicts=True)
    found = WecomInbound.objects.filter(link=link, key=rows[0].key, outcome=Outcome.WAITING, tries=0, at=at).first()
    if found is None:
        return None
    pk = found.pk
    transaction.on_commit(lambda: jobs.enqueue("gateway.wecom", pk=pk))
    return found


def _kind(heard: Heard) -> str:
    event = str(heard.data.get("Event") or heard.data.get("event_type") or "") if heard.kind == "event" else ""
    return (event or heard.kind)[:40]


@jobs.job("gateway.wecom")
def job(pk: int) -> None:
    """Work on one message."""
    work(pk, timezone.now())


@every(60, "gateway.wecom")
def tick(at: datetime) -> int:
    """What a job didn't finish, and what waits for its time."""
    due = WecomInbound.objects.filter(next_at__lte=at).order_by("pk").values_list("pk", flat=True)[:BATCH]
    for pk in list(due):
        work(pk, at)
    return len(due)


@every(24 * 3600, "gateway.wecom.sweep")
def sweep(at: datetime) -> int:
    """After a month nobody asks any more whether something came."""
    return keeping.told(KEPT, _old(keeping.before(KEPT, at)).delete()[0], at)


def _old(before: datetime) -> "QuerySet[WecomInbound]":
    return WecomInbound.objects.filter(next_at=None, at__lt=before)


keeping.register(KEPT, days=30, least=7, look=lambda before, at: keeping.counted(_old(before), "at"))


def work(pk: int, at: datetime) -> None:
    """Work on it once; tried again later if something outside failed. Of two workers one has it."""
    row = WecomInbound.objects.select_related("link").filter(pk=pk, next_at__lte=at).first()
    if row is None:
        return
    pause = PAUSES[row.tries] if row.tries < len(PAUSES) else None
    mine = WecomInbound.objects.filter(pk=pk, tries=row.tries, next_at=row.next_at)
    if not mine.update(tries=row.tries + 1, next_at=at + (pause or PAUSES[-1])):
        return
    try:
        outcome, why = _worked(row, at)
    except Refusal as refusal:
        later = isinstance(refusal, Trouble) and refusal.later and pause is not None
        outcome, why = (Outcome.WAITING, "") if later else (Outcome.REFUSED, str(refusal.sentence))
        if later:
            WecomInbound.objects.filter(pk=pk).update(why=str(refusal.sentence)[:200])
            return
    except Exception as error:
        log.exception("wecom message %s failed", pk)
        if pause is not None:
            return
        outcome, why = Outcome.FAILED, type(error).__name__
    kept = {"body": row.body if outcome == Outcome.FAILED else ""}
    WecomInbound.objects.filter(pk=pk).update(outcome=outcome, why=why[:200], next_at=None, **kept)


def _worked(row: WecomInbound, at: datetime) -> tuple[str, str]:
    from chenyue.gateway.wecom import cards, conversation, reports, service

    heard = heards.unpacked(row.body)
    if not row.link.on or row.link.ended_at:
        return Outcome.PASSED, _("The connection is switched off.")
    if heard.kind == "picture":
        return reports.fetch(row.link, heard, at)
    if heard.kind != "event":
        return conversation.hear(row.link, heard, at)
    event = str(heard.data.get("Event") or heard.data.get("event_type") or heard.data.get("eventtype") or "")
    if event == "kf_msg_or_event":
        return Outcome.PASSED, service.pulled_for(row.link, heard, at)
    if event == "template_card_event":
        return cards.pressed(row.link, heard, at)
    if event == "enter_session":
        return conversation.entered(row.link, heard, at)
    return Outcome.PASSED, ""


def again(row: WecomInbound, at: datetime) -> bool:
    """Try a failed one again, as its page offers; False if there is nothing to try."""
    changed = WecomInbound.objects.filter(pk=row.pk, outcome=Outcome.FAILED).exclude(body="")
    done = changed.update(outcome=Outcome.WAITING, tries=0, next_at=at, why="")
    if done:
        jobs.enqueue("gateway.wecom", pk=row.pk)
    return bool(done)

"""What somebody writes in a row becomes one appeal: gathered until they pause, at once where there is danger."""

import logging
import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue import triage
from chenyue.cases import actions
from chenyue.cases.actions import ReporterData, file_appeal
from chenyue.cases.models import Appeal, Attachment, Channel
from chenyue.cases.texts import follow
from chenyue.core import limits
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.ticks import every
from chenyue.gateway.models_wecom import WecomGuest, WecomInbound, WecomTalk
from chenyue.gateway.open311.taking import nearest
from chenyue.gateway.wecom import api, files, telling
from chenyue.gateway.wecom.heard import LONGEST, MOST_MEDIA, Heard
from chenyue.people.rules import may
from chenyue.places import coordinates

PAUSE = timedelta(minutes=1)  # so long after the last message it is filed
WORDLESS = timedelta(minutes=10)  # so long pictures wait for words
AFTER = timedelta(minutes=30)  # so long pictures belong to what was just filed
ADDS = timedelta(days=30)  # so long 补充 adds to it
BATCH = 50
FLOOD = limits.Limit("wecom.filed", 20, timedelta(days=1))  # appeals of one person; more are gathered by the hour
SLOWLY = timedelta(hours=1)
TRIES, SELDOM = 5, 36
AGAIN = timedelta(minutes=10)
Outcome = WecomInbound.Outcome
log = logging.getLogger(__name__)
_GREETING = re.compile(
    r"(?:你好|您好|在吗|在么|有人吗|请问|hi|hello|嗯+|好的?|谢谢.{0,4}|收到|ok|[\s，。！？,.!?~、]|\[[^\[\]]{1,6}\])*",
    re.IGNORECASE,
)
_ADDS = re.compile(r"补充[：:，,\s]*(?P<words>.+)", re.DOTALL)


def gather(guest: WecomGuest, heard: Heard, at: datetime) -> tuple[str, str]:
    """Take a message in; what became of it."""
    last = _last(guest, at)
    adds = _ADDS.fullmatch(heard.words)
    if adds and last is not None and last.began_at > at - ADDS:
        return _add(guest, last, adds["words"], at)
    with transaction.atomic():
        talk = _open(guest)
        if talk is None and not heard.words and heard.media and last is not None and last.began_at > at - AFTER:
            WecomTalk.objects.filter(pk=last.pk).update(
                media=[*last.media, *heard.media][:MOST_MEDIA], due_at=at, tries=0
            )
            return Outcome.ADDED, ""
        if talk is None and not heard.media and not heard.told and _GREETING.fullmatch(heard.words):
            telling.help_once(guest, at)
            return Outcome.PASSED, _("Only a greeting.")
        slow = talk is None and not limits.passes([(FLOOD, str(guest.pk))], at)
        talk = talk or WecomTalk(guest=guest, began_at=heard.said_at, place=guest.place)
        slow = slow or (talk.due_at or at) > at + WORDLESS
        _fill(talk, heard)
        danger = triage.suggest(talk.words, talk.place_id, at).emergency if talk.words else None
        talk.due_at = at if danger else at + (SLOWLY if slow else PAUSE if talk.words else WORDLESS)
        talk.save()
    if danger:
        _at_once(talk.pk, at)
    elif not talk.words and heard.kind != "voice":  # of a voice note they have been told
        telling.say(guest, "wecom-wordless", f"wordless:{talk.pk}", at)
    return Outcome.TALK, ""


def _at_once(pk: int, at: datetime) -> None:
    """File it now. What fails here must not be heard a second time: the tick files it within a minute."""
    try:
        file(pk, at)
    except Exception:  # of whatever kind: raised, the letter would be taken as unheard and its words come twice
        log.exception("wecom talk %s failed", pk)


def _open(guest: WecomGuest) -> WecomTalk | None:
    rows = WecomTalk.objects.select_for_update().filter(guest=guest, appeal=None, due_at__isnull=False)
    return rows.order_by("-pk").first()


def _last(guest: WecomGuest, at: datetime) -> WecomTalk | None:
    return WecomTalk.objects.filter(guest=guest, appeal__isnull=False).order_by("-pk").first()


def _fill(talk: WecomTalk, heard: Heard) -> None:
    talk.words = "\n".join(part for part in (talk.words, heard.words) if part)[:LONGEST]
    talk.media = [*talk.media, *heard.media][:MOST_MEDIA]
    talk.told = heard.told or talk.told
    if heard.point:  # a telephone in China says GCJ-02
        talk.place = nearest(coordinates.to_wgs84(heard.point, coordinates.System.GCJ02)) or talk.place


def _add(guest: WecomGuest, last: WecomTalk, words: str, at: datetime) -> tuple[str, str]:
    appeal = Appeal.objects.select_related("case").get(wecom_talks=last)
    try:
        actions.add_words(appeal=appeal, words=words, by=_by(guest), at=at)
    except Refusal as refusal:
        telling.tell(guest, str(refusal.sentence), f"added:{last.pk}:{at.timestamp()}", at)
        return Outcome.REFUSED, str(refusal.sentence)
    key = f"added:{last.pk}:{at.timestamp()}"
    telling.say(guest, "wecom-added", key, at, number=appeal.number)
    return Outcome.ADDED, ""


def _by(guest: WecomGuest) -> Actor:
    """A member who takes appeals down does so in their own name; everybody else is a resident."""
    member = guest.member
    return member.actor() if member is not None and may(member, "case.file") else Actor("resident")


@every(60, "gateway.wecom.talks")
def tick(at: datetime) -> int:
    """File what has come to its end, and fetch pictures that couldn't be fetched before."""
    due = list(WecomTalk.objects.filter(due_at__lte=at).order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
    for pk in due:
        try:
            file(pk, at)
        except Exception:  # of whatever kind: one talk that can't be filed must not hold up all others
            log.exception("wecom talk %s failed", pk)  # nobody's words are dropped: it is tried again, ever more seldom
            tries = WecomTalk.objects.values_list("tries", flat=True).get(pk=pk) + 1
            WecomTalk.objects.filter(pk=pk).update(due_at=at + AGAIN * min(tries, SELDOM), tries=min(tries, SELDOM))
    return len(due)


def file(pk: int, at: datetime) -> Appeal | None:
    """File a talk, unless it is; then fetch its pictures. Of two workers one does."""
    with transaction.atomic():
        rows = WecomTalk.objects.select_for_update(of=("self",)).filter(pk=pk, due_at__lte=at)
        talk = rows.select_related("guest__link", "guest__member", "appeal").first()
        if talk is None:
            return None
        if talk.appeal is None:
            talk.appeal = _filed(talk, at)
        talk.due_at = at + AGAIN if talk.media else None  # if this worker dies, another fetches them
        talk.words = ""
        talk.save()
    if talk.media:
        _fetch(talk, at)
    return talk.appeal


def _filed(talk: WecomTalk, at: datetime) -> Appeal:
    guest, by = talk.guest, _by(talk.guest)
    own = guest.member is not None and by.kind == "member"
    spoken = any(one.get("kind") == "voice" for one in talk.media)
    words = talk.words or (_("Told by voice note: please listen to it.") if spoken else _("(only pictures, no words)"))
    filed = file_appeal(
        words=words, channel=Channel.WECOM, by=by, at=at, received_at=talk.began_at,
        place_id=talk.place_id, place_told=talk.told, external_number=f"wecom:{talk.pk}",
        reporter=ReporterData(nickname=guest.called or (guest.member.name if guest.member else _("WeCom user"))),
        taken_by=guest.member if own else None,
    )  # fmt: skip
    guessed = triage.suggest(talk.words, talk.place_id, at).emergency if talk.words else None
    more: dict[str, Any] = {"number": filed.appeal.number, "follow": follow(filed.appeal.receipt)}
    if guessed:
        telling.say(guest, "wecom-danger", f"filed:{talk.pk}", at, danger=str(guessed.sentence), urgent=True, **more)
    else:
        telling.say(guest, "wecom-received", f"filed:{talk.pk}", at, **more)
    return filed.appeal


def _fetch(talk: WecomTalk, at: datetime) -> None:
    """Fetch the pictures and add them to the appeal; what can't be fetched now, later; what is none, never."""
    left: list[dict[str, str]] = []
    lost = 0
    for number, one in enumerate(talk.media, 1):
        try:
            content = _content(talk, one, at)
        except api.Trouble as trouble:
            if trouble.later and talk.tries < TRIES:
                left.append(one)
            else:
                lost += 1
            continue
        lost += not (content and _attached(talk, content, number, at))
        files.drop(one.get("file", ""))
    if lost and talk.appeal:
        files.lost(talk.appeal, lost, at)
    done = WecomTalk.objects.filter(pk=talk.pk)
    done.update(media=left, due_at=at + AGAIN if left else None, tries=talk.tries + 1)


def _content(talk: WecomTalk, one: dict[str, Any], at: datetime) -> bytes:
    if token := one.get("file"):
        return files.take(token)
    return api.media(talk.guest.link, str(one.get("id") or ""), at=at) if one.get("id") else b""


def _attached(talk: WecomTalk, content: bytes, number: int, at: datetime) -> bool:
    appeal = talk.appeal
    assert appeal is not None
    try:
        actions.attach(
            case=appeal.case, files=[files.upload(content, number)], stage=Attachment.Stage.REPORT,
            by=Actor("resident"), at=at, appeal=appeal, audio=True,
        )  # fmt: skip
    except Refusal as refusal:
        log.info("wecom media of talk %s refused: %s", talk.pk, refusal.code)
        return False
    return True

"""A case goes to another office: a message and its receipt, each exactly once.

All schemas lie in one database. So the sender's case is declined and the message is written in one transaction, and
the receiver files the appeals and the message is receipted in one: whoever is killed in between has done nothing, and
does it again. The message is sealed under the receiver's key and is emptied when it has been taken in.
"""

import json
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from chenyue.cases import actions
from chenyue.cases.intake import ReporterData, file_appeal
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Attachment, Case, Channel
from chenyue.city import register
from chenyue.city.models import HandOver
from chenyue.core import crypto
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Refusal
from chenyue.core.whose import within
from chenyue.people.models import Sensitivity
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

log = logging.getLogger(__name__)
SEALED = "city.hand_over"
TRIES = 10  # minutes in which something unforeseen may pass
BATCH = 50


@transaction.atomic
def hand_over(
    *, case: Case, to: str, reason: str, with_contact: bool, by: Actor, at: datetime, version: int | None = None
) -> UUID:
    """Decline the case here and send it to the office of code `to`; the key of the message.

    `reason` goes with it. Contact data goes only with `with_contact`, and never that of somebody who asked for
    confidence, or whose data may no longer be used. Raises Refusal, and what `cases.actions.move` raises.
    """
    here, there = register.mine(), register.get(to)
    if here is None or there.schema == here.schema or not there.is_open:
        raise Refusal(_("Choose another office that is open."), field="office")
    reason = reason.strip()
    if not 4 <= len(reason) <= 500:
        raise Refusal(_("Say why, in 4 to 500 characters."), field="reason")
    if case.sensitivity != Sensitivity.NORMAL:
        raise Refusal(_("A private matter isn't sent by machine. Speak with the other office."), field="office")
    with override(settings.LANGUAGE_CODE):
        told = _("We have handed your matter over to %(office)s. You needn't tell it again.") % {"office": there.name}
        actions.move(
            case=case, move=Move.DECLINE, by=by, at=at, version=version,
            reason=reason[:200], told=told, route_away=there.name[:60],
        )  # fmt: skip
    message = {"reason": reason, "from": here.name, "appeals": _packed(case, with_contact)}
    with within(there.schema):
        sealed = crypto.encrypt(json.dumps(message, ensure_ascii=False), SEALED)
    with within(""):
        sent = HandOver.objects.create(
            sender=here.code, receiver=there.code, number=case.number, sealed=sealed, sent_at=at
        )
    data = {"office": there.name, "key": sent.key.hex, "contact": with_contact, "words": reason}
    record(subject=case.subject, verb="city.sent", by=by, at=at, data=data)
    return UUID(str(sent.key))


def _packed(case: Case, with_contact: bool) -> list[dict[str, Any]]:
    rows = Appeal.objects.filter(case=case, withdrawn_at__isnull=True).select_related("reporter", "place")
    return [_one(appeal, with_contact) for appeal in rows.order_by("received_at", "pk")]


def _one(appeal: Appeal, with_contact: bool) -> dict[str, Any]:
    place = appeal.place.full_name if appeal.place else ""
    who = appeal.reporter
    usable = with_contact and not appeal.confidential and not (who and (who.locked_at or who.erased_at))
    files = Attachment.objects.filter(appeal=appeal, stage=Attachment.Stage.REPORT).order_by("pk")
    return {
        "title": appeal.title, "words": appeal.words, "confidential": appeal.confidential,
        "place": f"{place} {appeal.place_told}".strip(), "received_at": appeal.received_at.isoformat(),
        "consent": appeal.consent_contact and usable,
        "reporter": {
            "name": who.name if who and usable else "", "phone": who.phone if who and usable else "",
            "email": appeal.email if usable else "", "nickname": appeal.nickname,
        },
        "files": [[file.file.name, file.name] for file in files],
    }  # fmt: skip


def take_in(at: datetime) -> int:
    """What other offices have sent to this one: filed, and receipted; how many."""
    here = register.mine()
    if here is None:
        return 0
    with within(""):
        waiting = HandOver.objects.filter(receiver=here.code, state=HandOver.State.SENT).order_by("sent_at", "key")
        keys = list(waiting.values_list("key", flat=True)[:BATCH])
    return sum(_take(key, at) for key in keys)


def _take(key: UUID, at: datetime) -> bool:
    try:
        return receive(key, at)
    except Refusal as refusal:
        log.warning("hand-over %s was refused: %s", key, refusal)
        _fail(key, at)
    except Exception:
        log.exception("hand-over %s can't be taken in", key)
        with within(""):
            HandOver.objects.filter(key=key, state=HandOver.State.SENT).update(tries=_tries(key))
        if _tries(key) > TRIES:
            _fail(key, at)
    return False


def _tries(key: UUID) -> int:
    with within(""):
        return int(HandOver.objects.values_list("tries", flat=True).get(key=key)) + 1


def _fail(key: UUID, at: datetime) -> None:
    with within(""):
        HandOver.objects.filter(key=key, state=HandOver.State.SENT).update(
            state=HandOver.State.FAILED, ended_at=at, sealed=""
        )


@transaction.atomic
def receive(key: UUID, at: datetime) -> bool:
    """File one message and receipt it, in one transaction; False if somebody else does or has done."""
    here = register.mine()
    with within(""):
        sent = (
            HandOver.objects.select_for_update(skip_locked=True)
            .filter(key=key, state=HandOver.State.SENT, receiver=here.code if here else "")
            .first()
        )
    if sent is None:
        return False
    message = json.loads(crypto.decrypt(sent.sealed, SEALED))
    number = _filed(message, sent, at)
    case = Case.objects.get(number=number)
    data = {"office": message["from"], "number": sent.number, "key": sent.key.hex, "words": message["reason"]}
    record(subject=case.subject, verb="city.received", by=SYSTEM, at=at, data=data)
    with within(""):
        sent.state, sent.taken_as, sent.ended_at, sent.sealed = HandOver.State.RECEIVED, number, at, ""
        sent.save(update_fields=["state", "taken_as", "ended_at", "sealed"])
    return True


def _filed(message: dict[str, Any], sent: HandOver, at: datetime) -> str:
    """The appeals, the first as a case and the others as voices in it; the key of the message keeps each from twice."""
    number = ""
    for n, told in enumerate(message["appeals"]):
        filed = file_appeal(
            words=told["words"], title=told["title"], channel=Channel.PAPER, by=SYSTEM, at=at,
            place_told=told["place"], reporter=ReporterData(**told["reporter"]),
            consent_contact=told["consent"], confidential=told["confidential"],
            attachments=_files(sent.sender, told["files"]), join_number=number or None,
            external_number=f"{sent.key.hex}:{n}", received_at=datetime.fromisoformat(told["received_at"]),
        )  # fmt: skip
        number = number or filed.case.number
    return number


def _files(sender: str, files: list[list[str]]) -> list[Any]:
    """The files out of the sender's folder; one that is gone there doesn't hold up the words."""
    from django.core.files.storage import default_storage

    found = []
    with within(register.schema_of(sender)):
        for path, name in files:
            try:
                with default_storage.open(path) as file:
                    found.append(ContentFile(file.read(), name=name))
            except OSError as error:
                log.warning("a file of a hand-over is gone: %s", error)
    return found


def hear_receipts(at: datetime) -> int:
    """Write into the history of cases that were sent what became of them; how many."""
    here = register.mine()
    if here is None:
        return 0
    with within(""):
        ended = HandOver.objects.filter(sender=here.code, told_at__isnull=True, ended_at__isnull=False)
        keys = list(ended.order_by("ended_at").values_list("key", flat=True)[:BATCH])
    return sum(_hear(key, at) for key in keys)


@transaction.atomic
def _hear(key: UUID, at: datetime) -> bool:
    with within(""):
        sent = HandOver.objects.select_for_update(skip_locked=True).filter(key=key, told_at__isnull=True).first()
        if sent is None:
            return False
        HandOver.objects.filter(key=key).update(told_at=at)
    case = Case.objects.get(number=sent.number)
    name = next((one.name for one in register.offices() if one.code == sent.receiver), sent.receiver)
    data = {"office": name, "number": sent.taken_as, "key": sent.key.hex}
    taken = sent.state == HandOver.State.RECEIVED
    seen = VisibleTo.RESIDENT if taken else VisibleTo.OFFICE
    verb = "city.receipted" if taken else "city.refused"
    record(subject=case.subject, verb=verb, by=SYSTEM, at=at, data=data, visible_to=seen)
    if not taken:
        _open_again(case, at)
    return True


def _open_again(case: Case, at: datetime) -> None:
    """What nobody took in is ours again; where no unit can be found for it, people read it in the history."""
    words = _("The other office couldn't take it in.")
    try:
        with transaction.atomic():
            actions.move(case=case, move=Move.REOPEN, by=SYSTEM, at=at, words=words)
    except Refusal as refusal:
        log.warning("%s isn't opened again: %s", case.number, refusal)

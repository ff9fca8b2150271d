"""Each minute: look into the mailbox, take what is new, each letter once and in a transaction of its own.

The first look only notes where the folder ends: old letters aren't news. A letter that can't be taken stays in the
mailbox and is named in the log; what comes in a flood waits an hour and is taken then.
"""

import hashlib
import logging
import time
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from chenyue.core import keeping, limits
from chenyue.core.errors import Refusal
from chenyue.core.ticks import every
from chenyue.gateway.mail_in import filing, imap, parsing
from chenyue.gateway.mail_in.channel import CODE, DAY, HOUR
from chenyue.gateway.models_mail import MailFolder, MailIn
from chenyue.notify import channels
from chenyue.notify.channels import Setup, Trouble
from chenyue.people.masking import mask_email

BATCH = 30  # letters in one turn
TURN = 120.0  # seconds
LATER = timedelta(hours=1)
KEPT = "gateway.letters"  # that a letter came, and what became of it
log = logging.getLogger(__name__)
Outcome = MailIn.Outcome


@every(60, "gateway.mail_in")
def tick(at: datetime) -> int:
    """How many letters were looked at."""
    return look(at) if channels.is_on(CODE) else 0


@every(24 * 3600, "gateway.mail_in.sweep")
def sweep(at: datetime) -> int:
    """What became of last year's letters is on their cases."""
    return keeping.told(KEPT, _old(keeping.before(KEPT, at)).delete()[0], at)


def _old(before: datetime) -> "QuerySet[MailIn]":
    return MailIn.objects.filter(at__lt=before).exclude(outcome=Outcome.WAITING)


keeping.register(KEPT, days=365, least=30, look=lambda before, at: keeping.counted(_old(before), "at"))


def look(at: datetime) -> int:
    """One look into the mailbox; what went wrong stands with the folder."""
    setup = channels.of(CODE)
    row = _folder(setup)
    try:
        with imap.opened(setup) as folder:
            count = _take_all(folder, row, setup, at)
    except Trouble as trouble:
        MailFolder.objects.filter(pk=row.pk).update(looked_at=at, trouble=trouble.code)
        log.warning("mailbox: %s", trouble.code)
        return 0
    MailFolder.objects.filter(pk=row.pk).update(looked_at=at, trouble="")
    return count


def _folder(setup: Setup) -> MailFolder:
    of = "\n".join(str(setup[name]).lower() for name in ("host", "user", "folder"))
    mark = hashlib.sha256(of.encode()).hexdigest()[:40]
    return MailFolder.objects.get_or_create(mark=mark)[0]


def _take_all(folder: imap.Folder, row: MailFolder, setup: Setup, at: datetime) -> int:
    since = None
    if row.validity != folder.validity:
        since = row.looked_at if row.validity else None  # the folder was built anew: days count, and keys
        last = folder.next_uid - 1 if not row.validity else 0
        MailFolder.objects.filter(pk=row.pk).update(validity=folder.validity, last_uid=last)
        row.validity, row.last_uid = folder.validity, last
        if since is None:
            return 0
    begun, count = time.monotonic(), 0
    again = list(MailIn.objects.filter(folder=row, outcome=Outcome.WAITING, next_at__lte=at)[:BATCH])
    for uid in [one.uid for one in again] + folder.after(row.last_uid, since)[: BATCH if since is None else None]:
        if time.monotonic() - begun > TURN:
            break
        _take_one(folder, row, uid, setup, at)
        if uid > row.last_uid:
            MailFolder.objects.filter(pk=row.pk).update(last_uid=uid)
            row.last_uid = uid
        count += 1
    return count


def _take_one(folder: imap.Folder, row: MailFolder, uid: int, setup: Setup, at: datetime) -> None:
    size, arrived = folder.facts(uid)
    if size > parsing.MOST:
        _note(MailIn(key=f"{row.pk}:{row.validity}:{uid}"[:64], folder=row, uid=uid, at=at), "large")
        return
    raw = folder.letter(uid)
    if not raw:
        MailIn.objects.filter(folder=row, uid=uid, outcome=Outcome.WAITING).update(
            outcome=Outcome.FAILED, next_at=None, sentence="gone"
        )
        return
    if take(raw, row, uid, setup, at, imap.received(arrived, at)):
        folder.read(uid)


def take(raw: bytes, folder: MailFolder, uid: int, setup: Setup, at: datetime, received_at: datetime) -> bool:
    """Take one letter; whether it is done with (known, filed, added, or left alone for good)."""
    try:
        letter = parsing.parse(raw)
    except Refusal as refusal:
        key = hashlib.sha256(raw).hexdigest()
        _note(MailIn(key=key, folder=folder, uid=uid, at=at), str(refusal.sentence))
        return False
    row = MailIn.objects.filter(key=letter.key).first()
    if row is not None and row.outcome != Outcome.WAITING:
        return True
    row = row or MailIn(key=letter.key, folder=folder, uid=uid, at=at)
    row.sender, row.uid, row.folder, row.next_at = mask_email(letter.address)[:120], uid, folder, None
    if letter.kind == "letter" and (full := _flooded(letter.address, setup, at)):
        row.outcome, row.next_at = Outcome.WAITING, max(full, at + LATER)
        return _saved(row) and False
    try:
        with transaction.atomic():
            filing.work(row, letter, at, received_at)
            row.save()
    except IntegrityError:  # the other worker was faster
        return MailIn.objects.filter(key=letter.key).exclude(outcome=Outcome.WAITING).exists()
    except Refusal as refusal:
        row.appeal = None
        return _note(row, str(refusal.sentence))
    return True


def _flooded(address: str, setup: Setup, at: datetime) -> datetime | None:
    each = limits.Limit("mail_in:each", int(setup["a_day_each"]), DAY)
    every_one = limits.Limit("mail_in:all", int(setup["an_hour"]), HOUR)
    return limits.room([(each, address), (every_one, "all")], at)


def _note(row: MailIn, why: str) -> bool:
    """Write down that it wasn't taken; it stays in the mailbox, unread. False."""
    row.outcome, row.sentence = Outcome.REFUSED, why[:300]
    _saved(row)
    return False


def _saved(row: MailIn) -> bool:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    return True

"""Filing a table row by row: each once, each in a transaction of its own; stopped, killed and begun again at will."""

import hashlib
import json
import time
from collections import Counter
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chenyue.cases.actions import Filed, ReporterData, add_note, add_words, file_appeal
from chenyue.cases.lifecycle import OPEN
from chenyue.cases.models import Appeal, Case, Channel
from chenyue.catalogue.models import Category, Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.core import jobs, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.tables import Row
from chenyue.gateway.actions import live_through
from chenyue.gateway.hotline import batches
from chenyue.gateway.hotline.reading import Order, read
from chenyue.gateway.models import HotlineBatch, HotlineItem
from chenyue.notify.actions import notice, quietly

LEAP = 20.0  # seconds of one stretch; others who wait for a job come between two of them
CHECKED = 20  # rows between two looks at whether somebody stopped it
State, Outcome, Known = HotlineBatch.State, HotlineItem.Outcome, HotlineBatch.Known


@jobs.job("hotline.file")
def file_it(pk: int) -> None:
    """Go on filing a table where it was left."""
    batch = HotlineBatch.objects.select_related("source", "made_by").filter(pk=pk, state=State.FILING).first()
    if batch is None:
        return
    try:
        with translation.override(batch.language):
            _stretch(batch)
    except Refusal as refusal:  # the table itself is gone or can't be read any more
        words = str(refusal.sentence)[:300]
        HotlineBatch.objects.filter(pk=pk, state=State.FILING).update(state=State.FAILED, sentence=words)


def _stretch(batch: HotlineBatch) -> None:
    """As many rows as fit into a stretch; then the next stretch is asked for, or it is done."""
    sheet, began = batches.table_of(batch), time.monotonic()
    there = set(batch.items.values_list("row", flat=True))
    wrong = {int(row) for row, _column, _sentence in batch.errors}
    left = [row for row in sheet.rows if row.number not in there]
    for position, row in enumerate(left):
        if position % CHECKED == 0:
            if time.monotonic() - began > LEAP and position:
                jobs.enqueue("hotline.file", pk=batch.pk)
                return
            done = len(sheet.rows) - len(left) + position
            if not HotlineBatch.objects.filter(pk=batch.pk, state=State.FILING).update(done=done):
                return  # somebody stopped it
        take(batch, row, sheet.written, twice=row.number in wrong)
    _finish(batch)


def _finish(batch: HotlineBatch) -> None:
    at = timezone.now()
    counts = dict(batch.items.values_list("outcome").annotate(Count("pk")))
    ended = {"state": State.DONE, "ended_at": at, "done": batch.whole, "counts": counts}
    if HotlineBatch.objects.filter(pk=batch.pk, state=State.FILING).update(**ended):
        words = _("The table %(file)s is filed: %(filed)d orders, %(refused)d refused.") % {
            "file": batch.filename,
            "filed": counts.get(Outcome.FILED, 0) + counts.get(Outcome.HISTORY, 0) + counts.get(Outcome.ADDED, 0),
            "refused": counts.get(Outcome.REFUSED, 0),
        }
        where = reverse("gateway:hotline-batch", args=[batch.pk])
        notice([batch.made_by_id], words, where, f"hotline:{batch.pk}:{at:%s}", at)


def take(batch: HotlineBatch, row: Row, written: Any, *, twice: bool = False) -> None:
    """File one row and keep what became of it. A row that two workers take at once is filed by one of them."""
    at, item = timezone.now(), HotlineItem(batch=batch, row=row.number)
    item.told = json.dumps({written.get(c, c): v for c, v in row.values.items()}, ensure_ascii=False)
    try:
        with transaction.atomic():
            if not _goes_on(batch):
                return
            order = read(row, written, at)
            item.number, item.due_at, item.digest = order.number, order.due_at, digest(order)
            if twice:
                raise Refusal(_("This number stands in an earlier row already."))
            item.appeal, item.outcome = _placed(batch, order, item, at)
            item.save()
    except Refusal as refusal:
        item.appeal, item.outcome = None, Outcome.REFUSED
        _refused(batch, item, refusal, told=twice)
    except IntegrityError:
        if not HotlineItem.objects.filter(batch=batch, row=row.number).exists():
            raise


def _goes_on(batch: HotlineBatch) -> HotlineBatch | None:
    """The table while it is being filed. Locked to the row's end: who takes it back waits for that, or was first."""
    return HotlineBatch.objects.select_for_update().filter(pk=batch.pk, state=State.FILING).first()


def _refused(batch: HotlineBatch, item: HotlineItem, refusal: Refusal, *, told: bool) -> None:
    """Keep that a row was refused, and why; `told` if that was seen when the table was read."""
    with transaction.atomic():
        fresh = _goes_on(batch)
        if fresh is None:
            return
        item.save()
        if not told:
            column = refusal.field if refusal.field in fresh.headings else fresh.columns.get(refusal.field or "", "")
            fresh.errors = [*fresh.errors, [item.row, column, str(refusal.sentence)]]
            fresh.save(update_fields=["wrong"])


def digest(order: Order) -> str:
    """By which a later table's words are known to be the same."""
    return hashlib.sha256(text.fold(order.words).encode()).hexdigest()


def _placed(batch: HotlineBatch, order: Order, item: HotlineItem, at: datetime) -> tuple[Appeal, str]:
    """What becomes of an order: filed, added to, left, or taken as a new event."""
    by = batch.made_by.actor()
    known = Appeal.objects.filter(channel=Channel.HOTLINE, external_number=order.number).select_related("case").first()
    if known is None:
        return _filed(order, order.number, None, by, at)
    if batch.known == Known.SKIP:
        return known, Outcome.SKIPPED
    said = [digest_of(known), *HotlineItem.objects.filter(number=order.number).values_list("digest", flat=True)]
    if item.digest in said:
        return known, Outcome.SAME
    if batch.known == Known.ANEW:
        times = Appeal.objects.filter(channel=Channel.HOTLINE, external_number__startswith=f"{order.number}#").count()
        return _filed(order, f"{order.number}#{times + 2}", known.case, by, at)
    add_words(appeal=known, words=order.words, by=by, at=at)
    return known, Outcome.ADDED


def digest_of(appeal: Appeal) -> str:
    """The same of words that were filed."""
    return hashlib.sha256(text.fold(appeal.words).encode()).hexdigest()


def _filed(order: Order, number: str, earlier: Case | None, by: Actor, at: datetime) -> tuple[Appeal, str]:
    """Through the door that all appeals take; an order that came with its answer is history, and nobody is told."""
    if order.answered_at and earlier is None:
        with quietly():
            received = order.received_at or order.answered_at
            filed = _door(order, number, received, received, "", by, urgency=Urgency.NORMAL.value)
            live_through(filed.case, order.answer, received, order.answered_at)
        return filed.appeal, Outcome.HISTORY
    join = earlier.number if earlier and earlier.state in OPEN else ""
    filed = _door(order, number, at, order.received_at or at, join, by, urgency="urgent" if order.urgent else None)
    words = _("Hotline order %(number)s") % {"number": number}
    if earlier and not join:
        words += "\n" + _("Came before as case %(number)s.") % {"number": earlier.number}
    noted = "\n".join([words, *(f"{heading}：{cell}" for heading, cell in order.noted.items())])
    add_note(case=filed.case, words=noted[:4000], by=by, at=at)
    return filed.appeal, Outcome.FILED


def _door(
    order: Order, number: str, at: datetime, received: datetime, join: str, by: Actor, *, urgency: str | None
) -> Filed:
    return file_appeal(
        words=order.words,
        title=order.title,
        channel=Channel.HOTLINE,
        by=by,
        at=at,
        received_at=received,
        place_told=order.place,
        reporter=ReporterData(name=order.name, phone=order.phone),
        consent_contact=bool(order.phone),  # they called to be called back
        confidential=order.confidential,
        category_code=_category(order),
        external_number=number,
        join_number=join or None,
        urgency=urgency,
    )


def _category(order: Order) -> str | None:
    """Our category for the hotline's: by its external code, else by the very name; None lets triage suggest."""
    if order.category_code:
        found = Category.objects.filter(external_code=order.category_code, active=True).values_list("code", flat=True)
        if len(found) == 1:
            return found[0]
    same = [c.code for c in catalogue().leaves() if c.name == order.category]
    return same[0] if len(same) == 1 else None


def tally(batch: HotlineBatch) -> Counter[str]:
    """How many rows came to what so far."""
    return Counter(dict(batch.items.values_list("outcome").annotate(Count("pk"))))

"""Taking a whole table back within a day: what nobody has begun is closed as taken back, the rest is told."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.cases.actions import forget_external_number, move
from chenyue.cases.lifecycle import Move, State
from chenyue.core import jobs
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.gateway.hotline.batches import importer
from chenyue.gateway.models import HotlineBatch, HotlineItem
from chenyue.notify.actions import quietly
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

WITHIN = timedelta(hours=24)
Batch, Outcome = HotlineBatch.State, HotlineItem.Outcome


def may_undo(batch: HotlineBatch, at: datetime) -> bool:
    """Whether the day hasn't passed."""
    began = batch.filed_at
    return batch.state in (Batch.DONE, Batch.STOPPED) and began is not None and at < began + WITHIN


@transaction.atomic
def undo(*, batch: HotlineBatch, by: Actor, at: datetime) -> None:
    """Take a table back, by a job. Refusal after a day; Conflict if it isn't filed or already being undone."""
    member = importer(by)
    found = HotlineBatch.objects.select_for_update().get(pk=batch.pk)
    if found.state not in (Batch.DONE, Batch.STOPPED):
        raise Conflict
    if not may_undo(found, at):
        raise Refusal(gettext_lazy("An import can be undone for 24 hours. Close its cases one by one instead."))
    HotlineBatch.objects.filter(pk=found.pk).update(state=Batch.UNDOING, undone_by=member)
    data = {"file": found.filename}
    record(subject=found.subject, verb="gateway.hotline_undone", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
    jobs.enqueue("hotline.undo", pk=found.pk)


@jobs.job("hotline.undo")
def undo_it(pk: int) -> None:
    """Take back what nobody has begun. May be killed and begun again."""
    batch = HotlineBatch.objects.filter(pk=pk, state=Batch.UNDOING).first()
    if batch is None:
        return
    items = batch.items.filter(outcome__in=[Outcome.FILED, Outcome.HISTORY]).select_related("appeal__case")
    with translation.override(batch.language), quietly():
        for item in items.order_by("pk"):
            _take_back(item, timezone.now())
    counts = dict(batch.items.values_list("outcome").annotate(Count("pk")))
    HotlineBatch.objects.filter(pk=pk, state=Batch.UNDOING).update(
        state=Batch.UNDONE, counts=counts, ended_at=timezone.now()
    )


def _take_back(item: HotlineItem, at: datetime) -> None:
    """One order: its appeal is taken back, and its number is free for the right table."""
    appeal = item.appeal
    if appeal is None:
        return
    case = appeal.case
    begun = case.state != State.RECEIVED or case.triaged_at is not None
    outcome = Outcome.KEPT
    with transaction.atomic():
        if not begun and appeal.withdrawn_at is None:
            move(case=case, move=Move.WITHDRAW, by=SYSTEM, at=at, appeal=appeal, words=_("The import was undone."))
            outcome = Outcome.UNDONE
        elif item.outcome == Outcome.HISTORY:
            outcome = Outcome.HISTORY  # closed long ago, with its answer: it stays what it is
        if outcome == Outcome.UNDONE:
            forget_external_number(appeal=appeal)
        HotlineItem.objects.filter(pk=item.pk).update(outcome=outcome)

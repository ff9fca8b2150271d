"""Reminders before a turn, by the tick: each once, and after a gap only the one that is due now."""

from datetime import datetime, timedelta

from django.db import transaction

from chenyue.core.ticks import every
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import Shift
from chenyue.reception.rostering import ledger, notices

HOUR = timedelta(hours=1)
BATCH = 500


@every(600, "reception.reminders")
def remind(at: datetime) -> int:
    """Remind those whose turn comes; returns of how many turns.

    A turn that was given late, or a server that slept (or whose clock jumped), brings one reminder, not all that were
    missed: those before it count as given. A clock that jumps back brings none twice.
    """
    hours = ledger.current()[1].remind
    if not hours:
        return 0
    rows = Shift.objects.filter(absent_at=None, sitting__state=SittingState.PLANNED, sitting__starts_at__gt=at)
    rows = rows.filter(sitting__starts_at__lte=at + hours[0] * HOUR).exclude(sitting__published_at=None)
    found = rows.order_by("sitting__starts_at", "pk").values_list("pk", "sitting__starts_at", "reminded")
    due = [pk for pk, starts_at, reminded in found if _passed(hours, starts_at, at)[-1] not in reminded]
    return sum(_one(pk, hours, at) for pk in due[:BATCH])


def _passed(hours: tuple[int, ...], starts_at: datetime, at: datetime) -> list[int]:
    """The reminders whose moment has come, the latest last."""
    return [h for h in hours if starts_at - h * HOUR <= at]


@transaction.atomic
def _one(pk: int, hours: tuple[int, ...], at: datetime) -> bool:
    rows = Shift.objects.select_for_update(of=("self",)).select_related("sitting__venue", "person__member")
    shift = rows.filter(pk=pk, absent_at=None).first()
    if shift is None or shift.sitting.starts_at <= at:
        return False
    passed = _passed(hours, shift.sitting.starts_at, at)
    if not passed or passed[-1] in shift.reminded:
        return False  # another worker was faster
    Shift.objects.filter(pk=pk).update(reminded=sorted({*shift.reminded, *passed}, reverse=True))
    notices.tell_reminder(shift, passed[-1], at)
    return True

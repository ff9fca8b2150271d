"""What happens by itself when its moment has come. Two workers can't both do it; nothing happens twice."""

import logging
from datetime import datetime

from django.db import transaction

from chenyue.cases import actions, clock, events, orphans
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Case
from chenyue.core.actors import SYSTEM
from chenyue.core.events import emit
from chenyue.core.ticks import every
from chenyue.timeline.actions import Draft, record_many
from chenyue.timeline.models import VisibleTo

BATCH = 200  # cases in one turn; the rest waits for the next minute
log = logging.getLogger(__name__)


@every(60, "cases.clock")
def run_clocks(at: datetime) -> int:
    """Take the steps of all cases that are due; returns of how many."""
    due = Case.objects.filter(next_at__lte=at).order_by("next_at").values_list("pk", flat=True)[:BATCH]
    return sum(_turn(pk, at) for pk in list(due))


def _turn(pk: int, at: datetime) -> bool:
    """One case: locked, asked again whether it is due, and its steps written in the same transaction.

    A case whose step fails is logged and put off for an hour, so that it can't hold up the others.
    """
    try:
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).filter(pk=pk, next_at__lte=at).first()
            if case is None:
                return False  # another worker was faster, or somebody moved it
            if case.next_step == clock.RESUME and case.state == State.WAITING:
                actions.move(case=case, move=Move.RESUME, by=SYSTEM, at=at)
                return True
            _take(case, at)
            return True
    except Exception:
        log.exception("clock of case %s failed", pk)
        Case.objects.filter(pk=pk, next_at__lte=at).update(next_at=at + clock.PUT_OFF)
        return False


def _take(case: Case, at: datetime) -> None:
    steps = clock.due_steps(case, at)
    for name, step in steps:
        clock.take(case, name, step)
    clock.schedule(case, at)
    won = Case.objects.filter(pk=case.pk, version=case.version).update(
        steps_done=case.steps_done, next_at=case.next_at, next_step=case.next_step
    )
    if not won:
        return
    record_many(
        [Draft(case.subject, "case.escalated", {"clock": n, "step": s}, VisibleTo.UNIT) for n, s in steps],
        by=SYSTEM,
        at=at,
    )
    for name, step in steps:
        emit(events.CaseDue(case=case, by=SYSTEM, at=at, clock=name, step=step))


@every(6 * 3600, "cases.orphans")
def clear_orphans(at: datetime) -> int:
    """Delete files that no row knows; returns how many."""
    return orphans.clear(at)

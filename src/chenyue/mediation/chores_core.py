"""What happens to mediations by itself: days that come near or pass, parties who don't answer, dangers untold, terms.

Nothing ends by itself: who mediates is told, and every party sees that the day has passed.
"""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from chenyue.core.actors import SYSTEM
from chenyue.core.ticks import every
from chenyue.mediation import acts, notices
from chenyue.mediation.lifecycle import Question, Stage
from chenyue.mediation.models import Committee, Consent, Mediation, RiskReport
from chenyue.mediation.parties import current_parties, deciding
from chenyue.mediation.registers import SOON as TERM_SOON
from chenyue.mediation.risks import WITHIN
from chenyue.timeline.models import VisibleTo

log = logging.getLogger(__name__)
BATCH = 200
SOON = timedelta(days=3)
SILENT = timedelta(days=7)
RUNS = (Stage.CONSENT, Stage.MEDIATING)  # stages in which the day counts
NEAR, PAST = 1, 2  # values of `due_told`


def _due(today: date) -> Q:
    return Q(stage__in=RUNS) & (Q(due_told__lt=NEAR, due_on__lte=today + SOON) | Q(due_told__lt=PAST, due_on__lt=today))


@every(600, "mediation.due")
def tell_due(at: datetime) -> int:
    """Say that a day comes near, and once more when it has passed; of how many."""
    rows = Mediation.objects.filter(_due(acts.local_day(at))).order_by("due_on", "pk")
    return sum(_one_due(pk, at) for pk in list(rows.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _one_due(pk: int, at: datetime) -> bool:
    today = acts.local_day(at)
    row = Mediation.objects.select_for_update(of=("self",)).filter(_due(today), pk=pk).first()
    if row is None or row.due_on is None:
        return False  # another worker was faster, or it ended
    late = row.due_on < today
    row.due_told = PAST if late else NEAR
    row.save(update_fields=["due_told"])
    verb = "due_past" if late else "due_near"
    acts.record(row, verb, by=SYSTEM, at=at, data={"day": row.due_on.isoformat()}, visible_to=VisibleTo.RESIDENT)
    notices.due(row, late, at)
    return True


@every(6 * 3600, "mediation.unanswered")
def tell_unanswered(at: datetime) -> int:
    """Parties that were asked a week ago and haven't said whether they want to be mediated; of how many."""
    rows = Mediation.objects.filter(stage=Stage.CONSENT, stage_at__lte=at - SILENT).order_by("pk")
    waiting = [row for row in rows[:BATCH] if _silent(row)]
    for row in waiting:
        notices.unanswered(row, at)  # once a week: its key holds the week
    return len(waiting)


def _silent(row: Mediation) -> bool:
    asked = {party.pk for party in deciding(current_parties(row))}
    said = Consent.objects.filter(mediation=row, question=Question.MEDIATION, superseded_at=None)
    return bool(asked - set(said.values_list("party_id", flat=True)))


@every(300, "mediation.risks")
def tell_risks(at: datetime) -> int:
    """A danger of which nobody outside was told: again each half hour; of how many."""
    found = RiskReport.objects.filter(told_at=None, ended_at=None, at__lte=at - WITHIN).order_by("pk")
    found = found.filter(Q(reminded_at=None) | Q(reminded_at__lte=at - WITHIN))
    return sum(_one_risk(pk, at) for pk in list(found.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _one_risk(pk: int, at: datetime) -> bool:
    fresh = Q(reminded_at=None) | Q(reminded_at__lte=at - WITHIN)
    claimed = RiskReport.objects.filter(fresh, pk=pk, told_at=None, ended_at=None).update(reminded_at=at)
    if claimed:
        row = RiskReport.objects.select_related("mediation").get(pk=pk)
        notices.risk(row.mediation, pk, at, again=True)
    return bool(claimed)


@every(24 * 3600, "mediation.terms")
def tell_terms(at: datetime) -> int:
    """Committees whose term ends soon; of how many. Told once for each end."""
    today = acts.local_day(at)
    rows = list(Committee.objects.filter(active=True, until__gte=today, until__lte=today + TERM_SOON).order_by("pk"))
    for row in rows:
        if row.until is not None:
            notices.term(row, row.until, at)
    return len(rows)

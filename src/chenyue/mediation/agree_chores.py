"""What happens to agreements by itself: reminders, overdue steps, the days of judicial confirmation, visits."""

from datetime import datetime

from django.db import transaction

from chenyue.core.ticks import every
from chenyue.mediation import acts, confirming, performing, visiting
from chenyue.mediation.lifecycle import AgreementState, ConfirmationState
from chenyue.mediation.models import FollowUpVisit, Instalment, JudicialConfirmation

BATCH = 200


@every(600, "mediation.performance")
def follow_parts(at: datetime) -> int:
    """Take the step of every part whose moment has come; of how many. Each claims its row under the lock."""
    found = Instalment.objects.filter(next_at__lte=at).order_by("next_at", "pk")
    return sum(performing.step(pk, at) for pk in list(found.values_list("pk", flat=True)[:BATCH]))


@every(3600, "mediation.confirmation")
def follow_confirmations(at: datetime) -> int:
    """Tell of days that run out; of how many."""
    open_ = JudicialConfirmation.objects.filter(
        state=ConfirmationState.OPEN, agreement__state=AgreementState.IN_EFFECT
    ).order_by("last_day", "pk")
    told = 0
    for held in list(open_[:BATCH]):
        left = confirming.days_left(held, acts.local_day(at))
        if held.provisional or left < 0 or any(left <= days < held.warned for days in confirming.WARNED):
            told += confirming.step(held.pk, at)
    return told


@every(3600, "mediation.visits")
def follow_visits(at: datetime) -> int:
    """Tell mediators of visits that are due; of how many."""
    found = FollowUpVisit.objects.filter(made_at=None, told_at=None, due_on__lte=acts.local_day(at))
    found = found.filter(tries__lt=visiting.MOST_TRIES).order_by("due_on", "pk")
    with transaction.atomic():
        return sum(visiting.tell(pk, at) for pk in list(found.values_list("pk", flat=True)[:BATCH]))

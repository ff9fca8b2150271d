"""What those who asked for a proposal are told."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.notify import actions as notify
from chenyue.stewards.lifecycle import PlanState
from chenyue.stewards.models import Plan

LINES = {
    PlanState.READY: lambda: _("The proposal for the stewards is ready to be looked at."),
    PlanState.IMPOSSIBLE: lambda: _("Nobody may take the buildings for which you asked. The reasons are on the page."),
    PlanState.FAILED: lambda: _("The proposal for the stewards broke off. Work it out once more."),
}


def worked_out(plan: Plan, at: datetime) -> None:
    """Tell who asked how it ended."""
    if plan.made_by_id is not None:
        url, key = reverse("stewards:plan", args=[plan.pk]), f"stewards.plan:{plan.pk}:{at.isoformat()}"
        notify.notice([plan.made_by_id], LINES[PlanState(plan.state)](), url, key, at)

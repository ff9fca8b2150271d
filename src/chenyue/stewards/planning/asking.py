"""Asking for a proposal, stopping, dropping, working it out once more."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import jobs
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.places.models import Kind, Place
from chenyue.stewards.lifecycle import PlanState, StewardState
from chenyue.stewards.models import Plan, Steward
from chenyue.stewards.planning.building import REASONS
from chenyue.stewards.terms import allowed
from chenyue.timeline.actions import record

WORD = "steward.manage"
JOB = "stewards.plan"
SECONDS = (2, 60)
BUSY = (PlanState.ASKED, PlanState.RUNNING)
FOLLOWS = {
    PlanState.ASKED: {PlanState.RUNNING, PlanState.DROPPED},
    PlanState.RUNNING: {PlanState.READY, PlanState.IMPOSSIBLE, PlanState.FAILED, PlanState.DROPPED},
    PlanState.READY: {PlanState.APPLIED, PlanState.DROPPED, PlanState.ASKED},
    PlanState.IMPOSSIBLE: {PlanState.DROPPED, PlanState.ASKED},
    PlanState.FAILED: {PlanState.DROPPED, PlanState.ASKED},
    PlanState.APPLIED: set[PlanState](),
    PlanState.DROPPED: set[PlanState](),
}


@transaction.atomic
def ask(
    *,
    reason: str,
    by: Actor,
    at: datetime,
    leaving: Collection[int] = (),
    within: int | None = None,
    seconds: int = 8,
) -> Plan:
    """Ask for a proposal; a job works it out.

    `leaving` are stewards who get nothing any more; `within` a community or estate to which it is limited. Refused
    while another proposal is being worked out, and where there is nothing to share out or nobody to share it among.
    """
    allowed(by)
    if reason not in REASONS:
        raise Refusal(_("Choose what the proposal is for."), field="reason")
    if not SECONDS[0] <= seconds <= SECONDS[1]:
        raise Refusal(_("Give it from 2 to 60 seconds."), field="seconds")
    gone = _leaving(reason, leaving)
    _check_within(within)
    if Plan.objects.select_for_update(of=("self",)).filter(state__in=BUSY).order_by("pk").first():
        raise Conflict(_("A proposal is being worked out already. Wait for it, or stop it."))
    serving = Steward.objects.exclude(state=StewardState.ENDED).exclude(pk__in=gone)
    if not serving.exists():
        raise Refusal(_("Nobody serves as a steward yet. Write down the first one before sharing out."), code="nobody")
    if not Place.objects.filter(kind=Kind.BUILDING, active=True).exists():
        raise Refusal(_("There are no buildings yet. Bring in the places first."), code="no_buildings")
    asks = {"leaving": gone, "within": within, "seconds": seconds}
    plan = Plan.objects.create(
        reason=reason, asks=asks, made_by=by.user if by.kind == "member" else None, made_at=at
    )  # fmt: skip
    record(subject=plan.subject, verb="stewards.plan_asked", by=by, at=at, data={"reason": reason})
    jobs.enqueue(JOB, plan_id=plan.pk)
    return plan


def _leaving(reason: str, leaving: Collection[int]) -> list[int]:
    found = Steward.objects.filter(pk__in=list(leaving)).exclude(state=StewardState.ENDED)
    gone = list(found.order_by("pk").values_list("pk", flat=True))
    if len(gone) != len(set(leaving)):
        raise Refusal(_("One of them is no longer a steward. Choose anew."), field="leaving")
    if reason == "resignation" and not gone:
        raise Refusal(_("Choose who leaves."), field="leaving")
    return gone


def _check_within(within: int | None) -> None:
    if within is None:
        return
    rows = Place.objects.filter(pk=within, kind__in=[Kind.COMMUNITY, Kind.ESTATE], active=True)
    if not rows.exists():
        raise Refusal(_("Choose a community or an estate."), field="within")


def locked(plan: Plan) -> Plan:
    """The plan's row, locked and read anew."""
    row = Plan.objects.select_for_update(of=("self",)).filter(pk=plan.pk).first()
    if row is None:
        raise NotFound
    return row


def follow(row: Plan, after: PlanState) -> None:
    """Set the state of a locked plan; Conflict if it can't follow."""
    if after not in FOLLOWS[PlanState(row.state)]:
        raise Conflict(_("This proposal has changed meanwhile. Look at how it stands now."))
    row.state = after


@transaction.atomic
def stop(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Ask the job to stop; the best so far is kept. One that hasn't begun is dropped."""
    allowed(by)
    row = locked(plan)
    if row.state == PlanState.ASKED:
        drop(plan=row, by=by, at=at)
    elif row.state == PlanState.RUNNING:
        Plan.objects.filter(pk=row.pk).update(stop_asked=True)
    else:
        raise Conflict(_("This proposal has changed meanwhile. Look at how it stands now."))


@transaction.atomic
def drop(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Throw a proposal away; terms stay as they are."""
    allowed(by)
    row = locked(plan)
    follow(row, PlanState.DROPPED)
    row.finished_at, row.stop_asked = row.finished_at or at, True
    row.save(update_fields=["state", "finished_at", "stop_asked"])
    record(subject=row.subject, verb="stewards.plan_dropped", by=by, at=at)


@transaction.atomic
def again(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Work it out once more, with what has changed since."""
    allowed(by)
    row = locked(plan)
    follow(row, PlanState.ASKED)
    row.stop_asked, row.progress, row.result, row.finished_at = False, 0, {}, None
    row.save(update_fields=["state", "stop_asked", "progress", "result", "finished_at"])
    record(subject=row.subject, verb="stewards.plan_asked", by=by, at=at, data={"reason": row.reason})
    jobs.enqueue(JOB, plan_id=row.pk)

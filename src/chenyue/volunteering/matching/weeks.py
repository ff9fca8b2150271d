"""A week of needs and volunteers: asked for, worked out by a job, looked at by a person, then invitations are sent."""

import logging
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import jobs
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.volunteering import activities, acts, letters_deeds, seeing
from chenyue.volunteering.lifecycle import ActivityState, NeedState, VolunteerState
from chenyue.volunteering.matching import offers, solving
from chenyue.volunteering.matching.score import Fit
from chenyue.volunteering.models import Activity, Need, Volunteer, WeekPlan

log = logging.getLogger(__name__)
JOB = "volunteering.week"
SECONDS = 20
BUSY = ("waiting", "running")
MOST_NEEDS = 200


def check(by: Actor) -> None:
    """Who organises for the whole office. Raises NotAllowed."""
    if by.kind != "system" and not (by.kind == "member" and by.user and may(by.user)):
        raise NotAllowed


def may(member: Any) -> bool:
    """Whether a member plans weeks: organises, bound to no unit."""
    return seeing.may(member, seeing.ORGANISE) and seeing.units_of(member) is None


def needs_of(week: date, at: datetime) -> QuerySet[Need]:
    """Verified needs of a week (from its Monday) that lie ahead and that no activity has taken on."""
    first = timezone.make_aware(datetime(week.year, week.month, week.day))  # noqa: DTZ001 – made aware here
    rows = Need.objects.filter(
        state=NeedState.VERIFIED, starts_at__gte=max(first, at), starts_at__lt=first + timedelta(days=7)
    )
    return rows.select_related("place").prefetch_related("skills").order_by("starts_at", "pk")


def ask(week: date, *, most: int = solving.ASK_MOST, by: Actor, at: datetime) -> WeekPlan:
    """Have a week worked out. Raises Refusal at `week` or `most`, Conflict while another one is being worked out."""
    check(by)
    monday = week - timedelta(days=week.weekday())
    if monday + timedelta(days=7) <= acts.local_day(at):
        raise Refusal(_("This week is over."), field="week", code="past")
    if not 1 <= most <= 7:
        raise Refusal(_("From 1 to 7 times a week."), field="most", code="most")
    if not needs_of(monday, at).exists():
        raise Refusal(_("No verified need of this week waits for anybody."), field="week", code="none")
    with transaction.atomic():
        if WeekPlan.objects.filter(state__in=BUSY, made_at__gt=at - timedelta(hours=1)).exists():
            raise Conflict(_("A week is being worked out already. Wait for it."))
        member = by.user if by.kind == "member" else None
        plan = WeekPlan.objects.create(week=monday, settings={"most": most}, made_at=at, made_by=member)
        jobs.enqueue(JOB, plan=plan.pk, at=at.isoformat())
    return plan


@jobs.job(JOB)
def work_out(plan: int, at: str) -> None:
    """Compute one plan. Twice does no harm: who finds it taken does nothing."""
    moment = datetime.fromisoformat(at)
    if not WeekPlan.objects.filter(pk=plan, state="waiting").update(state="running"):
        return
    row = WeekPlan.objects.get(pk=plan)
    try:
        result = compute(row.week, int(row.settings.get("most", solving.ASK_MOST)), moment)
    except Exception:
        WeekPlan.objects.filter(pk=plan, state="running").update(state="failed")
        raise
    WeekPlan.objects.filter(pk=plan, state="running").update(state="ready", result=result, done_at=timezone.now())


def compute(week: date, most: int, at: datetime) -> dict[str, Any]:
    """The result as it is kept: pairs with their parts, needs left over with reasons."""
    held = list(needs_of(week, at)[:MOST_NEEDS])
    found = solving.solve(offers.tasks(held), offers.people(week, at), most=most, seconds=SECONDS)
    return {
        "pairs": [_pair(one) for one in found.pairs],
        "left": [{"need": one.task, "missing": one.missing, "reasons": one.reasons} for one in found.left],
        "proven": found.proven,
    }


def _pair(one: Fit) -> dict[str, Any]:
    parts = [{"name": p.name, "points": p.points, "most": p.most, "fact": p.fact} for p in one.parts]
    return {"need": one.task, "volunteer": one.person, "points": one.points, "parts": parts}


def take(plan: WeekPlan, chosen: Collection[tuple[int, int]], *, by: Actor, at: datetime) -> int:
    """Invite the ticked people (need, volunteer): each need gets an open activity, each person a letter. How many.

    What has changed since is left out: a need that was taken on or withdrawn, a volunteer who rests. Nobody is signed
    up: they come if they want to.
    """
    check(by)
    with transaction.atomic():
        row = WeekPlan.objects.select_for_update(of=("self",)).filter(pk=plan.pk).first()
        if row is None:
            raise NotFound
        if row.state != "ready":
            raise Conflict
        known = {(pair["need"], pair["volunteer"]) for pair in row.result.get("pairs", [])}
        wanted = sorted(set(chosen) & known)
        if not wanted:
            raise Refusal(_("Tick at least one person."), field="pairs", code="none")
        invited = _invite(wanted, by, at)
        row.state = "taken"
        row.result = row.result | {"invited": invited}
        row.save(update_fields=["state", "result"])
        acts.record(f"week:{row.pk}", "week_taken", by=by, at=at, data={"count": len(invited)})
    return len(invited)


def _invite(wanted: list[tuple[int, int]], by: Actor, at: datetime) -> list[list[int]]:
    live = Need.objects.filter(pk__in={need for need, _who in wanted}, state=NeedState.VERIFIED, starts_at__gt=at)
    needs = {need.pk: need for need in live.select_related("unit")}
    rows = Volunteer.objects.filter(pk__in={who for _need, who in wanted}, state=VolunteerState.ACTIVE)
    people = {row.pk: row for row in rows.select_related("resident")}
    made: dict[int, Activity] = {}
    invited = []
    for need, who in wanted:
        if need not in needs or who not in people:
            continue
        if need not in made:
            made[need] = activity_for(needs[need], by=by, at=at)
        invite(made[need], people[who], by=by, at=at)
        invited.append([need, who])
    return invited


def activity_for(need: Need, *, by: Actor, at: datetime) -> Activity:
    """The open activity that takes this need on. Raises Refusal where nothing says whose it is."""
    unit = need.unit_id or (by.user.unit_id if by.user else None)
    if unit is None:
        raise Refusal(_("Say first which unit organises it: %(need)s.") % {"need": need.number}, code="unit")
    told = activities.from_need(need, unit=unit, manager=by.user.pk if by.user else None, reviewed=False)
    row = activities.draft(told, by=by, at=at, needs_met=[need])
    return activities.open_up(row, by=by, at=at)


def invite(activity: Activity, volunteer: Volunteer, *, by: Actor, at: datetime) -> bool:
    """Ask one person whether they would come; whether a letter could be sent. Once for each activity."""
    seeing.check(by, seeing.ORGANISE, activity.unit_id)
    if activity.state != ActivityState.OPEN:
        raise Conflict(_("This activity isn't open for sign-up."))
    key = f"volunteer-invited:{activity.pk}:{volunteer.pk}"
    sent = letters_deeds.invite(activity, volunteer.resident, at, key)
    acts.record(activity.subject, "invited", by=by, at=at, data={"volunteer": volunteer.number})
    return sent


def drop(plan: WeekPlan, *, by: Actor, at: datetime) -> None:
    """Throw a plan away; nobody is asked."""
    check(by)
    if not WeekPlan.objects.filter(pk=plan.pk).exclude(state__in=("taken", "dropped")).update(state="dropped"):
        raise Conflict
    acts.record(f"week:{plan.pk}", "week_dropped", by=by, at=at)

"""Hours before they count: made from two scans, or typed by an organiser for a second person to look at.

Grades: A scanned in and out on the spot; B a list, approved by a second person and confirmed by whom it served; C
attested later, or never confirmed: hours, no credits. `approve`, `refuse` and `counter` stand in `approving`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.moments import calendar_day
from chenyue.people.models import Resident
from chenyue.people.rules import may as holds
from chenyue.volunteering import acts, claim_facts, minutes, seeing, signing_up, thresholds
from chenyue.volunteering import telling_proofs as telling
from chenyue.volunteering.approving import approve, approve_many, case_open, counter, refuse, refuse_many
from chenyue.volunteering.lifecycle import ActivityState, ClaimState, Grade, SignUpState, VolunteerState
from chenyue.volunteering.models import Activity, Claim, Scan, SignUp, Volunteer
from chenyue.volunteering.persons import is_them
from chenyue.volunteering.thresholds import Thresholds

__all__ = [
    "Told",
    "approve",
    "approve_many",
    "claim_at_planned_end",
    "claim_from_scans",
    "claim_typed",
    "counter",
    "refuse",
    "refuse_many",
]
AHEAD = timedelta(minutes=5)  # clocks of two machines differ
HELD = (ActivityState.OPEN, ActivityState.DONE)


@dataclass(frozen=True)
class Told:
    """What an organiser writes down: from when until when, the break, what was done, whom it served."""

    starts_at: datetime
    ends_at: datetime
    words: str = ""
    break_minutes: int = 0
    served: Resident | None = None


def claim_from_scans(came: Scan, left: Scan, *, at: datetime) -> Claim:
    """The claim of somebody who came and left; without a flag it counts at once. Within the caller's transaction.

    Raises Refusal `short`: nothing is left to count.
    """
    limits = thresholds.now()
    counted = minutes.scanned(came.at, left.at, _plan(came), limits)
    claim = _of_scans(came, left, counted, at)
    if counted.cut:
        claim.flags.append({"code": "cut"})
    return _keep_scanned(claim, came, left, limits, at)


def claim_at_planned_end(came: Scan, *, at: datetime) -> Claim | None:
    """The claim of somebody who never scanned out: closed at the planned end, flagged, for a second person.

    None where nothing was left until then. Within the caller's transaction.
    """
    limits, plan = thresholds.now(), _plan(came)
    try:
        counted = minutes.scanned(came.at, max(plan.ends_at, came.at), plan, limits)
    except Refusal:
        return None
    claim = _of_scans(came, None, counted, at)
    claim.closed_by_rule = True
    return _keep_scanned(claim, came, None, limits, at)


def _plan(came: Scan) -> minutes.Plan:
    """What was planned. Who leaves and comes back has had the break: it is subtracted once."""
    activity = came.activity
    again = Claim.objects.filter(activity=activity, volunteer=came.volunteer_id).exclude(state=ClaimState.REFUSED)
    return minutes.Plan(activity.starts_at, activity.ends_at, 0 if again.exists() else activity.break_minutes)


def _of_scans(came: Scan, left: Scan | None, counted: minutes.Counted, at: datetime) -> Claim:
    scans = [scan for scan in (came, left) if scan]
    desk = {pk for scan in scans if (pk := recorder_of(scan))}
    sure = left is not None and not desk and not any(scan.offline for scan in scans)
    whole = minutes.between(counted.starts_at, counted.ends_at)
    return Claim(
        volunteer=came.volunteer, activity=came.activity, grade=Grade.A if sure else Grade.B,
        starts_at=counted.starts_at, ends_at=counted.ends_at, minutes=counted.minutes,
        break_minutes=0 if counted.cut else whole - counted.minutes,
        key=f"scan:{came.pk}", recorded_at=at, recorded_by_id=max(desk, default=None), words=came.activity.title,
    )  # fmt: skip


def recorder_of(scan: Scan) -> int | None:
    """The member who took a scan down at the organiser's device; None for one by the volunteer's own telephone."""
    kind, _colon, pk = scan.device.partition(":")
    return int(pk) if f"{kind}:" == claim_facts.DESK and pk.isdecimal() else None


def _keep_scanned(claim: Claim, came: Scan, left: Scan | None, limits: Thresholds, at: datetime) -> Claim:
    claim.flags += claim_facts.of_scans(claim, came, left, limits)
    claim.flags += claim_facts.seen(claim, claim_facts.others(claim), limits)
    if case_open(came.activity):
        claim.flags.append({"code": "case_open"})
    claim.save(force_insert=True)
    _mark_came([claim.volunteer_id], came.activity, at)
    if claim.grade == Grade.A and not claim.flags:
        approve(claim, by=SYSTEM, at=at)
        claim.refresh_from_db()
    else:
        telling.waits(claim, at)
    return claim


def claim_typed(
    *, volunteers: Sequence[Volunteer], told: Told, by: Actor, at: datetime, activity: Activity | None = None
) -> list[Claim]:
    """Write hours down for several people, all or nothing; each waits for a second person.

    By whoever organises (of the activity's unit; without an activity, of their own). Raises NotAllowed; Refusal at its
    field: wrong order, more than eight hours, in the future, too long ago, over the day's quota, no reason, one's own
    hours, somebody who is no volunteer any more; Conflict for hours that stand there already.
    """
    limits = thresholds.now()
    _may_record(by, activity)
    words = acts.words(told.words, "words", needed=True, most=300)
    counted = minutes.typed(told.starts_at, told.ends_at, told.break_minutes, limits)
    _sensible(counted, activity, at, limits)
    if not volunteers:
        raise Refusal(_("Choose at least one volunteer."), field="volunteers", code="none")
    with transaction_of_its_own():
        people = _people(volunteers, by, told.served)
        _within_quota(by, len(people), at, limits)
        days = (at - counted.ends_at).days
        old: list[dict[str, Any]] = [{"code": "old", "days": days}] if days >= limits.typed_within_days else []
        flags = claim_facts.of_recorder(by.user, at, [counted.minutes] * len(people), limits) + old
        flags += claim_facts.bare(activity, served=told.served is not None)
        made = []
        for volunteer in people:
            claim = Claim(
                volunteer=volunteer, activity=activity, grade=Grade.C if old else Grade.B, starts_at=counted.starts_at,
                ends_at=counted.ends_at, break_minutes=told.break_minutes, minutes=counted.minutes, words=words,
                served=told.served, key=_typed_key(volunteer, activity, counted.starts_at), recorded_at=at,
                recorded_by=by.user,
            )  # fmt: skip
            claim.flags = [*claim_facts.seen(claim, claim_facts.others(claim), limits), *flags]
            claim.save(force_insert=True)
            made.append(claim)
        _say_typed(made, activity, by, at)
    return made


def _say_typed(made: list[Claim], activity: Activity | None, by: Actor, at: datetime) -> None:
    if activity is not None:
        _mark_came([claim.volunteer_id for claim in made], activity, at)
        data = {"count": len(made), "minutes": made[0].minutes}
        acts.record(activity.subject, "hours_typed", by=by, at=at, data=data)
    for claim in made:
        day = acts.local_day(claim.starts_at).isoformat()
        acts.record(claim.volunteer.subject, "hours_noted", by=by, at=at, data={"minutes": claim.minutes, "day": day})
    telling.waits(made[0], at)


def _may_record(by: Actor, activity: Activity | None) -> None:
    """Organisers only; without an activity, for their own unit. Raises NotAllowed, Refusal."""
    if by.kind != "member":
        raise NotAllowed
    if activity is not None:
        seeing.check(by, seeing.ORGANISE, activity.unit_id)
        if activity.state not in HELD:
            raise Refusal(_("Hours are written down for activities that were open for sign-up."), code="not_held")
    elif not holds(by.user, seeing.ORGANISE, unit_ids=[by.user.unit_id] if by.user.unit_id else ()):
        raise NotAllowed


def _sensible(counted: minutes.Counted, activity: Activity | None, at: datetime, limits: Thresholds) -> None:
    """Raise Refusal at its field for the future, for long ago, and for another time than the activity's."""
    if counted.ends_at > at + AHEAD:
        raise Refusal(_("That is in the future: hours count when they are served."), field="ends_at", code="future")
    if counted.starts_at < at - timedelta(days=limits.oldest_days):
        raise Refusal(
            _("That is more than %(n)d days ago: it isn't taken any more.") % {"n": limits.oldest_days},
            field="starts_at",
            code="too_old",
        )
    if activity is not None and (counted.ends_at <= activity.starts_at or counted.starts_at >= activity.ends_at):
        raise Refusal(
            _("The activity was at another time, on %(day)s.")
            % {"day": calendar_day(acts.local_day(activity.starts_at))},
            field="starts_at",
            code="other_time",
        )


def _people(volunteers: Sequence[Volunteer], by: Actor, served: Resident | None) -> list[Volunteer]:
    """Each once, locked, in one order. Raises Refusal for who left, who served themselves, the recorder's own hours."""
    rows = Volunteer.objects.select_for_update(of=("self",)).select_related("resident")
    found = list(rows.filter(pk__in={one.pk for one in volunteers}).order_by("pk"))
    for one in found:
        if one.state == VolunteerState.LEFT:
            raise Refusal(
                _("%(number)s has left the volunteers.") % {"number": one.number}, field="volunteers", code="left"
            )
        if served is not None and served.pk == one.resident_id:
            raise Refusal(_("Nobody serves themselves."), field="served_name", code="self_served")
        if is_them(by, one.resident):
            raise Refusal(
                _("These would be your own hours: another organiser writes them down."),
                field="volunteers",
                code="oneself",
            )
    return found


def _within_quota(by: Actor, more: int, at: datetime, limits: Thresholds) -> None:
    typed = claim_facts.typed_today(by.user, at)
    if typed + more > limits.quota_day:
        raise Refusal(
            _("One person may write down %(most)d entries in a day; you wrote %(typed)d today.")
            % {"most": limits.quota_day, "typed": typed},
            field="volunteers",
            code="quota",
        )


def _typed_key(volunteer: Volunteer, activity: Activity | None, starts_at: datetime) -> str:
    """One claim for a person, an activity and a beginning; written anew only after it was refused or taken back."""
    base = f"typed:{activity.number if activity else '-'}:{volunteer.pk}:{int(starts_at.timestamp())}"
    before = list(Claim.objects.filter(key__startswith=f"{base}:").prefetch_related("entries"))
    for claim in before:
        back = claim.state == ClaimState.REFUSED or (
            claim.state == ClaimState.APPROVED and sum(entry.minutes for entry in claim.entries.all()) == 0
        )
        if not back:
            raise Conflict(_("For %(number)s these hours are written down already.") % {"number": volunteer.number})
    return f"{base}:{len(before)}"


def _mark_came(volunteers: Collection[int], activity: Activity, at: datetime) -> None:
    """Whoever has hours there came, whatever was noted."""
    missing = (SignUpState.GOING, SignUpState.ABSENT)
    rows = SignUp.objects.filter(activity=activity, volunteer__in=volunteers, state__in=missing)
    for sign_up in rows.select_related("activity", "volunteer").order_by("pk"):
        signing_up.mark(sign_up, True, by=SYSTEM, at=max(at, activity.starts_at))

"""I come: signing up, the waiting list, withdrawing in time, calling up who waits.

A place is taken under the lock of the activity's row, and the row itself can't hold more people than places (a check of
the database), so that two who press at once never get the same last place.
"""

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, fitting, letters_deeds, seeing
from chenyue.volunteering.lifecycle import ActivityState, SignUpState, Via
from chenyue.volunteering.models import Activity, SignUp, Volunteer

IN_TIME = timedelta(hours=12)  # before the beginning; who withdraws later is asked for a reason (条例 22)
LIVE = (SignUpState.GOING, SignUpState.WAITING)


def why_not(activity: Activity, volunteer: Volunteer, at: datetime) -> list[fitting.Reason]:
    """Why this volunteer can't sign up now; empty if they can, be it for the waiting list. Three statements."""
    found = []
    if activity.state != ActivityState.OPEN:
        found.append(fitting.Reason("closed", _("This activity isn't open for sign-up.")))
    elif fitting.over(activity, at):
        found.append(fitting.Reason("late", _("Signing up for this activity is over.")))
    held = volunteer.skills.values_list("pk", flat=True)
    found += fitting.misfits(activity, volunteer, activity.skills.all(), held)
    clash = clashing(activity, volunteer)
    if clash is not None:
        said = _("You have said that you come to “%(title)s” at the same time.") % {"title": clash.activity.title}
        found.append(fitting.Reason("clash", said))
    return found


def clashing(activity: Activity, volunteer: Volunteer) -> SignUp | None:
    """Another activity that they come to at the same time."""
    rows = volunteer.sign_ups.filter(
        state=SignUpState.GOING, activity__starts_at__lt=activity.ends_at, activity__ends_at__gt=activity.starts_at
    ).exclude(Q(activity=activity.pk) | Q(activity__state=ActivityState.CANCELLED))
    return rows.select_related("activity").order_by("pk").first()


def check(by: Actor, activity: Activity, volunteer: Volunteer) -> None:
    """Volunteers themselves, who serves at the window, or who organises this activity. Raises NotAllowed."""
    if by.kind == "resident" and by.key == str(volunteer.resident_id):
        return
    if by.kind == "system" or (
        by.kind == "member"
        and (seeing.may(by.user, seeing.SERVE) or seeing.may(by.user, seeing.ORGANISE, activity.unit_id))
    ):
        return
    raise NotAllowed


def sign_up(
    activity: Activity, volunteer: Volunteer, *, by: Actor, at: datetime, via: str = Via.WEB, wait: bool = True
) -> SignUp:
    """Say that a volunteer comes; who comes to a full activity waits. Asked twice, it is the same row.

    Raises Refusal with the code of the reason (`closed`, `late`, `young`, `skill`, `licence`, `clash`, …), `full` where
    `wait` is False, NotAllowed.
    """
    check(by, activity, volunteer)
    with acts.locked(activity) as row:
        already = SignUp.objects.filter(activity=row, volunteer=volunteer).exclude(state=SignUpState.WITHDRAWN).first()
        if already is not None:
            return already
        reasons = why_not(row, volunteer, at)
        if reasons:
            raise Refusal(reasons[0].sentence, code=reasons[0].code)
        goes = _take_place(row)
        if not goes and not wait:
            raise Refusal(_("All places are taken."), code="full")
        found = SignUp.objects.create(
            activity=row,
            volunteer=volunteer,
            state=SignUpState.GOING if goes else SignUpState.WAITING,
            via=acts.one_of(Via.values, via, "via"),
            at=at,
            by=by.user if by.kind == "member" else None,
        )
        data = {"volunteer": volunteer.number, "activity": row.number, "title": row.title}
        verb = "signed_up" if goes else "waits"
        acts.record(row.subject, verb, by=by, at=at, data=data)
        acts.record(volunteer.subject, verb, by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    activity.going = row.going
    return found


def _take_place(row: Activity) -> bool:
    """Take one place of a locked activity, if there is one."""
    taken = Activity.objects.filter(pk=row.pk, going__lt=F("capacity")).update(going=F("going") + 1)
    row.going += taken
    return bool(taken)


def waiting_place(found: SignUp) -> int:
    """The place on the waiting list, from 1."""
    before = SignUp.objects.filter(activity=found.activity_id, state=SignUpState.WAITING, at__lte=found.at)
    return before.exclude(at=found.at, pk__gt=found.pk).count()


def withdraw(found: SignUp, *, by: Actor, at: datetime, reason: str = "") -> SignUp:
    """Take a sign-up back; whoever waits first, and fits, is called up and told.

    Raises Conflict for what has been taken back already, Refusal at `reason` where it is late and says nothing, or
    once the activity has ended.
    """
    volunteer = found.volunteer
    check(by, found.activity, volunteer)
    with acts.locked(found.activity) as row:
        now = SignUp.objects.select_for_update(of=("self",)).filter(pk=found.pk).first()
        if now is None:
            raise NotFound
        if now.state not in LIVE:
            raise Conflict
        if at >= row.ends_at and by.kind != "system":
            raise Refusal(_("The activity is over."), code="over")
        late = now.state == SignUpState.GOING and at > row.starts_at - IN_TIME and row.state == ActivityState.OPEN
        said = acts.words(reason, "reason", needed=late and by.kind == "resident", most=200)
        held = now.state == SignUpState.GOING
        now.state, now.ended_at, now.reason = SignUpState.WITHDRAWN, at, said
        now.save(update_fields=["state", "ended_at", "reason"])
        data = {"volunteer": volunteer.number, "activity": row.number, "title": row.title, "late": late}
        acts.record(row.subject, "withdrew", by=by, at=at, data=data, said=said)
        acts.record(volunteer.subject, "withdrew", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        if held:
            Activity.objects.filter(pk=row.pk).update(going=F("going") - 1)
            row.going -= 1
            call_up(row, at=at)
    return now


def call_up(row: Activity, *, at: datetime) -> list[SignUp]:
    """Give free places of a locked activity to those who wait, in the order of asking; who doesn't fit (any more) waits
    on. They are told, and may withdraw again.
    """
    called: list[SignUp] = []
    if row.state != ActivityState.OPEN or at >= row.starts_at or row.going >= row.capacity:
        return called
    rows = SignUp.objects.filter(activity=row.pk, state=SignUpState.WAITING).select_related("volunteer__resident")
    needed = list(row.skills.all())
    for one in rows.prefetch_related("volunteer__skills").order_by("at", "pk"):
        held = [skill.pk for skill in one.volunteer.skills.all()]
        if fitting.misfits(row, one.volunteer, needed, held) or clashing(row, one.volunteer):
            continue
        if not _take_place(row):
            break
        one.state, one.called_at = SignUpState.GOING, at
        one.save(update_fields=["state", "called_at"])
        data = {"volunteer": one.volunteer.number, "activity": row.number, "title": row.title}
        acts.record(row.subject, "called_up", by=SYSTEM, at=at, data=data)
        acts.record(one.volunteer.subject, "called_up", by=SYSTEM, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        letters_deeds.called_up(row, one, at)
        called.append(one)
    return called


def mark(found: SignUp, came: bool, *, by: Actor, at: datetime) -> SignUp:
    """Whether somebody who was expected came. By who organises, or by the system from scans; may be put right later."""
    if by.kind != "system":
        seeing.check(by, seeing.ORGANISE, found.activity.unit_id)
    with acts.locked(found.activity) as row:
        now = SignUp.objects.select_for_update(of=("self",)).get(pk=found.pk)
        to = SignUpState.CAME if came else SignUpState.ABSENT
        if now.state == to:
            return now
        if now.state not in (SignUpState.GOING, SignUpState.CAME, SignUpState.ABSENT):
            raise Conflict
        if at < row.starts_at:
            raise Refusal(_("It hasn't begun yet."), code="early")
        was = now.state
        now.state = to
        now.save(update_fields=["state"])
        _strike(found.volunteer_id, was, to)
        data = {"volunteer": found.volunteer.number}
        acts.record(row.subject, "came" if came else "absent", by=by, at=at, data=data)
    return now


def _strike(volunteer: int, was: str, to: str) -> None:
    """Count who didn't come and didn't tell; put right, it is counted back."""
    if to == SignUpState.ABSENT:
        Volunteer.objects.filter(pk=volunteer).update(strikes=F("strikes") + 1)
    elif was == SignUpState.ABSENT:
        Volunteer.objects.filter(pk=volunteer, strikes__gt=0).update(strikes=F("strikes") - 1)

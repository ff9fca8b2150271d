"""Scanning in and out: what a rotating code, a volunteer and a telephone give together.

A code counts in its thirty seconds and a minute more. Opening it gives the browser a ticket for a quarter of an hour,
as a cookie that leaves it nowhere, so that somebody may sign in first; the address itself is worthless to anybody else
a minute later. A telephone without network keeps the page it opened and sends it within a day: that scan counts at the
moment of its code, is flagged, and waits for a second person. Only who was signed in on that telephone before that
moment may do so, so that a photograph of the code passed on afterwards opens nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Refusal
from chenyue.people.resident_session import sessions
from chenyue.volunteering import acts, claim_facts, claiming, persons, rotating, seeing, signing_up, thresholds
from chenyue.volunteering.lifecycle import ActivityState, SignUpState, VolunteerState
from chenyue.volunteering.models import Activity, Claim, Scan, SignUp, Volunteer

TICKET = timedelta(minutes=15)  # from opening a code to pressing the button
_SALT = "volunteering.ticket"
UNLISTED = ("late", "full", "closed")  # reasons against signing up that don't keep anybody from helping
SKEW = timedelta(minutes=10)  # a telephone's own clock may be off by this much without being noted


@dataclass(frozen=True)
class Done:
    """What a scan did: the row, the claim that leaving made (or None), and a sentence where nothing counts."""

    scan: Scan
    claim: Claim | None = None
    nothing: str = ""


def ticket(activity: Activity, reading: rotating.Reading, at: datetime) -> str:
    """What a browser keeps, as a cookie, between opening the code and pressing the button."""
    held = {"a": activity.pk, "w": reading.window, "l": reading.late, "o": int(at.timestamp())}
    return signing.dumps(held, salt=_SALT, compress=True)


def open_ticket(given: str, activity: Activity, at: datetime) -> rotating.Reading | None:
    """The reading behind a ticket; None for another activity's, a broken one, or one that is over."""
    try:
        held = signing.loads(given, salt=_SALT)
        window, late, opened = int(held["w"]), bool(held["l"]), int(held["o"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    age = at - datetime.fromtimestamp(opened, UTC)
    if held["a"] != activity.pk or not timedelta(0) - SKEW <= age <= TICKET:
        return None
    return rotating.Reading(window, min(rotating.begin(window), at), late)


def check_open(activity: Activity, moment: datetime) -> None:
    """Raise Refusal where this activity takes no scans at that moment."""
    limits = thresholds.now()
    if activity.state not in (ActivityState.OPEN, ActivityState.DONE):
        raise Refusal(_("This activity takes no scans: it isn't open, or was called off."), code="closed")
    if moment < activity.starts_at - timedelta(minutes=limits.early_minutes):
        raise Refusal(_("It is too early: the code counts from an hour before the beginning."), code="early")
    if moment > activity.ends_at + timedelta(minutes=limits.after_minutes):
        raise Refusal(_("This activity is over. Ask the organiser to write you on the list."), code="over")


def way_of(activity: Activity, volunteer: Volunteer) -> str:
    """What comes next for somebody: in, or out."""
    last = Scan.objects.filter(activity=activity, volunteer=volunteer).order_by("-at", "-pk").first()
    return "out" if last is not None and last.way == "in" else "in"


def scan(
    *, activity: Activity, volunteer: Volunteer, reading: rotating.Reading, way: str, device: str, by: Actor,
    at: datetime, device_at: datetime | None = None,
) -> Done:  # fmt: skip
    """Take a reading by a volunteer's own telephone. Sent again, it has no second effect.

    By the volunteer. `device`: the browser's print (`people.devices`); `device_at`: what the telephone's clock says,
    kept and never counted. Raises NotAllowed; Refusal for what the code, the person or the order of in and out don't
    allow.
    """
    seeing.check_for(by, volunteer.resident_id)
    acts.one_of(("in", "out"), way, "way")
    if reading.late:
        _known_before(activity, volunteer, reading, device)
    return _take(activity, volunteer, reading, way, device, at, device_at)


def at_desk(*, activity: Activity, volunteer: Volunteer, way: str, by: Actor, at: datetime) -> Done:
    """The organiser's device takes somebody in or out by name: evidence of a list, not of a telephone.

    Raises NotAllowed, Refusal `oneself` for the organiser's own hours.
    """
    if by.kind == "member":
        seeing.check(by, seeing.ORGANISE, activity.unit_id)
    persons.not_oneself(by, volunteer.resident, _("These would be your own hours: another organiser takes you in."))
    acts.one_of(("in", "out"), way, "way")
    reading = rotating.Reading(rotating.window_of(at), at, late=False)
    return _take(activity, volunteer, reading, way, f"{claim_facts.DESK}{by.user.pk}", at, None)


def _known_before(activity: Activity, volunteer: Volunteer, reading: rotating.Reading, device: str) -> None:
    """Raise Refusal unless the person was signed in here when the code was read, and it sends for nobody else."""
    held = sessions(volunteer.resident, reading.at).filter(made_at__lte=reading.at, device__in=("", device))
    scans = Scan.objects.filter(activity=activity, device=device)
    if not held.exists():
        raise Refusal(
            _("You weren't signed in on this telephone when this code was shown. Ask to be written on the list."),
            code="unknown_device",
        )
    if device and scans.filter(offline=True).exclude(volunteer=volunteer).exists():
        raise Refusal(_("This telephone has sent for somebody else already."), code="other_device")


def _take(
    activity: Activity, volunteer: Volunteer, reading: rotating.Reading, way: str, index: str, at: datetime,
    device_at: datetime | None,
) -> Done:  # fmt: skip
    check_open(activity, reading.at)
    key = f"{activity.pk}:{volunteer.pk}:{way}:{reading.window}"
    with transaction_of_its_own():
        person = Volunteer.objects.select_for_update(of=("self",)).select_related("resident").get(pk=volunteer.pk)
        before = Scan.objects.filter(key=key).first()
        if before is not None:  # sent again
            return Done(before, Claim.objects.filter(key=f"scan:{_pair(before)}").first() if way == "out" else None)
        _fit_to_serve(person)
        came = _order(activity, person, way, reading.at)
        if way == "in":
            _on_the_list(activity, person, reading.at)
        clock_off = device_at is not None and abs(device_at - at) > SKEW
        found = Scan.objects.create(
            activity=activity, volunteer=person, way=way, at=reading.at, received_at=at, device_at=device_at,
            window=reading.window, device=index, offline=reading.late, key=key,
        )  # fmt: skip
        data = {"volunteer": person.number, "late": reading.late, "clock_off": clock_off}
        acts.record(activity.subject, f"scanned_{way}", by=SYSTEM, at=at, data=data)
        if came is None:
            return Done(found)
        try:
            return Done(found, claiming.claim_from_scans(came, found, at=at))
        except Refusal as refusal:
            if came.at >= found.at - timedelta(minutes=thresholds.now().shortest_minutes):
                raise  # a slip of the finger: the person is still there, and nothing is written
            return Done(found, nothing=str(refusal.sentence))


def _pair(left: Scan) -> int:
    """The scan in that belongs to a scan out."""
    rows = Scan.objects.filter(activity=left.activity_id, volunteer=left.volunteer_id, way="in", at__lte=left.at)
    return rows.order_by("-at", "-pk").values_list("pk", flat=True).first() or 0


def _fit_to_serve(person: Volunteer) -> None:
    if person.state == VolunteerState.LEFT:
        raise Refusal(_("You have left the volunteers. Join again first."), code="left")


def _on_the_list(activity: Activity, person: Volunteer, at: datetime) -> None:
    """Whoever comes without having signed up is signed up now, where that is still possible.

    Where it is too late or full they may serve all the same: their hours wait for a second person (`unlisted`). Who
    must not serve there, for age, a licence or another activity at that time, is refused.
    """
    if SignUp.objects.filter(activity=activity, volunteer=person).exclude(state=SignUpState.WITHDRAWN).exists():
        return
    try:
        with transaction.atomic():  # a part by itself: what it refuses must not undo the scan
            signing_up.sign_up(activity, person, by=SYSTEM, at=at, wait=False)
    except Refusal as refusal:
        if refusal.code not in UNLISTED:
            raise


def _order(activity: Activity, person: Volunteer, way: str, moment: datetime) -> Scan | None:
    """The scan in that this scan out ends; None for a scan in. Raises Refusal for the wrong order."""
    rows = Scan.objects.select_related("activity", "volunteer").filter(activity=activity, volunteer=person)
    last = rows.order_by("-at", "-pk").first()
    inside = last is not None and last.way == "in"
    if last is not None and moment < last.at:
        raise Refusal(_("A later scan of yours is here already."), code="order")
    if way == "in" and inside:
        raise Refusal(_("You are in already. Scan out when you leave."), code="inside")
    if way == "out" and not inside:
        raise Refusal(_("You haven't come in yet."), code="outside")
    if way == "out" and last is not None and Claim.objects.filter(key=f"scan:{last.pk}").exists():
        raise Refusal(_("Your hours were closed at the planned end already."), code="closed_by_rule")
    return last if way == "out" else None


def inside(activity: Activity) -> list[Scan]:
    """Who is there now: the scans in that nothing has ended yet, with the volunteer. Two statements."""
    rows = Scan.objects.filter(activity=activity).select_related("volunteer__resident").order_by("at", "pk")
    last: dict[int, Scan] = {row.volunteer_id: row for row in rows}
    open_ = {pk: row for pk, row in last.items() if row.way == "in"}
    closed = Claim.objects.filter(key__in=[f"scan:{row.pk}" for row in open_.values()]).values_list("key", flat=True)
    return [row for row in open_.values() if f"scan:{row.pk}" not in set(closed)]


def close_missing(at: datetime) -> int:
    """Close who never scanned out at the planned end, once codes aren't taken any more; how many claims."""
    limit = at - timedelta(minutes=thresholds.now().after_minutes)
    since = at - timedelta(days=3)  # a tick that stood still for days makes up for it
    made = 0
    for activity in Activity.objects.filter(ends_at__range=(since, limit), scans__way="in").distinct().order_by("pk"):
        for came in inside(activity):
            made += _close(came, at)
    return made


def _close(came: Scan, at: datetime) -> bool:
    with transaction_of_its_own():
        Volunteer.objects.select_for_update(of=("self",)).get(pk=came.volunteer_id)
        row = Scan.objects.select_related("activity__case", "activity__place", "volunteer__resident").get(pk=came.pk)
        if Claim.objects.filter(key=f"scan:{row.pk}").exists():
            return False
        if Scan.objects.filter(activity=row.activity_id, volunteer=row.volunteer_id, way="out", at__gt=row.at).exists():
            return False
        claim = claiming.claim_at_planned_end(row, at=at)
        if claim is None:
            return False
        data = {"volunteer": row.volunteer.number, "minutes": claim.minutes}
        acts.record(row.activity.subject, "closed_by_rule", by=SYSTEM, at=at, data=data)
    return True


def last(activity: Activity, volunteer: Volunteer) -> dict[str, Scan | Claim | None]:
    """The last scan of somebody, and the claim it made. Two statements."""
    rows = Scan.objects.filter(activity=activity, volunteer=volunteer)
    found = rows.order_by("-at", "-pk").first()
    claims = Claim.objects.filter(activity=activity, volunteer=volunteer).order_by("-pk")
    return {"scan": found, "claim": claims.first() if found is not None and found.way == "out" else None}

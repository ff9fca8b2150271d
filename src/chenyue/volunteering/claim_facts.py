"""What the detectors need to know about a claim, read from the database; and all its flags."""

from datetime import date, datetime, timedelta

from django.db.models import Sum

from chenyue.people.models import Member
from chenyue.volunteering import acts, detectors
from chenyue.volunteering.detectors import Flag, Shift, Typed
from chenyue.volunteering.lifecycle import ClaimState, SignUpState
from chenyue.volunteering.models import Activity, ActivityPhoto, Claim, Scan, SignUp
from chenyue.volunteering.thresholds import Thresholds

AROUND = timedelta(hours=12)  # further away no overlap, and no way too fast
DESK = "desk:"  # the device of a scan that an organiser took down, with the member's id
RECENT = 50  # claims of a recorder that are looked at for round numbers


def shift_of(claim: Claim) -> Shift:
    """A claim as the detectors see it; one that isn't kept yet has key 0."""
    return Shift(
        claim.starts_at, claim.ends_at, claim.minutes, claim.pk or 0, claim.activity_id, _where(claim.activity),
        claim.state == ClaimState.APPROVED,
    )  # fmt: skip


def _where(activity: Activity | None) -> tuple[float, float] | None:
    place = activity.place if activity else None
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def others(claim: Claim) -> list[Shift]:
    """The person's other claims of that time: waiting, or approved and not wholly taken back. One statement."""
    rows = Claim.objects.filter(
        volunteer=claim.volunteer_id,
        state__in=(ClaimState.WAITING, ClaimState.APPROVED),
        starts_at__lt=claim.ends_at + AROUND,
        ends_at__gt=claim.starts_at - AROUND,
    )
    rows = rows.exclude(pk=claim.pk or 0).select_related("activity__place").annotate(left=Sum("entries__minutes"))
    return [shift_of(row) for row in rows.order_by("pk") if row.state == ClaimState.WAITING or row.left]


def seen(claim: Claim, near: list[Shift], limits: Thresholds) -> list[Flag]:
    """Flags that any claim may have: overlap, a way too fast, too long a day."""
    one, day = shift_of(claim), acts.local_day(claim.starts_at)
    return [
        *detectors.overlap(one, near),
        *detectors.too_fast(one, near, limits),
        *detectors.day_total(one, near, day, on_day(near, day), limits),
    ]


def on_day(near: list[Shift], day: date) -> int:
    """Minutes of these stretches that began on a day."""
    return sum(other.minutes for other in near if acts.local_day(other.starts_at) == day)


def of_scans(claim: Claim, came: Scan, left: Scan | None, limits: Thresholds) -> list[Flag]:
    """Flags of scans: one telephone for many, out long after the end, sent later, taken down by the organiser."""
    found: list[Flag] = []
    scans = [scan for scan in (came, left) if scan is not None]
    devices = {scan.device for scan in scans if scan.device and not scan.device.startswith(DESK)}
    for device in sorted(devices):
        people = Scan.objects.filter(activity=came.activity_id, device=device).values_list("volunteer", flat=True)
        found += detectors.same_device(people.distinct(), limits)
    if left is None:
        found.append({"code": "no_out"})
    elif claim.activity is not None:
        found += detectors.overran(claim.activity.ends_at, claim.ends_at, limits)
    listed = (SignUpState.GOING, SignUpState.CAME, SignUpState.ABSENT)
    if not SignUp.objects.filter(activity=came.activity_id, volunteer=came.volunteer_id, state__in=listed).exists():
        found.append({"code": "unlisted"})
    if any(scan.offline for scan in scans):
        found.append({"code": "late"})
    if any(scan.device.startswith(DESK) for scan in scans):
        found.append({"code": "desk"})
    return found


def of_recorder(member: Member, at: datetime, more: list[int], limits: Thresholds) -> list[Flag]:
    """Flags of what a recorder types: too quickly, too round. `more`: minutes of what is typed now. One statement."""
    rows = Claim.objects.filter(recorded_by=member).order_by("-pk").values_list("recorded_at", "minutes")[:RECENT]
    sent = [*(Typed(at, minutes) for minutes in more), *(Typed(*row) for row in rows)]
    return [*detectors.velocity(sent, at, limits), *detectors.round_numbers(sent, limits)]


def bare(activity: Activity | None, *, served: bool) -> list[Flag]:
    """Whether nothing but the typed words speaks for it."""
    photographs = ActivityPhoto.objects.filter(activity=activity, removed_at=None).count() if activity else 0
    return detectors.no_evidence(photographs=photographs, recipient=served or bool(activity and activity.served))


def typed_today(member: Member, at: datetime) -> int:
    """How many claims a recorder has typed on this day."""
    day = acts.local_day(at)
    rows = Claim.objects.filter(recorded_by=member, recorded_at__gt=at - timedelta(days=1), recorded_at__lte=at)
    return sum(acts.local_day(moment) == day for moment in rows.values_list("recorded_at", flat=True))

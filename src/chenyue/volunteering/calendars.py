"""Calendars of activities as other programs read them: one activity, or all that a volunteer comes to.

Only what stands on the public page of an activity is in them. The address of one's own calendar is a key; it opens
nothing once the volunteer has left or their data is gone.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from chenyue.core import ics
from chenyue.core.errors import NotFound
from chenyue.volunteering.lifecycle import ActivityState, SignUpState, VolunteerState
from chenyue.volunteering.models import Activity, Volunteer

SALT = "volunteering.calendar"
BACK = timedelta(days=30)


def token_of(volunteer: Volunteer) -> str:
    """The key to a volunteer's own calendar."""
    return signing.Signer(salt=SALT).sign(str(volunteer.pk)).replace(":", ".", 1)


def volunteer_by(token: str) -> Volunteer:
    """Whose calendar this key opens. Raises NotFound, the same for whatever reason."""
    try:
        pk = signing.Signer(salt=SALT).unsign(token[:100].replace(".", ":", 1))
    except signing.BadSignature:
        raise NotFound from None
    rows = Volunteer.objects.exclude(state=VolunteerState.LEFT)
    found = rows.filter(pk=int(pk), resident__erased_at=None).first()
    if found is None:
        raise NotFound
    return found


def entry(row: Activity, url: str = "") -> ics.Entry:
    """An activity as an entry."""
    where = row.place_words or (row.place.full_name if row.place else "")
    return ics.Entry(
        uid=f"activity-{row.pk}", starts=row.starts_at, ends=row.ends_at, summary=row.title, words=row.words,
        place=where, url=url, sequence=row.version, cancelled=row.state == ActivityState.CANCELLED,
    )  # fmt: skip


def of_one(row: Activity, url: str, at: datetime) -> bytes:
    """One activity."""
    return ics.write(row.title, "Volunteering", [entry(row, url)], at)


def of_volunteer(volunteer: Volunteer, at: datetime) -> bytes:
    """What a volunteer comes to, with what lies a month back. One statement."""
    rows = Activity.objects.filter(
        sign_ups__volunteer=volunteer, sign_ups__state__in=(SignUpState.GOING, SignUpState.CAME), ends_at__gt=at - BACK
    )
    held = rows.exclude(state=ActivityState.DRAFT).select_related("place").order_by("starts_at", "pk")
    return ics.write(_("Volunteering"), "Volunteering", [entry(row) for row in held[: ics.MOST]], at)

"""Finding a volunteer by what they say at the organiser's device: name and the last four digits of the telephone."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core import limits
from chenyue.core.errors import Refusal
from chenyue.people import personal
from chenyue.volunteering.lifecycle import VolunteerState
from chenyue.volunteering.models import Activity, Volunteer

TRIES = limits.Limit("volunteering-desk", 200, timedelta(hours=1))  # of one organiser at one activity
MOST = 50  # people of one name that are looked through


def by_name(activity: Activity, name: str, last_four: str) -> Volunteer:
    """The volunteer; those who signed up for the activity come before namesakes.

    Raises Refusal at `name` for nobody and at `last_four` for several: the same sentence whether the name is known.
    """
    rows = Volunteer.objects.filter(resident__name_index=personal.name_index(name), resident__erased_at=None)
    rows = rows.exclude(state=VolunteerState.LEFT).select_related("resident").order_by("pk")
    found = [one for one in rows[:MOST] if one.resident.phone.endswith(last_four)] if name else []
    listed = set(
        activity.sign_ups.filter(volunteer__in=[one.pk for one in found])
        .exclude(state="withdrawn")
        .values_list("volunteer", flat=True)
    )
    mine = [one for one in found if one.pk in listed] or found
    if not mine:
        raise Refusal(_("No volunteer has this name and these digits."), field="name", code="nobody")
    if len(mine) > 1:
        raise Refusal(
            _("Two volunteers have this name and these digits: use the list."), field="last_four", code="several"
        )
    return mine[0]

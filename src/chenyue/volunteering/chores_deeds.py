"""What happens to deeds by itself: reminders before an activity, needs whose answer is due."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core.ticks import every
from chenyue.notify.actions import notice
from chenyue.people.queries import members_with
from chenyue.volunteering import acts, letters_deeds, seeing
from chenyue.volunteering.lifecycle import ActivityState, NeedState, SignUpState
from chenyue.volunteering.models import Activity, Need, SignUp

BEFORE = timedelta(hours=24)  # before the beginning; who signs up later is reminded at once, with the place to meet
BATCH = 200


@every(600, "volunteering.reminders")
def remind(at: datetime) -> int:
    """Remind who comes to what begins within a day; how many. Each sign-up once."""
    rows = SignUp.objects.filter(
        state=SignUpState.GOING, told_at=None, activity__state=ActivityState.OPEN,
        activity__starts_at__gt=at, activity__starts_at__lte=at + BEFORE,
    )  # fmt: skip
    return sum(
        _remind(pk, at) for pk in list(rows.order_by("activity__starts_at", "pk").values_list("pk", flat=True)[:BATCH])
    )


@transaction.atomic
def _remind(pk: int, at: datetime) -> bool:
    if not SignUp.objects.filter(pk=pk, told_at=None, state=SignUpState.GOING).update(told_at=at):
        return False  # another worker was faster, or they have withdrawn
    one = SignUp.objects.select_related("activity__place", "volunteer__resident").get(pk=pk)
    letters_deeds.remind(one.activity, one, at)
    return True


@every(3600, "volunteering.needs_due")
def tell_needs(at: datetime) -> int:
    """Needs whose answer is due today or over: a line on the desks of who may answer, once a day; of how many."""
    today = acts.local_day(at)
    rows = Need.objects.filter(state=NeedState.ASKED, answer_by__lte=today).order_by("answer_by", "pk")
    for need in rows[:BATCH]:
        said = _("An answer is due: need %(number)s, %(title)s.") % {"number": need.number, "title": need.title}
        notice(_answering(need), said, f"/desk/volunteering/needs/{need.number}/", f"need:{need.pk}:{today}", at)
    return min(len(rows), BATCH)


@every(3600, "volunteering.unfinished")
def tell_unfinished(at: datetime) -> int:
    """Activities that ended a day ago and that nobody declared done: a line for who is in charge; of how many."""
    rows = Activity.objects.filter(
        state=ActivityState.OPEN, ends_at__lte=at - timedelta(days=1), ends_at__gt=at - timedelta(days=8)
    ).order_by("ends_at", "pk")  # fmt: skip
    for row in rows[:BATCH]:
        said = _("To be finished: activity %(number)s, %(title)s.") % {"number": row.number, "title": row.title}
        who = [row.manager_id] if row.manager_id else [m.pk for m in members_with(seeing.ORGANISE, unit_id=row.unit_id)]
        notice(who, said, f"/desk/volunteering/activities/{row.number}/", f"activity:{row.pk}:unfinished", at)
    return min(len(rows), BATCH)


def _answering(need: Need) -> list[int]:
    """Who organises for the unit of a need; for one without unit, who organises for the whole office."""
    found = members_with(seeing.ORGANISE, unit_id=need.unit_id)
    if need.unit_id is None:
        found = [member for member in found if seeing.units_of(member) is None]
    return [member.pk for member in found]

"""Two at once: the last place of an activity goes to one, and who withdraws calls up one."""

import pytest

from cast import Cast
from chenyue.core.errors import Conflict
from chenyue.timeline.models import Chain, Entry
from chenyue.volunteering import signing_up
from chenyue.volunteering.models import SignUp
from helpers import together
from volunteering.deeds_stage import DeedsStage, moment

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_place_goes_to_one() -> None:
    deeds = DeedsStage(Cast())
    activity, people = deeds.activity(capacity=1), [deeds.volunteer() for _ in range(4)]

    def up(person):
        return lambda: signing_up.sign_up(activity, person, by=deeds.lin, at=moment())

    found = together(*(up(person) for person in [*people, people[0]]))
    assert all(isinstance(one, SignUp) for one in found), found
    activity.refresh_from_db()
    assert activity.going == SignUp.objects.filter(activity=activity, state="going").count() == 1
    assert SignUp.objects.filter(activity=activity).count() == 4, "asked twice at once, it is one row"
    assert Chain.objects.get(subject=activity.subject).length == Entry.objects.filter(subject=activity.subject).count()


def test_who_withdraws_twice_at_once_frees_one_place() -> None:
    deeds = DeedsStage(Cast())
    activity = deeds.activity(capacity=1)
    ups = [signing_up.sign_up(activity, deeds.volunteer(), by=deeds.lin, at=moment()) for _ in range(3)]
    found = together(*(lambda: signing_up.withdraw(ups[0], by=deeds.lin, at=moment(hours=1)) for _ in range(2)))
    assert sorted(isinstance(one, Conflict) for one in found) == [False, True], found
    activity.refresh_from_db()
    states = list(SignUp.objects.filter(activity=activity).order_by("pk").values_list("state", flat=True))
    assert (states, activity.going) == (["withdrawn", "going", "waiting"], 1)

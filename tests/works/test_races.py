"""Two at once: one stance counts, one ballot is valid, and nothing is said to a plan that is being replaced."""

import pytest

from cast import Cast
from chenyue.core.errors import Conflict
from chenyue.timeline.models import Chain, Entry
from chenyue.works import actions, acts, queries
from chenyue.works.lifecycle import How
from chenyue.works.models import Ballot, HomeDispute, Objection, Stance
from helpers import together
from works.stage import DOORS, day, stage

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = DOORS[0]


def test_two_clerks_who_enter_the_same_home_at_once_leave_one_that_counts():
    here = stage(Cast())
    found = together(
        lambda: here.says(DOOR, "support", 1),
        lambda: here.says(DOOR, "against", 1, by=here.zhao),
        lambda: here.says(DOOR, "undecided", 1, How.WEB, by=acts.resident_of(here.home(DOOR))),
    )
    assert all(isinstance(one, Stance) for one in found), found
    assert Stance.objects.count() == 3
    assert Stance.objects.filter(counts=True, superseded_at=None).count() == 1
    assert queries.tally(here.plan, day(2)).spoken.homes == 1
    subject = here.project.subject
    assert Chain.objects.get(subject=subject).length == Entry.objects.filter(subject=subject).count()


def test_two_ballots_of_one_home_at_once_leave_one():
    here = stage(Cast())
    found = together(lambda: here.votes(DOOR, "agree"), lambda: here.votes(DOOR, "disagree", by=here.zhao))
    assert sorted(isinstance(one, Conflict) for one in found) == [False, True], found
    assert Ballot.objects.filter(revoked_at=None).count() == 1


def test_a_plan_replaced_while_people_are_signing_gets_nothing_more():
    here = stage(Cast())
    here.says(DOORS[3], "support", 1)
    draft = actions.make_plan(project=here.project, title="第二版", by=here.zhao, at=day(2))
    old = here.plan

    def sign(door):
        return lambda: here.votes(door, "agree", 3, plan=old)

    def say(door):
        return lambda: here.says(door, "support", 3, plan=old)

    found = together(
        sign(DOORS[0]), say(DOORS[1]), lambda: actions.publish_plan(plan=draft, by=here.zhao, at=day(3)), say(DOORS[2])
    )
    published = found.pop(2)
    assert isinstance(published, actions_published()), published
    refused = [one for one in found if isinstance(one, Conflict)]
    kept = [one for one in found if isinstance(one, Stance | Ballot)]
    assert len(refused) + len(kept) == 3, found
    assert all("第 2 版" in str(one.sentence) for one in refused)
    # What was said before came along; what came later was refused: nothing is lost between the two.
    before = Stance.objects.filter(plan=old).count()
    assert Stance.objects.filter(plan=draft, carried_from__isnull=False).count() == before == published.carried


def actions_published():
    from chenyue.works.plans import Published

    return Published


def test_a_quarrel_and_a_ballot_at_once_leave_no_valid_ballot():
    here = stage(Cast())
    home = here.home(DOOR)
    together(
        lambda: here.votes(DOOR, "agree", 1),
        lambda: actions.open_dispute(home=home, words="不同意", by=here.li, at=day(1)),
    )
    assert HomeDispute.objects.filter(settled_at=None).count() == 1
    assert not Ballot.objects.filter(revoked_at=None).exists()


def test_an_objection_is_taken_back_or_answered_not_both():
    here = stage(Cast())
    row = actions.raise_objection(project=here.project, home=here.home(DOOR), words="吵", by=here.li, at=day(1))
    found = together(
        lambda: actions.withdraw_objection(objection=row, by=here.li, at=day(2)),
        lambda: actions.answer_objection(
            objection=row, decision="reject", words="八点后", by=here.cast.lin.actor(), at=day(2)
        ),
    )
    assert Objection.objects.get().state == "withdrawn", found  # an answered one may still be taken back

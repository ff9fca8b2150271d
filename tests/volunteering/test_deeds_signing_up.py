"""Signing up: places, the waiting list, who fits, withdrawing."""

from datetime import date
from typing import Any

import pytest

from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify.models import Message
from chenyue.timeline import queries as timeline
from chenyue.timeline.models import Entry
from chenyue.volunteering import joining, seeing, signing_up
from chenyue.volunteering.lifecycle import SignUpState, Via, VolunteerState
from chenyue.volunteering.models import Activity, SignUp
from volunteering.deeds_stage import DeedsStage, moment

pytestmark = pytest.mark.django_db


def up(deeds: DeedsStage, activity: Activity, volunteer: Any, **more: Any) -> SignUp:
    given = {"by": deeds.li, "at": moment(), "via": Via.WINDOW} | more
    return signing_up.sign_up(activity, volunteer, **given)


def test_who_comes_to_a_full_activity_waits_and_is_called_up(deeds: DeedsStage) -> None:
    activity = deeds.activity(capacity=1)
    first, second, third = (up(deeds, activity, deeds.volunteer()) for _ in range(3))
    assert [one.state for one in (first, second, third)] == ["going", "waiting", "waiting"]
    assert [signing_up.waiting_place(one) for one in (second, third)] == [1, 2]
    assert up(deeds, activity, first.volunteer) == first, "asked twice, it is the same row"
    signing_up.withdraw(first, by=deeds.li, at=moment(hours=1))
    states = list(activity.sign_ups.order_by("pk").values_list("state", flat=True))
    assert states == ["withdrawn", "going", "waiting"]
    activity.refresh_from_db()
    assert activity.going == 1
    told = Message.objects.filter(template="volunteer-called-up")
    assert [message.about for message in told] in ([activity.subject], []), "one letter at most: none without channel"
    with pytest.raises(Conflict):
        signing_up.withdraw(first, by=deeds.li, at=moment(hours=1))
    verbs = list(Entry.objects.filter(subject=second.volunteer.subject).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["volunteering.joined", "volunteering.waits", "volunteering.called_up"]


def test_without_waiting_a_full_activity_refuses(deeds: DeedsStage) -> None:
    activity = deeds.activity(capacity=1)
    up(deeds, activity, deeds.volunteer())
    with pytest.raises(Refusal) as refused:
        up(deeds, activity, deeds.volunteer(), wait=False)
    assert refused.value.code == "full"


@pytest.mark.parametrize(
    ("activity", "volunteer", "code"),
    [
        ({"state": "draft"}, {}, "closed"),
        ({"sign_up_until": moment(hours=-1)}, {}, "late"),
        ({"min_age": 60}, {}, "young"),
        ({"max_age": 40}, {}, "old"),
        ({"dangerous": True}, {}, "insurance"),
        ({"min_age": 18}, {"birth_on": None}, "age_unknown"),
        ({"kind": "emergency"}, {"birth_on": date(2012, 1, 1)}, "minor"),
    ],
)
def test_who_doesnt_fit_hears_why(deeds: DeedsStage, activity: Any, volunteer: Any, code: str) -> None:
    if volunteer.get("birth_on"):
        volunteer = volunteer | {"guardian_name": "王芳", "guardian_how": "户口簿"}
    with pytest.raises(Refusal) as refused:
        up(deeds, deeds.activity(**activity), deeds.volunteer(**volunteer))
    assert refused.value.code == code
    assert not SignUp.objects.exists()


def test_licensed_work_needs_a_licence_that_holds(deeds: DeedsStage) -> None:
    skill, activity = deeds.skill("electric", licensed=True), deeds.activity()
    activity.skills.add(skill)
    someone = deeds.volunteer()
    assert [r.code for r in signing_up.why_not(activity, someone, moment())] == ["skill"]
    someone.skills.add(skill)
    assert [r.code for r in signing_up.why_not(activity, someone, moment())] == ["licence"]
    someone = joining.see_licence(
        someone, skill, number="T-1", until=date(2026, 12, 1), by=deeds.li, at=moment()
    )  # fmt: skip
    assert signing_up.why_not(activity, someone, moment()) == []
    later = deeds.activity(hours=24 * 20)
    later.skills.add(skill)
    assert [r.code for r in signing_up.why_not(later, someone, moment())] == ["licence"], "it runs out before"


def test_two_activities_at_once_are_refused(deeds: DeedsStage) -> None:
    someone = deeds.volunteer()
    up(deeds, deeds.activity(hours=48), someone)
    with pytest.raises(Refusal) as refused:
        up(deeds, deeds.activity(hours=49), someone)
    assert refused.value.code == "clash"
    up(deeds, deeds.activity(hours=50), someone)


def test_only_oneself_the_window_or_the_organiser_signs_up(deeds: DeedsStage) -> None:
    someone, activity = deeds.volunteer(), deeds.activity()
    other = seeing.resident_actor(deeds.resident())
    for by in (other, deeds.cast.sun.actor(), deeds.cast.zhou.actor(), deeds.cast.audit.actor()):
        with pytest.raises(NotAllowed):
            up(deeds, activity, someone, by=by)
    found = up(deeds, activity, someone, by=seeing.resident_actor(someone.resident), via=Via.WEB)
    assert found.by is None
    with pytest.raises(NotAllowed):
        signing_up.withdraw(found, by=other, at=moment())
    assert up(deeds, activity, deeds.volunteer(), by=deeds.lin).by == deeds.cast.lin


def test_who_withdraws_late_says_why(deeds: DeedsStage) -> None:
    someone, activity = deeds.volunteer(), deeds.activity(hours=5)
    oneself = seeing.resident_actor(someone.resident)
    found = up(deeds, activity, someone, by=oneself)
    with pytest.raises(Refusal) as refused:
        signing_up.withdraw(found, by=oneself, at=moment(hours=1))
    assert refused.value.field == "reason"
    signing_up.withdraw(found, by=oneself, at=moment(hours=1), reason="孩子发烧")
    entry = Entry.objects.get(subject=activity.subject, verb="volunteering.withdrew")
    assert entry.data["late"] and timeline.line(entry).words == "孩子发烧"


def test_who_didnt_come_is_put_right(deeds: DeedsStage) -> None:
    someone, activity = deeds.volunteer(), deeds.activity(hours=1)
    found = up(deeds, activity, someone)
    with pytest.raises(Refusal):
        signing_up.mark(found, True, by=deeds.lin, at=moment())
    signing_up.mark(found, False, by=deeds.lin, at=moment(hours=4))
    someone.refresh_from_db()
    assert someone.strikes == 1
    assert signing_up.mark(found, True, by=deeds.lin, at=moment(hours=5)).state == SignUpState.CAME
    someone.refresh_from_db()
    assert someone.strikes == 0


def test_who_rests_gives_places_back(deeds: DeedsStage) -> None:
    someone, waits, activity = deeds.volunteer(), deeds.volunteer(), deeds.activity(capacity=1)
    up(deeds, activity, someone)
    second = up(deeds, activity, waits)
    row = joining.rest(someone, by=deeds.li, at=moment())
    second.refresh_from_db()
    assert (row.state, second.state) == (VolunteerState.RESTING, SignUpState.GOING)
    with pytest.raises(Refusal) as refused:
        up(deeds, deeds.activity(hours=90), row)
    assert refused.value.code == "resting"

"""Activities: what must be said before people are asked, changes, done, called off, copies; when hours count."""

from dataclasses import replace
from typing import Any

import pytest

from chenyue.core import ics
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.volunteering import activities, calendars, chores_deeds, joining, signing_up
from chenyue.volunteering.activities import Told
from chenyue.volunteering.lifecycle import ActivityState
from chenyue.volunteering.models import Activity
from volunteering.deeds_stage import DeedsStage, moment

pytestmark = pytest.mark.django_db


def told(deeds: DeedsStage, **more: Any) -> Told:
    given: dict[str, Any] = {
        "title": "清理雨水口", "words": "汛前清理路边雨水口。", "unit": deeds.cast.units["drainage"].pk,
        "starts_at": moment(days=3), "ends_at": moment(days=3, hours=2), "risks": "路面湿滑", "place_words": "南门",
        "manager": deeds.cast.lin.pk, "capacity": 2,
    }  # fmt: skip
    return Told(**given | more)


def test_drafted_opened_done(deeds: DeedsStage) -> None:
    row = activities.draft(told(deeds), by=deeds.lin, at=moment())
    assert row.state == ActivityState.DRAFT and row.number.startswith("V2026-")
    row = activities.open_up(row, by=deeds.lin, at=moment())
    found = signing_up.sign_up(row, deeds.volunteer(), by=deeds.lin, at=moment())
    with pytest.raises(Refusal) as early:
        activities.finish(row, by=deeds.lin, at=moment(days=3, hours=1))
    assert early.value.code == "early"
    row = activities.finish(row, by=deeds.lin, at=moment(days=3, hours=2))
    found.refresh_from_db()
    assert (row.state, found.state) == (ActivityState.DONE, "going"), "nobody recorded that they came: not guessed"
    with pytest.raises(Conflict):
        activities.save(row, told(deeds), by=deeds.lin, at=moment(days=4))


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("words", {"words": ""}),
        ("place", {"place_words": ""}),
        ("risks", {"risks": ""}),
        ("insurance", {"dangerous": True, "min_age": 18}),
        ("min_age", {"dangerous": True, "insurance": "人保 2026-17"}),
        ("manager", {"manager": None}),
        ("starts_at", {"starts_at": moment(days=-1), "ends_at": moment(days=-1, hours=2)}),
    ],
)
def test_nobody_is_asked_before_everything_is_said(deeds: DeedsStage, field: str, more: dict[str, Any]) -> None:
    row = activities.draft(told(deeds, **more), by=deeds.lin, at=moment(days=-2))
    assert [lack.field for lack in activities.lacking(row, moment())] == [field]
    with pytest.raises(Refusal):
        activities.open_up(row, by=deeds.lin, at=moment())


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("title", {"title": " "}),
        ("ends_at", {"ends_at": moment(days=3)}),
        ("ends_at", {"ends_at": moment(days=4)}),
        ("break_minutes", {"break_minutes": 120}),
        ("capacity", {"capacity": 0}),
        ("max_age", {"min_age": 60, "max_age": 20}),
        ("min_age", {"min_age": 3}),
        ("sign_up_until", {"sign_up_until": moment(days=4)}),
        ("place", {"place": 999_999}),
        ("kind", {"kind": "party"}),
        ("skills", {"skills": (999_999,)}),
        ("title", {"title": "长" * 81}),
    ],
)
def test_what_doesnt_hold_is_said_at_its_field(deeds: DeedsStage, field: str, more: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        activities.draft(told(deeds, **more), by=deeds.lin, at=moment())
    assert refused.value.field == field and not Activity.objects.exists()


def test_who_records_doesnt_certify(deeds: DeedsStage) -> None:
    lin = deeds.cast.lin.pk
    with pytest.raises(Refusal) as refused:
        activities.draft(told(deeds, recorder=lin, certifier=lin), by=deeds.lin, at=moment())
    assert (refused.value.field, refused.value.code) == ("certifier", "two_persons")


def test_each_unit_organises_its_own(deeds: DeedsStage) -> None:
    sun = deeds.cast.sun.actor()
    row = activities.draft(told(deeds), by=deeds.lin, at=moment())
    acts = [
        lambda: activities.draft(told(deeds), by=sun, at=moment()),
        lambda: activities.save(row, told(deeds), by=sun, at=moment()),
        lambda: activities.save(
            row, told(deeds, unit=deeds.cast.units["greening"].pk), by=deeds.lin, at=moment()
        ),
        lambda: activities.open_up(row, by=deeds.cast.zhou.actor(), at=moment()),
        lambda: activities.call_off(row, reason="雨", by=deeds.cast.audit.actor(), at=moment()),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_more_room_calls_up_and_less_is_refused(deeds: DeedsStage) -> None:
    row = activities.open_up(activities.draft(told(deeds), by=deeds.lin, at=moment()), by=deeds.lin, at=moment())
    ups = [signing_up.sign_up(row, deeds.volunteer(), by=deeds.lin, at=moment()) for _ in range(3)]
    with pytest.raises(Refusal) as refused:
        activities.save(row, told(deeds, capacity=1), by=deeds.lin, at=moment())
    assert refused.value.field == "capacity"
    with pytest.raises(Conflict):
        activities.save(row, told(deeds), by=deeds.lin, at=moment(), version=1)
    row = activities.save(row, told(deeds, capacity=3), by=deeds.lin, at=moment())
    ups[2].refresh_from_db()
    assert (row.going, ups[2].state) == (3, "going")
    with pytest.raises(Refusal) as incomplete:
        activities.save(row, told(deeds, capacity=3, risks=""), by=deeds.lin, at=moment())
    assert incomplete.value.field == "risks", "what everybody reads stays complete"


def test_called_off_says_why_and_frees_the_day(deeds: DeedsStage) -> None:
    row, someone = deeds.activity(), deeds.volunteer()
    signing_up.sign_up(row, someone, by=deeds.lin, at=moment())
    with pytest.raises(Refusal) as refused:
        activities.call_off(row, reason="", by=deeds.lin, at=moment())
    assert refused.value.field == "reason"
    activities.call_off(row, reason="大风蓝色预警", by=deeds.lin, at=moment())
    signing_up.sign_up(deeds.activity(), someone, by=deeds.lin, at=moment())


def test_a_weekly_series_keeps_hours_and_people(deeds: DeedsStage) -> None:
    first = activities.draft(told(deeds, sign_up_until=moment(days=2)), by=deeds.lin, at=moment())
    made = activities.copies(first, first=moment(days=10), weeks=3, by=deeds.lin, at=moment())
    assert [row.starts_at for row in made] == [moment(days=day) for day in (10, 17, 24)]
    assert {row.ends_at - row.starts_at for row in made} == {first.ends_at - first.starts_at}
    assert made[0].sign_up_until == moment(days=9) and len({row.secret for row in made}) == 3
    with pytest.raises(Refusal) as many:
        activities.copies(first, first=moment(days=10), weeks=27, by=deeds.lin, at=moment())
    assert many.value.field == "weeks"


def test_helping_on_a_case_counts_on_close_never_on_promise(deeds: DeedsStage, filed: Any) -> None:
    row = deeds.activity(case=filed.case)
    after = moment(hours=60)
    assert activities.why_not_yet(row, after), "the case is open"
    filed.case.state, filed.case.closed_at = "closed", after
    filed.case.save(update_fields=["state", "closed_at"])
    assert activities.why_not_yet(row, after) is None
    own = deeds.activity()
    assert activities.why_not_yet(own, moment()) and activities.why_not_yet(own, after) is None
    own.state = ActivityState.CANCELLED
    assert activities.why_not_yet(own, after)


@pytest.fixture
def filed(cast: Any) -> Any:
    import stories

    return stories.filed(cast)


def test_who_comes_is_reminded_once(deeds: DeedsStage) -> None:
    row = deeds.activity(hours=20)
    found = signing_up.sign_up(row, deeds.volunteer(), by=deeds.lin, at=moment())
    signing_up.sign_up(deeds.activity(hours=48), found.volunteer, by=deeds.lin, at=moment())
    assert [chores_deeds.remind(moment(hours=hour)) for hour in (1, 2)] == [1, 0]
    found.refresh_from_db()
    assert found.told_at == moment(hours=1)


def test_a_calendar_opens_by_its_key_only(deeds: DeedsStage) -> None:
    row, someone = deeds.activity(), deeds.volunteer()
    signing_up.sign_up(row, someone, by=deeds.lin, at=moment())
    key = calendars.token_of(someone)
    text = calendars.of_volunteer(calendars.volunteer_by(key), moment()).decode()
    assert row.title in text and someone.resident.name not in text
    assert row.title in calendars.of_one(row, "", moment()).decode() and ics.TYPE
    for wrong in ("", "x", key[:-2], f"{someone.pk + 1}." + key.split(".", 1)[1], "0.a", "9" * 200):
        with pytest.raises(NotFound):
            calendars.volunteer_by(wrong)
    joining.leave(someone, by=deeds.li, at=moment(hours=1))
    with pytest.raises(NotFound):
        calendars.volunteer_by(key)


def test_a_form_of_an_activity_comes_back_as_it_was(deeds: DeedsStage) -> None:
    given = told(deeds, skills=(deeds.skill().pk,), min_age=18, served="独居老人")
    row = activities.draft(given, by=deeds.lin, at=moment())
    assert activities.told_of(row) == replace(given)

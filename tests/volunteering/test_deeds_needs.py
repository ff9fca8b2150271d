"""Needs: asked for, verified by another person, answered in time, planned, met, declined with a reason."""

from typing import Any

import pytest

from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify.models import Notice
from chenyue.volunteering import activities, chores_deeds, needs, seeing
from chenyue.volunteering.lifecycle import NeedState
from chenyue.volunteering.models import Need
from chenyue.volunteering.needs import Asked
from volunteering.deeds_stage import DeedsStage, moment

pytestmark = pytest.mark.django_db


def asked(**more: Any) -> Asked:
    given: dict[str, Any] = {"title": "陪奶奶去医院", "starts_at": moment(days=4), "ends_at": moment(days=4, hours=3)}
    return Asked(**given | more)


def ask(deeds: DeedsStage, **more: Any) -> Need:
    given: dict[str, Any] = {"by": deeds.li, "at": moment(), "resident": deeds.resident(), "via": "window"}
    return needs.ask(more.pop("asked", asked()), **given | more)


def test_asked_verified_planned_met(deeds: DeedsStage) -> None:
    zhao = deeds.cast.zhao.actor()
    row = ask(deeds, asked=asked(unit=deeds.cast.units["drainage"].pk, risks="五楼无电梯"))
    assert row.answer_by.isoformat() == "2026-11-27", "three working days"
    with pytest.raises(NotAllowed):
        needs.verify(row, by=deeds.cast.sun.actor(), at=moment())
    row = needs.verify(row, by=zhao, at=moment(hours=1))
    told = activities.from_need(row, unit=deeds.cast.units["drainage"].pk, manager=deeds.cast.lin.pk)
    activity = activities.draft(told, by=deeds.lin, at=moment(hours=2), needs_met=[row])
    row.refresh_from_db()
    assert row.state == NeedState.PLANNED and activity.risks == "五楼无电梯"
    activity = activities.open_up(activity, by=deeds.lin, at=moment(hours=2))
    activities.finish(activity, by=deeds.lin, at=moment(days=5))
    row.refresh_from_db()
    assert row.state == NeedState.MET


def test_a_called_off_activity_gives_its_need_back(deeds: DeedsStage) -> None:
    zhao = deeds.cast.zhao.actor()
    row = needs.verify(ask(deeds), by=zhao, at=moment())
    told = activities.from_need(row, unit=deeds.cast.units["drainage"].pk, manager=deeds.cast.lin.pk)
    activity = activities.draft(told, by=zhao, at=moment(), needs_met=[row])
    activities.call_off(activity, reason="志愿者生病", by=zhao, at=moment(hours=1))
    row.refresh_from_db()
    assert row.state == NeedState.VERIFIED


def test_declined_with_a_reason_and_looked_at_again(deeds: DeedsStage) -> None:
    zhao, row = deeds.cast.zhao.actor(), ask(deeds)
    with pytest.raises(Refusal) as refused:
        needs.decline(row, reason=" ", by=zhao, at=moment())
    assert refused.value.field == "reason"
    row = needs.decline(row, reason="需要专业医护陪同", by=zhao, at=moment())
    with pytest.raises(Conflict):
        needs.verify(row, by=zhao, at=moment())
    row = needs.again(row, by=deeds.li, at=moment(days=1))
    assert (row.state, row.reason) == (NeedState.ASKED, "")


def test_nobody_verifies_their_own_need(deeds: DeedsStage) -> None:
    zhao = deeds.cast.zhao
    zhao.phone = "13700008888"
    zhao.save(update_fields=["phone"])
    row = ask(deeds, resident=deeds.resident(zhao.name, "13700008888"))
    with pytest.raises(Refusal):
        needs.verify(row, by=zhao.actor(), at=moment())


def test_residents_ask_and_withdraw_for_themselves_only(deeds: DeedsStage) -> None:
    someone, other = deeds.resident(), deeds.resident()
    oneself = seeing.resident_actor(someone)
    row = needs.ask(asked(), by=oneself, at=moment(), resident=someone)
    for by, resident in ((oneself, other), (oneself, None), (deeds.lin, someone), (deeds.cast.zhou.actor(), None)):
        with pytest.raises(NotAllowed):
            needs.ask(asked(), by=by, at=moment(), resident=resident)
    with pytest.raises(NotAllowed):
        needs.withdraw(row, by=seeing.resident_actor(other), at=moment())
    assert needs.withdraw(row, by=oneself, at=moment()).state == NeedState.WITHDRAWN


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("title", {"title": ""}),
        ("starts_at", {"starts_at": moment(hours=-1), "ends_at": moment(hours=1)}),
        ("starts_at", {"starts_at": moment(days=300), "ends_at": moment(days=300, hours=1)}),
        ("ends_at", {"ends_at": moment(days=4)}),
        ("ends_at", {"ends_at": moment(days=6)}),
        ("people", {"people": 0}),
        ("people", {"people": 51}),
        ("place", {"place": 999_999}),
        ("kind", {"kind": "x"}),
        ("words", {"words": "长" * 4001}),
    ],
)
def test_what_doesnt_hold_is_said_at_its_field(deeds: DeedsStage, field: str, more: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        ask(deeds, asked=asked(**more))
    assert refused.value.field == field and not Need.objects.exists()


def test_units_see_their_own_needs_only(deeds: DeedsStage) -> None:
    own = ask(deeds, asked=asked(unit=deeds.cast.units["drainage"].pk))
    ask(deeds)
    seen = {name: seeing.visible_needs(getattr(deeds.cast, name)).count() for name in ("li", "lin", "sun", "zhou")}
    assert seen == {"li": 2, "lin": 1, "sun": 0, "zhou": 0}
    assert seeing.need_for(deeds.cast.lin, own.number, to="organise") == own


def test_a_due_answer_stands_on_desks_once_a_day(deeds: DeedsStage) -> None:
    row = ask(deeds)
    assert chores_deeds.tell_needs(moment(days=1)) == 0
    for hour in (0, 1):
        chores_deeds.tell_needs(moment(days=3, hours=hour))
    told = Notice.objects.filter(key__startswith=f"need:{row.pk}:")
    assert set(told.values_list("member__username", flat=True)) == {"zhao"} and told.count() == 1

"""Swaps, absences and stand-ins, reminders: among people whose turns stand."""

from datetime import timedelta
from typing import Any

import pytest

from cast import NOW
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify.models import Notice
from chenyue.reception.models import Shift, Sitting, Swap
from chenyue.reception.rostering import people, reminding, standing_in, swaps
from chenyue.timeline.models import Entry
from reception import roster_rows as rows
from reception import venue_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhao(cast: Any) -> Any:
    return cast.zhao.actor()


@pytest.fixture
def staff(zhao: Any) -> list[Any]:
    rows.easy(zhao)
    return rows.staff(6, leads=2)


@pytest.fixture
def week(staff: list[Any]) -> list[Any]:
    """Monday to Sunday, each led by 0 with 2 beside."""
    return rows.week()


def ask(shift: Any, other: Any, **more: Any) -> Swap:
    return swaps.ask(shift=shift, other=other, by=shift.person.member.actor(), at=NOW, **more)


def test_a_swap_goes_from_asking_to_approval(staff: list[Any], week: list[Any], zhao: Any) -> None:
    lead, mine = rows.shift(week[0], staff[0]), rows.shift(week[0], staff[2])
    theirs = rows.shift(week[2], staff[3])
    swap = ask(mine, staff[3], other_shift=theirs, words="能换一下吗")
    assert Notice.objects.filter(member=staff[3].member, text__contains="换班").exists()
    swaps.agree(swap=swap, by=staff[3].member.actor(), at=NOW)
    swaps.approve(swap=swap, by=zhao, at=NOW)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.person_id, theirs.person_id) == (staff[3].pk, staff[2].pk)
    assert (mine.source, lead.lead) == ("swap", True)
    assert Entry.objects.filter(verb="sitting.swapped").count() == 2
    with pytest.raises(Conflict):
        swaps.approve(swap=swap, by=zhao, at=NOW)


def test_a_swap_that_breaks_a_rule_is_refused_in_words(staff: list[Any], week: list[Any], zhao: Any) -> None:
    lead = rows.shift(week[0], staff[0])
    with pytest.raises(Refusal) as refused:  # nobody would lead
        ask(lead, staff[3])
    assert refused.value.code == "rule" and "带班领导" in str(refused.value.sentence)
    mine = rows.shift(week[0], staff[2])
    people.take_leave(person=staff[3], kind="leave", first=rows.day(0), last=rows.day(1), by=zhao, at=NOW)
    with pytest.raises(Refusal) as refused:
        ask(mine, staff[3])
    assert "请假" in str(refused.value.sentence)
    assert Swap.objects.count() == 0


def test_a_rule_that_breaks_meanwhile_stops_the_approval(staff: list[Any], week: list[Any], zhao: Any) -> None:
    rows.shift(week[0], staff[0])
    mine = rows.shift(week[0], staff[2])
    swap = ask(mine, staff[3])
    swaps.agree(swap=swap, by=staff[3].member.actor(), at=NOW)
    people.take_leave(person=staff[3], kind="illness", first=rows.day(0), last=rows.day(0), by=zhao, at=NOW)
    with pytest.raises(Refusal) as refused:
        swaps.approve(swap=swap, by=zhao, at=NOW)
    assert refused.value.code == "rule"
    mine.refresh_from_db()
    assert mine.person_id == staff[2].pk


def test_who_may_do_what_to_a_swap(staff: list[Any], week: list[Any], cast: Any) -> None:
    rows.shift(week[0], staff[0])
    mine = rows.shift(week[0], staff[2])
    with pytest.raises(NotAllowed):
        swaps.ask(shift=mine, other=staff[3], by=staff[4].member.actor(), at=NOW)
    swap = ask(mine, staff[3])
    with pytest.raises(Conflict):  # one at a time
        ask(mine, staff[4])
    for act, who in ((swaps.agree, staff[4]), (swaps.refuse, staff[4]), (swaps.withdraw, staff[3])):
        with pytest.raises(NotAllowed):
            act(swap=swap, by=who.member.actor(), at=NOW)
    with pytest.raises(NotAllowed):
        swaps.approve(swap=swap, by=staff[3].member.actor(), at=NOW)
    swaps.refuse(swap=swap, by=staff[3].member.actor(), at=NOW)
    assert ask(mine, staff[4]).state == "asked"


def test_a_turn_that_has_begun_is_not_swapped(staff: list[Any], week: list[Any]) -> None:
    rows.shift(week[0], staff[0])
    mine = rows.shift(week[0], staff[2])
    with pytest.raises(Refusal) as refused:
        swaps.ask(shift=mine, other=staff[3], by=staff[2].member.actor(), at=week[0].starts_at)
    assert refused.value.code == "over"


def test_absent_at_ten_to_seven(staff: list[Any], week: list[Any], cast: Any) -> None:
    rows.shift(week[0], staff[0])
    gone = rows.shift(week[0], staff[2])
    at = week[0].starts_at - timedelta(minutes=10)
    people.take_leave(person=staff[5], kind="leave", first=rows.day(0), last=rows.day(0), by=cast.zhao.actor(), at=NOW)
    found = standing_in.absent(shift=gone, words="发烧", by=cast.li.actor(), at=at)
    fits = [c.person.pk for c in found if c.fits]
    assert staff[3].pk in fits and staff[5].pk not in [c.person.pk for c in found]
    asked = set(Notice.objects.filter(urgent=True, text__contains="顶班吗").values_list("member_id", flat=True))
    assert asked == {c.person.member_id for c in found if c.fits}
    fresh = standing_in.take(shift=gone, person=staff[3], by=staff[3].member.actor(), at=at)
    assert (fresh.source, fresh.replaces_id, fresh.lead) == ("stand_in", gone.pk, False)
    with pytest.raises(Conflict) as late:  # the second who says yes
        standing_in.take(shift=gone, person=staff[4], by=staff[4].member.actor(), at=at)
    assert "先答应" in str(late.value.sentence)
    with pytest.raises(Conflict):
        standing_in.absent(shift=gone, words="", by=cast.li.actor(), at=at)


def test_an_absent_lead_is_led_by_another(staff: list[Any], week: list[Any], cast: Any) -> None:
    gone = rows.shift(week[0], staff[0])
    rows.shift(week[0], staff[2])
    found = standing_in.absent(shift=gone, words="", by=staff[0].member.actor(), at=NOW)
    assert found[0].person.pk == staff[1].pk and found[0].fits
    wrong = next(c for c in found if c.person.pk == staff[3].pk)
    assert not wrong.fits
    with pytest.raises(Refusal):
        standing_in.take(shift=gone, person=staff[3], by=staff[3].member.actor(), at=NOW)
    assert standing_in.take(shift=gone, person=staff[1], by=cast.zhao.actor(), at=NOW).lead


def test_a_planner_may_put_in_somebody_against_a_rule(staff: list[Any], week: list[Any], cast: Any) -> None:
    gone = rows.shift(week[0], staff[0])
    standing_in.absent(shift=gone, words="", by=staff[0].member.actor(), at=NOW)
    fresh = standing_in.take(shift=gone, person=staff[3], by=cast.zhao.actor(), at=NOW)
    assert not fresh.lead


def test_an_absence_during_the_sitting(staff: list[Any], week: list[Any], cast: Any) -> None:
    rows.shift(week[0], staff[0])
    gone = rows.shift(week[0], staff[2])
    Sitting.objects.filter(pk=week[0].pk).update(state="open")
    at = week[0].starts_at + timedelta(minutes=5)
    found = standing_in.absent(shift=gone, words="", by=cast.li.actor(), at=at)
    assert {c.person.pk for c in found} == {staff[1].pk, staff[3].pk, staff[4].pk, staff[5].pk}
    with pytest.raises(Refusal):
        standing_in.take(shift=gone, person=staff[3], by=staff[3].member.actor(), at=week[0].ends_at)


def test_back_after_all(staff: list[Any], week: list[Any], cast: Any) -> None:
    gone = rows.shift(week[0], staff[2])
    with pytest.raises(NotAllowed):
        standing_in.absent(shift=gone, words="", by=staff[3].member.actor(), at=NOW)
    standing_in.absent(shift=gone, words="", by=staff[2].member.actor(), at=NOW)
    standing_in.back(shift=gone, by=staff[2].member.actor(), at=NOW)
    gone.refresh_from_db()
    assert gone.absent_at is None


def reminders(member: Any) -> int:
    return Notice.objects.filter(member=member, text__contains="值班提醒").count()


def test_reminders_go_out_once_each(staff: list[Any], week: list[Any]) -> None:
    shift = rows.shift(week[0], staff[0])
    starts = week[0].starts_at
    assert [reminding.remind(starts - timedelta(hours=h)) for h in (700, 670, 669, 168, 100, 24, 13, 12, 1)] == [
        0, 1, 0, 1, 0, 1, 0, 1, 0,
    ]  # fmt: skip
    shift.refresh_from_db()
    assert (shift.reminded, reminders(staff[0].member)) == ([672, 168, 24, 12], 4)
    assert reminding.remind(starts + timedelta(minutes=1)) == 0


def test_a_clock_that_jumps_brings_one_reminder(staff: list[Any], week: list[Any]) -> None:
    rows.shift(week[0], staff[0])
    starts = week[0].starts_at
    assert reminding.remind(starts - timedelta(hours=11)) == 1  # the server slept for weeks
    assert reminding.remind(starts - timedelta(hours=300)) == 0  # its clock was set back
    assert reminding.remind(starts - timedelta(hours=10)) == 0
    assert reminders(staff[0].member) == 1


def test_nobody_is_reminded_of_what_is_not_held(staff: list[Any], week: list[Any]) -> None:
    rows.shift(week[0], staff[0])
    rows.shift(week[1], staff[0], absent_at=NOW)
    Sitting.objects.filter(pk=week[0].pk).update(state="cancelled")
    assert reminding.remind(week[0].starts_at - timedelta(hours=20)) == 0
    assert Shift.objects.count() == 2


def test_a_sitting_called_off_with_people_waiting_tells_those_on_duty(
    staff: list[Any], week: list[Any], cast: Any
) -> None:
    from chenyue.reception.queue import actions

    rows.shift(week[0], staff[0])
    rows.shift(week[0], staff[2], absent_at=NOW)
    venue_rows.ticket(week[0], NOW)
    actions.cancel_sitting(sitting=week[0], reason="大雪封路", by=cast.zhao.actor(), at=week[0].starts_at)
    told = Notice.objects.filter(text__contains="大雪封路")
    assert [notice.member_id for notice in told] == [staff[0].member_id]
    assert reminding.remind(week[0].starts_at) == 0


def test_swaps_of_a_cancelled_sitting_come_to_nothing(staff: list[Any], week: list[Any], zhao: Any) -> None:
    rows.shift(week[0], staff[0])
    swap = ask(rows.shift(week[0], staff[2]), staff[3])
    Sitting.objects.filter(pk=week[0].pk).update(state="cancelled")
    with pytest.raises(Refusal) as refused:
        swaps.agree(swap=swap, by=staff[3].member.actor(), at=NOW)
    assert refused.value.code == "over"

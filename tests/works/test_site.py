"""The site: stops told in time, displays that end by the calendar, defects that somebody else checks, photographs."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from cast import Cast
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.timeline.models import Entry
from chenyue.workdays.queries import calendar as working_calendar
from chenyue.workdays.spans import Span
from chenyue.works.lifecycle import DefectState, PhaseState, PostingKind
from chenyue.works.models import WorksFile
from chenyue.works.site import calendar, defects, photos, postings, projects, queries, rules
from works.site_stage import defect, phase, photograph, posting, water_off
from works.stage import day, member, stage

pytestmark = pytest.mark.django_db


def refusal(act: Any) -> Refusal:
    """What an act is refused with."""
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value


# The calendar


def test_a_stop_is_told_early_enough_or_refused(cast: Cast) -> None:
    """24 hours before: told at nine on Tuesday, the water may go off at nine on Wednesday, not at eight."""
    found = stage(cast)
    tuesday = day(1)  # nine in the morning
    wrong = refusal(lambda: water_off(found, tuesday.date() + timedelta(days=1), at=tuesday))
    assert (wrong.field, wrong.code) == ("starts_on", "short_notice") and "24" in str(wrong.sentence)
    good = water_off(found, tuesday.date() + timedelta(days=1), from_time=time(9), to_time=time(12), at=tuesday)
    assert good.told_at is None  # the project's page isn't open yet: nobody could read it


def test_a_stop_that_only_becomes_shorter_needs_no_new_notice(cast: Cast) -> None:
    found = stage(cast, published_at=day(0))
    row = water_off(found, day(3).date(), at=day(1))
    assert row.told_at == day(1)
    hour_before = day(3).replace(hour=7)
    shorter = water_off(found, day(3).date(), phase=row, to_time=time(11), at=hour_before)
    assert (shorter.to_time, shorter.told_at) == (time(11), day(1))
    longer = refusal(lambda: water_off(found, day(3).date(), phase=row, to_time=time(13), at=hour_before))
    assert longer.code == "short_notice"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": date(2026, 10, 1), "starts_on": date(2026, 10, 2)}, "ends_on"),
        ({"ends_on": date(2036, 10, 1)}, "ends_on"),
        ({"from_time": time(8)}, "to_time"),
        ({"from_time": time(9), "to_time": time(9)}, "to_time"),
        ({"kind": "noise"}, "from_time"),
        ({"kind": "noise", "from_time": time(11), "to_time": time(13)}, "from_time"),
        ({"buildings": [999_999]}, "buildings"),
    ],
)
def test_a_phase_that_cannot_be(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    found = stage(cast, noise_hours=[["08:00", "12:00"], ["14:00", "18:00"]])
    assert refusal(lambda: phase(found, **wrong)).field == field
    assert phase(found, kind="noise", from_time=time(14), to_time=time(18)).pk


def test_a_phase_runs_ends_and_is_cancelled_with_a_reason(cast: Cast) -> None:
    found = stage(cast)
    row, by = phase(found), found.zhao
    calendar.move_phase(phase=row, to=PhaseState.RUNNING, by=by, at=day(30))
    assert refusal(lambda: calendar.move_phase(phase=row, to=PhaseState.CANCELLED, by=by, at=day(31))).field == "reason"
    gone = calendar.move_phase(phase=row, to=PhaseState.CANCELLED, by=by, at=day(31), reason="连日大雨")
    assert (gone.state, gone.words) == ("cancelled", "连日大雨")
    assert refusal(lambda: calendar.move_phase(phase=row, to=PhaseState.RUNNING, by=by, at=day(32))).code == "conflict"
    assert refusal(lambda: phase(found, phase=gone)).field == "title"
    verbs = set(Entry.objects.filter(subject=found.project.subject).values_list("verb", flat=True))
    assert {"works.phase_added", "works.phase_running", "works.phase_cancelled"} <= verbs


def test_the_contractor_begins_a_phase_and_plans_none(cast: Cast) -> None:
    found = stage(cast)
    row, firm = phase(found), member(cast, "tao", "unit_officer", unit="builder").actor()
    assert calendar.move_phase(phase=row, to=PhaseState.RUNNING, by=firm, at=day(30)).state == "running"
    with pytest.raises(NotAllowed):
        phase(found, by=firm)
    with pytest.raises(NotAllowed):
        calendar.move_phase(phase=row, to=PhaseState.DONE, by=cast.sun.actor(), at=day(31))


def test_a_page_isn_t_opened_over_a_stop_that_would_be_told_too_late(cast: Cast) -> None:
    words = {"what": "换管", "why": "返水", "phone": "0500-1234567"}
    found = stage(cast, **words)
    water_off(found, day(5).date(), at=day(1))
    late = refusal(lambda: projects.publish(project=found.project, by=found.zhao, at=day(5).replace(hour=6)))
    assert "停水" in str(late.sentence)
    projects.publish(project=found.project, by=found.zhao, at=day(2))
    assert queries.phases(found.project)[0].told_at == day(2)


# Notices


@pytest.mark.parametrize(
    ("display", "first", "last"),
    [
        ("15d", date(2026, 9, 8), date(2026, 9, 23)),  # the first day isn't counted
        ("7d", date(2026, 9, 18), date(2026, 9, 28)),  # the 25th is a holiday, then a weekend: on to Monday
        ("10wd", date(2026, 9, 7), date(2026, 9, 20)),  # that Sunday is a make-up workday
    ],
)
def test_the_last_day_of_a_display(cast: Cast, display: str, first: date, last: date) -> None:
    assert rules.last_day(first, Span.parse(display), working_calendar()) == last


def test_a_notice_hangs_with_proof_until_its_last_day(cast: Cast) -> None:
    found = stage(cast)
    row, by = posting(found), found.zhao
    shown = postings.post(posting=row, on=day(1).date(), uploads=[photograph()], by=by, at=day(1))
    assert (shown.display_from, shown.display_until) == (date(2026, 9, 8), date(2026, 9, 23))
    assert WorksFile.objects.get(of=f"posting:{row.pk}").kind == "proof"
    postings.add_proof(posting=shown, uploads=[photograph("#224466")], by=found.li, at=day(2))
    (listed,) = queries.postings(found.project, date(2026, 9, 23))
    assert listed.state == "showing" and len(listed.proofs) == 2 and "北门公告栏" in listed.where
    assert queries.state_of(listed, date(2026, 9, 24)) == "ended"
    assert refusal(lambda: posting(found, posting=shown)).field == "text"  # it hangs: withdraw it, write another
    assert refusal(lambda: postings.withdraw(posting=shown, reason="", by=by, at=day(3))).field == "reason"
    assert postings.withdraw(posting=shown, reason="日期写错", by=by, at=day(3)).withdrawn_at == day(3)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"display": "4h"}, "display"),
        ({"display": "0d"}, "display"),
        ({"plan": None}, "plan"),
        ({"places": [7]}, "places"),
    ],
)
def test_a_notice_that_cannot_be(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    found = stage(cast)
    assert refusal(lambda: posting(found, **wrong)).field == field


def test_no_notice_of_tomorrow_or_of_last_year(cast: Cast) -> None:
    found = stage(cast)
    row = posting(found, kind=PostingKind.OTHER, plan=None, display="")
    for on in (day(2).date(), day(-60).date()):
        assert refusal(lambda on=on: postings.post(posting=row, on=on, by=found.zhao, at=day(1))).field == "on"
    assert refusal(lambda: postings.add_proof(posting=row, uploads=[photograph()], by=found.zhao, at=day(1))).field


# Defects


def test_a_defect_is_mended_sent_back_and_checked_by_somebody_else(cast: Cast) -> None:
    found = stage(cast)
    firm = member(cast, "tao", "unit_officer", unit="builder")
    firm.unit = cast.units["builder"]
    firm.save(update_fields=["unit"])
    row, by = defect(found, uploads=[photograph()]), firm.actor()
    assert row.number.startswith("D2026-0909-") and row.due_at > day(2)
    mended = defects.mended(defect=row, words="复位了。", by=by, at=day(3))
    assert mended.state == DefectState.MENDED and not defects.may_check(mended, by)
    with pytest.raises(NotAllowed):
        defects.check(defect=mended, good=True, by=by, at=day(3))
    assert refusal(lambda: defects.check(defect=mended, good=False, by=found.li, at=day(4))).field == "words"
    back = defects.check(defect=mended, good=False, words="还是翘。", by=found.li, at=day(4))
    assert (back.state, back.rounds) == ("open", 1) and back.due_at > row.due_at
    defects.mended(defect=back, words="重新浇筑。", by=by, at=day(5))
    good = defects.check(defect=back, good=True, by=found.li, at=day(6))
    assert good.state == "checked" and good.checked_by == cast.li
    history = queries.told_of(row.number, "office")
    assert [line.words for line in history if line.words] == ["重新浇筑。", "还是翘。", "复位了。"]


def test_a_disputed_defect_is_insisted_on_or_let_go(cast: Cast) -> None:
    found = stage(cast)
    by = member(cast, "tao", "unit_officer", unit="builder").actor()
    row = defects.dispute(defect=defect(found), words="不是我们挖的。", by=by, at=day(3))
    assert refusal(lambda: defects.check(defect=row, good=True, by=found.li, at=day(4))).field == "words"
    assert defects.check(defect=row, good=False, words="照片上有你们的围挡。", by=found.li, at=day(4)).state == "open"
    assert refusal(lambda: defects.check(defect=row, good=True, words="好", by=found.li, at=day(5))).code == "conflict"


def test_who_records_in_the_estate_sees_what_lies_at_no_building(cast: Cast) -> None:
    found = stage(cast)
    everywhere = defect(found, building=None, words="工地围挡倒了。")
    estate, hall = (
        member(cast, "estate", "receptionist", place="金桂苑"),
        member(cast, "hall", "receptionist", place="金桂苑2幢"),
    )
    assert queries.defect_for(found.project, estate, everywhere.number) == everywhere
    assert queries.defect_for(found.project, hall, everywhere.number) is None
    assert queries.defects(found.project, cast.lin) == []  # another unit's


def test_open_defects_hold_the_end_of_a_project(cast: Cast) -> None:
    found = stage(cast, state="acceptance")
    defect(found)
    held = refusal(lambda: projects.move_project(project=found.project, to="closed", by=found.zhao, at=day(9)))
    assert held.code == "defects_open"


# Photographs and files


def test_what_is_signed_and_homes_inside_are_never_public(cast: Cast) -> None:
    found, by = stage(cast), cast.zhao.actor()
    home = found.home("1单元101")
    given = {"project": found.project, "uploads": [photograph()], "by": by, "at": day(1), "building": home.building_id}
    inside = photos.add_files(kind="before", home=home.pk, **given)[0]
    assert refusal(lambda: photos.add_files(kind="before", home=home.pk, public=True, **given)).field == "public"
    assert refusal(lambda: photos.show(file=inside, public=True, by=by, at=day(2))).field == "public"
    assert refusal(lambda: photos.add_files(kind="scan", **given)).field == "kind"
    outside = photos.add_files(kind="after", **given)[0]
    assert photos.show(file=outside, public=True, by=by, at=day(2)).public
    assert [pair.where for pair in queries.photos(found.project, public=True)] == ["金桂苑1幢"]
    assert not queries.may_open(inside, found.project, cast.lin) and queries.may_open(inside, found.project, cast.li)


def test_a_resident_changes_nothing_on_the_site(cast: Cast) -> None:
    found, nobody = stage(cast), Actor("resident")
    for act in (phase, posting, defect):
        with pytest.raises(NotAllowed):
            act(found, by=nobody)

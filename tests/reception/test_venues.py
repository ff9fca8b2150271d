"""From openings to sittings."""

from datetime import date, datetime, time, timedelta

import pytest

from cast import NOW, SHANGHAI
from chenyue.reception import queries, timetable, venues
from chenyue.reception.models import DayChange, Shift, Sitting
from chenyue.reception.timetable import Change, Slot, Weekly
from chenyue.workdays.queries import calendar
from helpers import count
from reception import venue_rows as rows

TODAY = NOW.date()  # Tuesday
pytestmark = pytest.mark.django_db


def starts(**where: object) -> list[str]:
    return [f"{s.starts_at.astimezone(SHANGHAI):%m-%d %H:%M}" for s in Sitting.objects.filter(**where)]


def test_sittings_are_made_once() -> None:
    rows.room()
    made = venues.ensure_sittings(TODAY, TODAY + timedelta(days=6), NOW)
    assert made.created == 13  # this morning's is over
    assert venues.ensure_sittings(TODAY, TODAY + timedelta(days=6), NOW) == venues.Made()
    assert starts(day=TODAY + timedelta(days=1)) == ["11-25 07:00", "11-25 19:00"]


def test_many_days_cost_what_one_costs() -> None:
    rows.room()
    venues.ensure_sittings(TODAY, TODAY + timedelta(days=50), NOW)
    one = count(lambda: venues.ensure_sittings(TODAY, TODAY, NOW))
    assert count(lambda: venues.ensure_sittings(TODAY, TODAY + timedelta(days=50), NOW)) == one == 4


def test_the_tick_looks_eight_weeks_ahead() -> None:
    rows.opening(rows.venue(), weekdays=[0])
    assert venues.sittings_ahead(NOW) == 8
    assert venues.sittings_ahead(NOW + timedelta(days=7)) == 1


def test_weekdays_holidays_and_make_up_days() -> None:
    workdays = Weekly(frozenset(range(5)), time(7), time(8, 30), date(2026, 1, 1))
    cal = calendar()
    held = {d for d in range(1, 12) if timetable.held(workdays, date(2026, 10, d), cal)}
    assert held == {8, 9, 10}  # National Day until the 7th; Saturday the 10th is worked
    always = Weekly(frozenset(range(7)), time(7), time(8, 30), date(2026, 1, 1), on_holidays=True)
    assert all(timetable.held(always, date(2026, 10, d), cal) for d in range(1, 12))
    saturdays = Weekly(frozenset({5}), time(7), time(8, 30), date(2026, 1, 1))
    assert not timetable.held(saturdays, date(2026, 10, 3), cal)  # it lies within the holiday
    assert timetable.held(saturdays, date(2026, 10, 17), cal)


def test_a_year_without_a_table_keeps_the_fixed_holidays() -> None:
    assert timetable.is_holiday(calendar(), date(2031, 10, 1))
    assert not timetable.is_holiday(calendar(), date(2031, 10, 8))


def test_days_that_differ() -> None:
    weeklies = [
        Weekly(frozenset(range(7)), *rows.MORNING, since=date(2026, 1, 1)),
        Weekly(frozenset(range(7)), *rows.EVENING, since=date(2026, 1, 1), members_needed=3),
    ]
    cal, day = calendar(), TODAY

    def slots(*changes: Change) -> list[Slot]:
        return timetable.slots(weeklies, changes, day, cal)

    usual = [Slot(*rows.MORNING), Slot(*rows.EVENING, 3)]
    assert slots() == usual
    assert slots(Change(True)) == []
    assert slots(Change(True, time(6), time(12))) == usual[1:]
    assert slots(Change(False, time(14), time(16))) == [usual[0], Slot(time(14), time(16)), usual[1]]
    assert slots(Change(False, time(18), time(20))) == [usual[0], Slot(time(18), time(20))]
    assert slots(Change(True), Change(False, time(9), time(10))) == [Slot(time(9), time(10))]


def test_openings_at_the_same_time_are_found() -> None:
    one = Weekly(frozenset({0, 1}), time(7), time(8, 30), date(2026, 1, 1))
    clash = Weekly(frozenset({1}), time(8), time(9), date(2026, 6, 1))
    later = Weekly(frozenset({1}), time(8), time(9), date(2027, 1, 1))
    ended = Weekly(frozenset({0, 1}), time(7), time(8, 30), date(2026, 1, 1), until=date(2026, 12, 31))
    assert timetable.overlapping([clash, one]) == (one, clash)
    assert timetable.overlapping([ended, later]) is None


def test_an_on_site_point_lives_as_long_as_its_works() -> None:
    point = rows.venue("现场接待点", kind="on_site", since=TODAY + timedelta(days=2), until=TODAY + timedelta(days=4))
    rows.opening(point)
    venues.ensure_sittings(TODAY, TODAY + timedelta(days=20), NOW)
    assert starts() == ["11-26 07:00", "11-27 07:00", "11-28 07:00"]


def test_a_closure_takes_bare_sittings_back_and_gives_them_back() -> None:
    rows.room()
    day = TODAY + timedelta(days=3)
    venues.ensure_sittings(day, day, NOW)
    closure = DayChange.objects.create(day=day, reason="停电检修")
    assert venues.ensure_sittings(day, day, NOW).removed == 2
    assert starts() == []
    closure.delete()
    assert venues.ensure_sittings(day, day, NOW).created == 2


def test_a_published_sitting_is_cancelled_and_those_on_duty_are_told(cast: object) -> None:
    from chenyue.notify.models import Notice

    rows.room()
    day = TODAY + timedelta(days=3)
    venues.ensure_sittings(day, day, NOW)
    early = Sitting.objects.earliest("starts_at")
    Sitting.objects.filter(pk=early.pk).update(published_at=NOW)
    Shift.objects.create(sitting=early, person=rows.person(cast.li))  # type: ignore[attr-defined]
    closure = DayChange.objects.create(day=day, reason="停电检修")
    made = venues.ensure_sittings(day, day, NOW)
    assert (made.removed, [s.pk for s in made.cancelled]) == (1, [early.pk])
    assert "停电检修" in Notice.objects.get(member=cast.li).text  # type: ignore[attr-defined]
    assert queries.receiving(day) == []
    closure.delete()
    made = venues.ensure_sittings(day, day, NOW)
    assert (made.created, made.restored) == (1, 1)
    assert [r.names for r in queries.receiving(day)] == [["李敏"]]


def test_a_sitting_that_a_person_cancelled_stays_so() -> None:
    rows.room()
    venues.ensure_sittings(TODAY, TODAY, NOW)
    Sitting.objects.update(state="cancelled")
    assert venues.ensure_sittings(TODAY, TODAY, NOW) == venues.Made()


def test_people_with_tickets_keep_their_sitting() -> None:
    rows.room()
    day = TODAY + timedelta(days=1)
    venues.ensure_sittings(day, day, NOW)
    sitting = Sitting.objects.earliest("starts_at")
    rows.ticket(sitting, NOW)
    DayChange.objects.create(day=day, reason="停电检修")
    made = venues.ensure_sittings(day, day, NOW)
    assert [s.pk for s in made.held] == [sitting.pk]
    sitting.refresh_from_db()
    assert sitting.state == "planned"


def test_new_hours_reach_sittings_without_tickets() -> None:
    place = rows.venue()
    hours = rows.opening(place)
    day = TODAY + timedelta(days=1)
    venues.ensure_sittings(day, day, NOW)
    hours.ends, hours.members_needed = time(9), 3
    hours.save()
    assert venues.ensure_sittings(day, day, NOW).changed == 1
    sitting = Sitting.objects.get()
    assert (sitting.ends_at, sitting.members_needed) == (datetime(2026, 11, 25, 9, tzinfo=SHANGHAI), 3)


def test_a_clock_that_jumps_back_makes_nothing_twice() -> None:
    rows.room()
    venues.ensure_sittings(TODAY, TODAY + timedelta(days=3), NOW)
    before = Sitting.objects.count()
    venues.ensure_sittings(TODAY, TODAY + timedelta(days=3), NOW - timedelta(hours=5))
    assert Sitting.objects.count() == before + 1  # this morning's, which is now to come again

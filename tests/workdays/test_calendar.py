"""The working calendar: the years that ship, golden values of the law, and laws of its sums."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.core.errors import Refusal
from chenyue.workdays.spans import Span, Unit
from workdays.shipped import CALENDAR, MOMENTS, TABLES, at

SECONDS = st.integers(0, 40 * 3600)


@pytest.mark.parametrize(
    ("year", "workdays", "off", "make_ups"), [(2024, 251, 19, 8), (2025, 248, 18, 5), (2026, 248, 19, 6)]
)
def test_years_that_ship(year, workdays, off, make_ups):
    table = TABLES[year]
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(366 if year == 2024 else 365)]
    assert table.workdays == sum(map(CALENDAR.is_workday, days)) == workdays
    assert [sum(d.kind == kind for d in table.days) for kind in ("holiday", "make_up")] == [off, make_ups]
    assert f"{year}年" in table.source


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-01-16", 30, "2026-02-24"),
        ("2026-04-01", 30, "2026-05-06"),
        ("2026-01-15", 30, "2026-02-14"),
        ("2026-08-21", 30, "2026-09-20"),
        ("2026-09-01", 30, "2026-10-08"),
        ("2026-07-25", 15, "2026-08-10"),
        ("2026-08-02", 60, "2026-10-08"),
    ],
)
def test_legal_deadlines(start, days, last):
    """民法典 201, 203; reference/files.md 6.4 and mediation.md 3."""
    assert CALENDAR.legal_deadline(date.fromisoformat(start), days) == date.fromisoformat(last)
    assert CALENDAR.add(at(f"{start}T09:00"), Span(days, Unit.DAYS)).at == at(f"{last}T17:30")


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-04-29", 5, "2026-05-09"),
        ("2026-11-20", 13, "2026-12-09"),
    ],
)
def test_workdays(start, days, last):
    assert CALENDAR.add_workdays(date.fromisoformat(start), days) == date.fromisoformat(last)
    due = CALENDAR.add(at(f"{start}T16:59"), Span.parse(f"{days}wd"))
    assert due == (at(f"{last}T17:30"), False)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        ("2026-10-04T21:00", "2h", "2026-10-04T23:00"),  # by the wall on a holiday
        ("2026-10-04T21:00", "15m", "2026-10-04T21:15"),
        ("2026-10-04T21:00", "4wh", "2026-10-08T14:30"),
        ("2026-11-20T11:00", "4wh", "2026-11-20T17:00"),  # over the lunch hours
        ("2026-11-20T17:00", "4wh", "2026-11-23T12:00"),
        ("2026-05-08T17:00", "1wh", "2026-05-09T09:00"),  # into a make-up Saturday
        ("2026-11-20T11:00", "1wh", "2026-11-20T12:00"),
    ],
)
def test_hours(start, span, due):
    assert CALENDAR.add(at(start), Span.parse(span)) == (at(due), False)


def test_an_unknown_year_is_provisional():
    start = at("2026-12-30T10:00")
    assert CALENDAR.add(start, Span.parse("3wd")).provisional
    assert CALENDAR.add(start, Span.parse("30d")).provisional
    assert not CALENDAR.add(start, Span.parse("1wd")).provisional
    assert not CALENDAR.add(start, Span.parse("72h")).provisional
    assert not CALENDAR.is_workday(date(2027, 1, 1))  # by law off whatever the notice says
    assert CALENDAR.add(start, Span.parse("2wd")).at == at("2027-01-04T17:30")


@pytest.mark.parametrize("written", ["15m", "4h", "4wh", "5wd", "10d", " 4 WH "])
def test_spans_are_read_and_written(written):
    span = Span.parse(written)
    assert Span.parse(str(span)) == span
    assert span.by_the_wall == (span.unit in "mh")


@pytest.mark.parametrize("written", ["", "4", "wd", "-4h", "4x", "4.5h", "999999d"])
def test_a_span_that_is_none_is_refused(written):
    with pytest.raises(Refusal):
        Span.parse(written)


@given(MOMENTS, SECONDS, SECONDS)
def test_splits_add_up(start, first, second):
    middle = CALENDAR.add_working(start, first)
    assert CALENDAR.add_working(middle, second) == CALENDAR.add_working(start, first + second)


@given(MOMENTS, SECONDS)
def test_what_was_added_has_passed(start, seconds):
    assert CALENDAR.working_seconds(start, CALENDAR.add_working(start, seconds)) == seconds


@given(MOMENTS, MOMENTS, MOMENTS)
def test_stretches_add_up(one, two, three):
    a, b, c = sorted((one, two, three))
    assert CALENDAR.working_seconds(a, b) + CALENDAR.working_seconds(b, c) == CALENDAR.working_seconds(a, c)


@given(MOMENTS, MOMENTS, st.integers(0, 60), st.integers(0, 10), st.sampled_from(list(Unit)))
def test_later_or_longer_is_never_due_earlier(one, two, amount, more, unit):
    start, later = sorted((one, two))
    due = CALENDAR.add(start, Span(amount, unit)).at
    assert due <= CALENDAR.add(later, Span(amount, unit)).at
    assert due <= CALENDAR.add(start, Span(amount + more, unit)).at

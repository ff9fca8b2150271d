"""The calendar as the office keeps it: imports, single days, hours."""

from datetime import date, time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chenyue.core import events
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.workdays import actions, queries
from chenyue.workdays.events import CalendarChanged
from chenyue.workdays.spans import Span
from workdays.shipped import at

pytestmark = pytest.mark.django_db
NOW = timezone.now()
NEXT = [
    {"day": "2027-01-01", "kind": "holiday", "name": "元旦", "source": "试"},
    {"day": "2027-02-05", "kind": "holiday", "name": "春节"},
    {"day": "2027/02/07", "kind": "make_up", "name": "春节调休"},
    {"day": "2027-02-06", "kind": "holiday", "name": "春节"},  # a Saturday: off anyway
]


@pytest.fixture
def heard(monkeypatch):
    told = []
    monkeypatch.setitem(events._listeners, CalendarChanged, [told.append])
    return told


def test_a_fresh_office_knows_three_years():
    calendar = queries.calendar()
    assert calendar.known_years == {2024, 2025, 2026}
    assert calendar.add(at("2026-04-29T10:00"), Span.parse("5wd")) == (at("2026-05-09T17:30"), False)


def test_an_imported_year_is_known_at_once(heard):
    table = actions.import_year(rows=NEXT, by=SYSTEM, at=NOW)
    assert (table.year, len(table.days), table.source) == (2027, 3, "试")
    calendar = queries.calendar()
    assert calendar.is_known(date(2027, 3, 1))
    assert calendar.is_workday(date(2027, 2, 7))
    assert heard[0].data["workdays"] == table.workdays == 261 - 2 + 1
    actions.import_year(rows=NEXT[:1], by=SYSTEM, at=NOW)
    assert not queries.calendar().is_workday(date(2027, 2, 7))


def test_a_year_that_is_only_expected_stays_provisional():
    actions.import_year(rows=NEXT, by=SYSTEM, at=NOW, provisional=True)
    due = queries.calendar().add(at("2026-12-31T10:00"), Span.parse("1wd"))
    assert due == (at("2027-01-04T17:30"), True)


def test_missing_years_are_told_from_november():
    assert queries.missing_years(at("2026-10-31T12:00")) == []
    assert queries.missing_years(at("2026-11-01T12:00")) == [2027]
    assert queries.missing_years(at("2027-02-01T12:00")) == [2027]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"day": "昨天", "kind": "holiday"}, "第 2 行"),
        ({"day": "2027-01-01", "kind": "off"}, "第 2 行"),
        ({"day": "2027-01-04", "kind": "make_up"}, "2027-01-04 不是周末"),
        ({"day": "2027-01-02", "kind": "holiday"}, "同一年"),  # nothing but a weekend: no table
    ],
)
def test_a_wrong_row_is_refused_by_its_number(row, said):
    with pytest.raises(Refusal, match=said):
        actions.import_year(rows=[row], by=SYSTEM, at=NOW)


def test_days_of_two_years_or_twice_are_refused():
    for rows in (NEXT[:1] * 2, [*NEXT, {"day": "2028-01-03", "kind": "holiday"}]):
        with pytest.raises(Refusal):
            actions.import_year(rows=rows, by=SYSTEM, at=NOW)
    assert queries.missing_years(at("2027-01-01T08:00")) == [2027]


def test_one_day_is_changed_and_changed_back(heard):
    day = date(2026, 11, 24)
    actions.set_day(day=day, kind="holiday", name="停电检修", by=SYSTEM, at=NOW)
    assert not queries.calendar().is_workday(day)
    actions.set_day(day=day, kind="", by=SYSTEM, at=NOW)
    assert queries.calendar().is_workday(day)
    assert [e.what for e in heard] == ["day", "day"]
    with pytest.raises(Refusal):
        actions.set_day(day=day, kind="make_up", by=SYSTEM, at=NOW)


def test_hours_are_set_in_order_or_not_at_all():
    actions.set_hours(stretches=[(time(7), time(8, 30)), (time(9), time(17))], by=SYSTEM, at=NOW)
    assert queries.calendar().add(at("2026-11-23T08:00"), Span.parse("1wh")).at == at("2026-11-23T09:30")
    for wrong in ([], [(time(9), time(9))], [(time(9), time(12)), (time(11), time(17))]):
        with pytest.raises(Refusal):
            actions.set_hours(stretches=wrong, by=SYSTEM, at=NOW)


def test_the_command_imports_a_file(tmp_path, capsys):
    file = tmp_path / "2027.csv"
    file.write_bytes("day,kind,name,source\n2027-01-01,holiday,元旦,试\n".encode("gb18030"))
    call_command("import_year", str(file))
    assert "2027" in capsys.readouterr().out
    assert queries.calendar().names[date(2027, 1, 1)] == "元旦"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="表头"):
        call_command("import_year", str(file))
    with pytest.raises(CommandError):
        call_command("import_year", str(tmp_path / "none.csv"))

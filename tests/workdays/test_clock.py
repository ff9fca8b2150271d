"""Clocks that stand still: exact moments, laws, and the sentences that explain them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.workdays import clock
from chenyue.workdays.spans import Span, Unit
from workdays.shipped import CALENDAR, MOMENTS, at

PAUSES = st.lists(st.tuples(MOMENTS, st.integers(0, 20 * 24 * 3600)), max_size=3).map(
    lambda found: [(begin, begin + timedelta(seconds=length)) for begin, length in found]
)
SPANS = st.builds(Span, st.integers(0, 30), st.sampled_from(list(Unit)))


@pytest.mark.parametrize(
    ("start", "span", "pauses", "due"),
    [
        # Suspended on Thursday, resumed on the make-up Saturday 2026-05-09, which counts again.
        ("2026-05-06T10:00", "3wd", [("2026-05-07T10:00", "2026-05-09T10:00")], "2026-05-12T17:30"),
        ("2026-05-06T10:00", "3wd", [], "2026-05-09T17:30"),
        ("2026-05-07T16:00", "4wh", [("2026-05-07T17:00", "2026-05-09T11:00")], "2026-05-09T16:00"),
        ("2026-05-07T16:00", "24h", [("2026-05-07T17:00", "2026-05-09T11:00")], "2026-05-10T10:00"),
        # A pause within a day costs a day's promise nothing, an hours' promise its length.
        ("2026-11-18T09:00", "2wd", [("2026-11-19T10:00", "2026-11-19T15:00")], "2026-11-20T17:30"),
        ("2026-11-18T09:00", "2wd", [("2026-11-19T17:00", "2026-11-19T17:30")], "2026-11-23T17:30"),
        ("2026-11-19T09:00", "2wh", [("2026-11-19T10:00", "2026-11-19T11:00")], "2026-11-19T12:00"),
        # Calendar days: paused days are left out, a last day of rest still moves on.
        ("2026-07-20T09:00", "5d", [("2026-07-22T09:00", "2026-07-23T09:00")], "2026-07-27T17:30"),
        # Overlapping pauses count once; one after the end doesn't matter.
        (
            "2026-11-19T09:00",
            "3h",
            [("2026-11-19T10:00", "2026-11-19T12:00"), ("2026-11-19T11:00", "2026-11-19T13:00")],
            "2026-11-19T15:00",
        ),
        ("2026-11-19T09:00", "1h", [("2026-11-19T10:00", "2026-11-20T10:00")], "2026-11-19T10:00"),
        # A pause that began before the promise.
        ("2026-11-19T09:00", "1h", [("2026-11-18T10:00", "2026-11-19T10:30")], "2026-11-19T11:30"),
    ],
)
def test_due_with_pauses(start, span, pauses, due):
    stops = [(at(a), at(b)) for a, b in pauses]
    assert clock.due(at(start), Span.parse(span), stops, CALENDAR).at == at(due)


@given(MOMENTS, SPANS)
def test_no_pause_changes_nothing(start, span):
    assert clock.due(start, span, [(start, start)], CALENDAR) == CALENDAR.add(start, span)


@given(MOMENTS, SPANS, PAUSES, PAUSES)
def test_a_pause_never_makes_due_earlier(start, span, pauses, more):
    due = clock.due(start, span, pauses, CALENDAR).at
    assert CALENDAR.add(start, span).at <= due <= clock.due(start, span, [*pauses, *more], CALENDAR).at


@given(MOMENTS, SPANS, PAUSES)
def test_the_order_of_pauses_does_not_matter(start, span, pauses):
    assert clock.due(start, span, pauses, CALENDAR) == clock.due(start, span, pauses[::-1], CALENDAR)


def test_the_explanation_names_what_was_left_out():
    pause = (at("2026-09-28T10:00"), at("2026-10-10T09:00"))
    said = clock.explain(at("2026-09-24T10:00"), Span.parse("5wd"), [pause], CALENDAR)
    assert said[0] == "从 2026年9月24日 10:00 起算：5 个工作日。"
    assert "国庆节" in said[2]
    assert "2026年10月10日 国庆节调休" in said[3]
    assert said[4] == "2026年9月28日 10:00 至 2026年10月10日 09:00 暂停计时。"
    assert said[5] == "因此截止时间是 2026年10月15日 17:30。"
    assert len(said) == 6


def test_the_explanation_of_an_emergency_knows_no_holidays():
    said = clock.explain(at("2026-10-01T23:00"), Span.parse("2h"), [], CALENDAR)
    assert said[1:] == ["昼夜连续计时，节假日也算。", "因此截止时间是 2026年10月2日 01:00。"]


def test_the_explanation_warns_of_a_year_not_announced():
    said = clock.explain(at("2026-12-30T10:00"), Span.parse("5wd"), [], CALENDAR)
    assert said[-1].startswith("2027 年放假安排尚未公布")

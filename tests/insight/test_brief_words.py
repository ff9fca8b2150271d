"""Briefs in words: numbers with what they are held against, care with few, what differs from last time. Pure."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from chenyue.insight.brief import changes, stretches, wording
from chenyue.insight.brief.changes import Change
from chenyue.insight.brief.stretches import of

LAST = date(2026, 11, 22)


def part(good: int, whole: int, version: int = 1, **more: Any) -> dict[str, Any]:
    value = f"{100 * good / whole:.2f}" if whole else None
    found = {"numerator": good, "denominator": whole, "value": value, "version": version, "small": whole < 30}
    return found | more


def rate(good: int, whole: int, **more: Any) -> dict[str, Any]:
    blank = {
        "name": "按期办结率",
        "rule": "…",
        "source": "…",
        "mixed": False,
        "left_out": 0,
        "before": None,
        "year": None,
    }
    return part(good, whole) | blank | more


def counted(now: int, before: int | None = None, year: int | None = None) -> dict[str, int | None]:
    return {"now": now, "before": before, "year": year}


BLANK: dict[str, Any] = {
    "as_of": "2026-11-23T06:05+08:00", "partial": False, "reception": None, "communities": [], "units": [],
    "categories": [], "days": [], "rates": {}, "found": {"spots": [], "topics": [], "doors": 0},
    "counts": {name: counted(0) for name in ("received", "appeals", "answered", "closed", "overdue")},
}  # fmt: skip


def told(kind: str = "weekly", **more: Any) -> dict[str, str]:
    both = counts(received=counted(0, 0, 0))
    return dict(wording.sentences(deepcopy(BLANK) | both | more, kind, LAST))


def counts(**rows: dict[str, int | None]) -> dict[str, Any]:
    return {"counts": BLANK["counts"] | rows}


def test_nothing_at_all_is_said_plainly() -> None:
    found = dict(wording.sentences(deepcopy(BLANK) | {"rates": {"on_time": rate(0, 0)}}, "weekly", LAST))
    assert found["notes.no_before"] == "上周没有完整的数据，未作比较。" and found["notes.no_year"]
    assert found["overview.received"] == "本周没有受理事项。"
    assert found["rates.on_time"] == "按期办结率：本周没有可以计算的事项。"
    assert found["found.nothing"] and "notes.outage" not in found


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (counted(52, 48), "受理量比上周多4件（8%），在平常的起伏之内。"),
        (counted(120, 60, 118), "比上周多60件（100%），比去年同期多2件（2%），在平常的起伏之内"),
        (counted(7, 9, 7), "比上周少2件，在平常的起伏之内，与去年同期持平"),
    ],
)
def test_a_count_is_held_against_the_week_before_and_last_year(row: dict[str, int | None], said: str) -> None:
    assert said in told(**counts(received=row))["overview.received"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            rate(44, 46, before=part(41, 44)),
            "按期办结率95.65%（44/46），比上周高2.47个百分点，在平常的起伏之内，去年同期没有可比的数据。",
        ),
        (rate(90, 100, before=part(50, 100)), "比上周高40.00个百分点，去年同期"),
        (rate(45, 50, before=part(9, 10)), "上周件数太少，不作比较"),
        (rate(45, 50, before=part(45, 50)), "与上周相同"),
        (rate(45, 50, year=part(40, 50, version=3)), "去年同期用的是第3版口径，现为第1版，不能直接比较"),
        (rate(45, 50, mixed=True, left_out=4), "一律按最后一天的第1版计算。按口径另有4件不计入。"),
    ],
)
def test_a_share_is_told_with_its_parts_and_with_care(given: dict[str, Any], said: str) -> None:
    assert said in told(rates={"on_time": given})["rates.on_time"]


def test_a_share_of_few_is_a_count_and_held_against_nothing() -> None:
    said = told(rates={"on_time": rate(1, 2, before=part(40, 50))})["rates.on_time"]
    assert said == "按期办结率：2件中有1件（件数少）。"
    assert "大起大落" in told(rates={"on_time": rate(1, 2)})["notes.small"]


ROOM = {
    "sittings": 2, "open": 0, "cancelled": 1, "tickets": 17, "came": 16, "heard": 14, "visits": 14, "unheard": 1,
    "left": 1, "told": 9, "kept": 8, "wait_median": 12, "wait_p80": 20, "wait_longest": 31, "matters": 11,
    "settled": 4, "opened": 6, "joined": 1,
}  # fmt: skip


def test_the_daily_sheet_begins_with_the_room() -> None:
    room = ROOM | {"before": ROOM | {"heard": 10, "wait_median": 9}, "year": None}
    found = told("daily", reception=room, partial=True)
    assert next(iter(found)) == "reception.room"
    assert found["reception.room"].startswith("接待点开放2场，取号17个，接待14位；接待人数比上一个接待日多4位")
    assert "中位数为12分钟" in found["reception.wait"] and "比上一个接待日长3分钟" in found["reception.wait"]
    assert found["reception.matters"] == "来访提出事项11件，其中当场办结4件，新立6件，并入已有事项1件。"
    assert "还没有结束，不与其他日子比较" in found["overview.received"]
    assert "取消1场" in found["reception.cancelled"]


def test_a_day_without_any_record_is_said_and_not_taken_for_zero() -> None:
    found = told(days=[["2026-11-16", 8, False], ["2026-11-18", 0, True]])
    assert found["notes.outage"].startswith("11月18日没有任何记录，可能是停机")


def test_what_was_found_is_told_with_what_is_usual() -> None:
    spots = [["金桂苑3幢", "下水道堵塞", 9, 1.2, 24], ["银杏街", "路灯不亮", 4, 0.1, 9]]
    found = told(found={"spots": spots, "topics": [["充电桩、跳闸", 6, 12]], "doors": 2})
    assert "下水道堵塞（近24天9件，往常约1.2件）、银杏街的路灯不亮（近9天4件，往常几乎没有）" in found["found.spots"]
    assert "“充电桩、跳闸”（近12天6件）" in found["found.topics"] and "2处" in found["found.doors"]


def test_changes_tell_words_from_numbers() -> None:
    assert Change("a", "受理52件。", "受理61件。").degree == changes.NUMBERS
    assert Change("a", "受理52件，比上周多4件。", "受理50件，比上周少2件。").degree == changes.SAID
    rows = changes.against([["a", "甲。", None], ["b", "乙1。", None]], [["b", "乙1。", "乙一。"], ["c", "丙。", None]])
    assert [(one.key, one.degree) for one in rows] == [("b", changes.SAID), ("c", changes.NEW), ("a", changes.GONE)]
    marked = changes.pieces("比上周多4件。", "比上周少12件。")
    assert [(one.kind, one.text) for one in marked] == [
        ("", "比上周"), ("gone", "多4"), ("new", "少12"), ("", "件。"),
    ]  # fmt: skip


def test_what_a_person_left_out_is_gone() -> None:
    (change,) = changes.against([["a", "甲。", None]], [["a", "甲。", ""]])
    assert change.degree == changes.GONE


@pytest.mark.parametrize(
    ("kind", "day", "since", "until", "words"),
    [
        ("daily", date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 1), "2026年2月28日"),
        ("weekly", date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 4), "2026年第53周（12月28日至1月3日）"),
        ("monthly", date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1), "2026年12月"),
    ],
)
def test_stretches(kind: str, day: date, since: date, until: date, words: str) -> None:
    found = of(kind, day)
    assert (found.since, found.until, found.words()) == (since, until, words)
    assert found.before().until == since
    assert stretches.last(kind, until) == found


def test_the_year_before_has_the_same_weekdays_or_the_same_month() -> None:
    assert of("weekly", LAST).a_year_before().since.weekday() == 0
    assert of("monthly", date(2028, 2, 29)).a_year_before() == of("monthly", date(2027, 2, 1))

"""Search by two characters or more, by number, telephone and receipt; the list's filters and their words."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chenyue.cases import filters, queries, search
from chenyue.cases.actions import ReporterData, add_words
from chenyue.cases.filters import Filters
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from stories import filed

pytestmark = pytest.mark.django_db

WORDS = "丹桂花园3幢楼道里的聲控燈全壞了，Ａ座电表箱也敞着，电话13900000077。"


def numbers(story: Any, typed: str) -> list[str]:
    found = queries.find(story.cast.li, typed)
    return [c.number for c in ([found.exact] if found.exact else found.rows)]


@pytest.mark.parametrize("typed", ["声控", "声控灯", "聲控", "楼道 电表", "电表箱", "a座", "丹桂花园", "敞着"])
def test_found_by_its_words(story: Any, typed: str) -> None:
    case = story.file(WORDS)
    story.file("振兴路路灯不亮，晚上很黑。")
    assert numbers(story, typed) == [case.number]


@pytest.mark.parametrize("typed", ["控灯全没", "煤气", "13幢", "，，", "", "灯 煤气"])
def test_not_found(story: Any, typed: str) -> None:
    story.file(WORDS)
    assert numbers(story, typed) == []


def test_one_character_finds_words_that_begin_with_it(story: Any) -> None:
    case = story.file(WORDS)
    assert numbers(story, "灯") == [case.number]


def test_numbers_telephone_and_receipt_are_exact(story: Any) -> None:
    case = story.file(WORDS, reporter=ReporterData(name="陈大明", phone="13800000001"))
    appeal = case.appeals.get()
    story.file("振兴路路灯不亮。", reporter=ReporterData(name="方某", phone="13800000002"))
    for typed in (
        case.number,
        appeal.number,
        f" {case.number} ",
        appeal.receipt,
        appeal.receipt.lower(),
        "138 0000 0001",
    ):
        assert numbers(story, typed) == [case.number], typed
    assert [c.number for c in queries.find(story.cast.li, "陈大明").rows] == [case.number]
    assert queries.find(story.cast.li, "陈").rows == []


def test_added_words_are_found(story: Any) -> None:
    case = story.file(WORDS)
    add_words(appeal=case.appeals.get(), words="昨天雨棚也掉下来了", by=story.cast.li.actor(), at=story.at(1))
    assert numbers(story, "雨棚") == [case.number]


def test_the_stranger_and_other_units_find_nothing(story: Any) -> None:
    case = story.handling()
    for typed in ("污水", case.number):
        assert queries.find(story.cast.zhou, typed) == queries.Found(None, [])
        assert queries.find(story.cast.sun, typed) == queries.Found(None, [])
    assert queries.find(story.cast.lin, case.number).exact == case


def test_a_search_is_one_statement(story: Any, django_assert_num_queries: Any) -> None:
    story.file(WORDS)
    queries.visible(story.cast.li)
    with django_assert_num_queries(1):
        queries.find(story.cast.li, "声控灯")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)  # the examples only read
@given(st.text(max_size=40))
def test_any_text_makes_a_safe_query(db: None, text: str) -> None:
    list(search.matching(queries.Case.objects.all(), text)[:1])


def test_filters_are_read_said_and_taken_away(story: Any) -> None:
    asked = Filters.read(QueryDict("state=open&category=01&unit=drainage&due=late&nonsense=1&order=due"))
    assert {w.name: w.value for w in asked.words()} == {
        "state": "所有未结", "category": "排水与雨污分流", "unit": "清源排水公司", "due": "已超时",
    }  # fmt: skip
    assert "state" not in next(w for w in asked.words() if w.name == "state").without
    assert "order=due" in asked.query()


@pytest.mark.parametrize(
    "query",
    ["state=lost", "category=9999", "unit=nobody", "building=x", "building=999999", "due=never", "from=1890-01-01",
     "to=2026-13-40", "urgency=very", "q=，，"],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_said_and_left_out(story: Any, query: str) -> None:
    asked = Filters.read(QueryDict(query))
    assert asked.values == {}
    assert len(asked.refused) == 1
    assert query.split("=")[1] in asked.refused[0]


def test_each_filter_narrows(story: Any) -> None:
    mine, other = story.handling(), story.file("桂园公寓2幢楼道堆满纸箱。", category_code="0303")
    for query, expected in {
        "": {mine, other},
        "state=handling": {mine},
        "state=open": {mine, other},
        "state=ended": set(),
        "category=01": {mine},
        "category=0303&category=0103": {mine, other},
        "unit=drainage": {mine},
        "lead=drainage": {mine},
        f"community={other.community_id}": {other},
        f"building={other.building_id}": {other},
        "channel=web&q=纸箱": {other},
        "from=2026-11-24&to=2026-11-24": {mine, other},
        "to=2026-11-23": set(),
        "due=week": {mine},
        "handling=joint": {c for c in (mine, other) if c.handling == "joint"},
    }.items():
        shown = queries.case_list(story.cast.li, Filters.read(QueryDict(query)), at=story.at(2))
        assert {row.pk for row in shown.page.rows} == {case.pk for case in expected}, query
        assert shown.page.count == len(expected), query


def test_a_package_above_may_add_a_filter(story: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case = story.file()
    monkeypatch.setitem(
        filters.FILTERS, "odd", filters.Filter("Odd", lambda rows, values, context: rows.filter(pk=case.pk), str)
    )
    story.file("振兴路路灯不亮。")
    shown = queries.case_list(story.cast.li, Filters.read(QueryDict("odd=1")), at=story.at(1))
    assert [row.pk for row in shown.page.rows] == [case.pk]


def test_moves_of_a_triage_reindex_the_place(story: Any) -> None:
    case = story.file()
    place = story.cast.place("香樟名苑2幢")
    story.go(case, Move.TRIAGE, "li", place_id=place.pk)
    assert numbers(story, "香樟名苑") == [case.number]


def test_a_number_of_three_thousand_digits_is_filed_and_found(cast: Any) -> None:
    """PostgreSQL takes no word of more than 2,046 bytes; nobody's words are refused for that."""
    long = "9" * 3000
    case = filed(cast, words=f"楼下水管漏水，编号{long}").case
    assert list(search.matching(Case.objects.all(), long)) == [case]

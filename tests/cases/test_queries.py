"""Who sees which rows, at how many statements; what a page of a case and a reporter's progress hold."""

from typing import Any

import pytest
from django.http import QueryDict

from chenyue.cases import page, queries, similar
from chenyue.cases import progress as progress_of
from chenyue.cases.actions import ReporterData, add_note, add_words
from chenyue.cases.filters import Filters
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core.errors import NotFound
from helpers import count, one_and_three

pytestmark = pytest.mark.django_db


def seen(member: Any) -> set[Case]:
    return set(queries.visible(member))


def test_scopes_decide_who_sees_a_case(story: Any) -> None:
    cast = story.cast
    at_door = story.file("金桂苑1幢楼下污水井满了。", place_id=cast.place("金桂苑1幢").pk)
    elsewhere = story.handling()
    assert seen(cast.li) == seen(cast.zhao) == {at_door, elsewhere}
    assert seen(cast.wang) == {at_door}  # a steward: only the own building
    assert seen(cast.lin) == {elsewhere}  # an officer: only what the own unit works on
    assert seen(cast.sun) == seen(cast.zhou) == set()


def test_closely_kept_matters(story: Any) -> None:
    case = story.file("举报环卫所书记吃拿卡要。", category_code="1202")
    assert case.sensitivity == "private"
    assert seen(story.cast.zhao) == {case}
    Case.objects.filter(pk=case.pk).update(sensitivity="sealed")
    assert case not in seen(story.cast.li)
    assert seen(story.cast.zhao) == {case}


def test_a_unit_never_sees_what_is_said_about_it(story: Any) -> None:
    case = story.handling()
    assert case in seen(story.cast.lin)
    Case.objects.filter(pk=case.pk).update(accused_unit=story.cast.lin.unit)
    assert case not in seen(story.cast.lin)
    with pytest.raises(NotFound):
        page.case_page(story.cast.lin, case.number, at=story.at())


def test_missing_and_forbidden_look_the_same(story: Any) -> None:
    case = story.handling()
    answers = set()
    for number in (case.number, "2020-0101-0001"):
        with pytest.raises(NotFound) as refused:
            queries.case_for(story.cast.zhou, number)
        answers.add(str(refused.value.sentence))
    assert len(answers) == 1


def test_a_list_costs_the_same_with_one_and_three(story: Any) -> None:
    def show() -> None:
        page = queries.case_list(story.cast.li, Filters.read(QueryDict("state=open")), at=story.at(1)).page
        for case in page.rows:
            assert case.category__name and case.place__full_name and case.lead__name

    one_and_three(show, story.handling, 2)


def test_a_units_list_is_its_own(story: Any) -> None:
    case = story.handling("municipal")
    for query in ("", "unit=drainage", "unit=municipal"):
        page = queries.case_list(story.cast.lin, Filters.read(QueryDict(query)), at=story.at(1)).page
        assert [row.number for row in page.rows] == [case.number]


def test_the_page_of_a_case(story: Any, chen: ReporterData) -> None:
    case = story.file(reporter=chen, consent_contact=True)
    story.dispatch(case, "municipal")
    story.go(case, Move.ACCEPT, "lin", 0.7)
    add_note(case=case, words="井在公交站东侧", by=story.cast.lin.actor(), at=story.at(1))
    add_words(appeal=case.appeals.get(), words="今天又漫出来了", by=story.cast.li.actor(), at=story.at(1))
    found = page.case_page(story.cast.li, case.number, at=story.at(2))
    voice = found.voices[0]
    assert (voice.name, voice.phone, voice.revealed) == ("陈**", "138****0001", False)
    assert [a.words for a in voice.additions] == ["今天又漫出来了"]
    assert {a.role for a in found.assignments} == {"lead", "assist"}
    assert [n.words for n in found.notes] == ["井在公交站东侧"]
    assert found.timeline[0].at >= found.timeline[-1].at


def test_the_page_costs_at_most_eleven_statements(story: Any, chen: ReporterData) -> None:
    case = story.file(reporter=chen)
    story.dispatch(case)
    story.go(case, Move.RETURN, "lin", 1, reason="not_our_duty", words="不归我们")
    queries.visible(story.cast.li)
    assert count(lambda: page.case_page(story.cast.li, case.number, at=story.at(2))) <= 11


def test_earlier_cases_at_this_door(story: Any) -> None:
    door = story.cast.place("金桂苑1幢").pk
    first = story.file("金桂苑1幢污水井满了。", place_id=door)
    second = story.file("金桂苑1幢污水井又满了。", place_id=door, hours=1)
    assert page.case_page(story.cast.li, second.number, at=story.at(2)).earlier == [first]


def test_desk_counts_in_one_statement(story: Any) -> None:
    story.file()
    waiting = story.dispatch(story.file())
    story.go(story.dispatch(story.file()), Move.RETURN, "lin", 1, reason="not_our_duty", words="不归我们")
    for member in (story.cast.li, story.cast.lin):
        queries.visible(member)
        assert count(lambda member=member: queries.desk_counts(member, story.at(1))) == 1  # type: ignore[misc]
    li = queries.desk_counts(story.cast.li, story.at(1))
    assert (li["inbox"], li["returns"], li["late"]) == (1, 1, 0)
    lin = queries.desk_counts(story.cast.lin, story.at(1))
    assert lin["inbox"] == 0
    assert lin["to_accept"] >= 1
    assert waiting in queries.desk_rows(story.cast.lin, "to_accept", story.at(1))
    assert not any(queries.desk_counts(story.cast.zhou, story.at(1)).values())


def test_late_ones_come_first(story: Any) -> None:
    late = story.handling()
    counts = queries.desk_counts(story.cast.lin, late.resolve_due_at)
    assert counts["late"] == 0
    assert queries.desk_counts(story.cast.lin, story.at(days=30))["late"] == 1


def test_the_inbox_has_emergencies_first_and_the_suggestion_with_it(story: Any) -> None:
    normal = story.file(hours=-2)
    gas = story.file("桂园公寓2幢楼道里煤气味很重！", category_code=None)
    page = queries.inbox(story.cast.li)
    assert page.rows == [gas, normal]
    assert page.rows[0].first_appeal.suggestion["urgency"] == "emergency"
    assert queries.inbox(story.cast.lin).rows == []


def test_the_urgent_stand_above_the_rest_of_the_inbox(story: Any) -> None:
    normal, later = story.file(hours=-5), story.file(hours=-4)
    urgent, second = story.file(hours=-3), story.file(hours=-2)
    Case.objects.filter(pk__in=[normal.pk, later.pk]).update(urgency="normal")
    Case.objects.filter(pk__in=[urgent.pk, second.pk]).update(urgency="urgent")
    gas = story.file("桂园公寓2幢楼道里煤气味很重！", category_code=None)
    assert queries.inbox(story.cast.li).rows == [gas, urgent, second, normal, later]

    first = queries.inbox(story.cast.li, size=1)  # a page is too small for the urgent
    assert first.rows == [gas, urgent] and not first.previous
    among = queries.inbox(story.cast.li, cursor=first.next, size=1)
    assert among.rows == [second, normal]
    last = queries.inbox(story.cast.li, cursor=among.next, size=1)
    assert last.rows == [later] and not last.next
    assert queries.inbox(story.cast.li, cursor=last.previous, size=1).rows == first.rows  # back to the beginning


def test_what_was_told_long_ago_is_a_pile_of_its_own(story: Any) -> None:
    news, old = story.file(hours=-2), story.file(received_at=story.at(days=-400))
    li = story.cast.li
    assert queries.inbox(li).rows == [news]
    assert queries.inbox(li, old=True).rows == [old]
    assert queries.desk_counts(li, story.at())["inbox"] == 1
    chosen = story.file(received_at=story.at(days=-400), urgency="emergency")
    assert queries.inbox(li).rows == [chosen, news]  # a person said that it is one now


def test_earlier_calls_of_a_number(story: Any, chen: ReporterData) -> None:
    case = story.file(reporter=chen)
    who, appeals = queries.earlier_of_phone(story.cast.li, "+86 138 0000 0001")
    assert who is not None
    assert [a.case for a in appeals] == [case]
    assert queries.earlier_of_phone(story.cast.li, "13899999999") == (None, [])
    assert queries.earlier_of_phone(story.cast.zhou, chen.phone) == (None, [])


def test_similar_open_cases_at_the_door(story: Any) -> None:
    door = story.cast.place("金桂苑1幢")
    same = story.file("金桂苑1幢一楼马桶往外冒污水，客厅都淹了！", place_id=door.pk, category_code=None)
    story.file("金桂苑1幢楼道灯不亮。", place_id=door.pk, category_code=None)
    story.file(
        "香樟名苑2幢一楼马桶往外冒污水，客厅淹了。", place_id=story.cast.place("香樟名苑2幢").pk, category_code=None
    )
    asked = {"place_id": door.pk, "category_code": "0101", "at": story.at(1)}
    found = similar.similar("一楼马桶冒污水，我家客厅也淹了", **asked)
    assert [s.number for s in found][:1] == [same.number]
    assert all(s.place.startswith("金桂苑") for s in found)
    assert similar.similar("一楼马桶冒污水", **{**asked, "at": story.at(days=40)}) == []
    assert similar.similar("", place_id=None, category_code=None, at=story.at(1)) == []


def test_residents_are_offered_no_words_and_nothing_private(story: Any) -> None:
    door = story.cast.place("金桂苑1幢")
    case = story.file("金桂苑1幢一楼马桶往外冒污水，我是陈大明。", place_id=door.pk, category_code=None)
    asked = {"place_id": door.pk, "category_code": "0101", "at": story.at(1)}
    offered = similar.for_resident("一楼马桶冒污水", **asked)
    assert offered
    assert "陈大明" not in repr(offered)
    Case.objects.filter(pk=case.pk).update(sensitivity="private")
    assert similar.for_resident("一楼马桶冒污水", **asked) == []


def test_progress_shows_a_reporter_their_own(story: Any, chen: ReporterData) -> None:
    case = story.answered(reporter=chen)
    add_note(case=case, words="内部：此人多次投诉", by=story.cast.lin.actor(), at=story.at(3))
    receipt = case.appeals.get().receipt
    progress_of.progress(receipt)
    assert count(lambda: progress_of.progress(receipt)) <= 5
    shown = progress_of.progress(receipt.lower().replace("-", " "))
    assert shown is not None
    assert shown.station == 2
    assert shown.answer is not None
    assert "投诉" not in repr([e.sentence + e.words for e in shown.entries])
    assert progress_of.progress("ACDE-FGHJ-KMNP") is None

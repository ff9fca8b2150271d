"""What somebody could take from the neighbour, or from a case that isn't theirs."""

from typing import Any

import pytest

import cast as players
from chenyue.cases import texts
from chenyue.cases.actions import ReporterData, move
from chenyue.cases.intake import file_appeal
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Case
from chenyue.cases.page import entries_for
from chenyue.cases.progress import progress
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.notify.models import Message
from chenyue.people.models import Grant, Resident, Role
from chenyue.people.privacy import erase_resident
from chenyue.people.rules import may

RESIDENT = Actor("resident")


def by_web(story: Any, who: ReporterData, hours: float = 0, **more: Any) -> Appeal:
    return file_appeal(
        words="金桂苑1幢楼道的灯坏了。", channel="web", by=RESIDENT, at=story.at(hours), reporter=who, **more
    ).appeal


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["victim", "thief"])
def test_a_neighbours_name_and_number_with_another_address_takes_no_letter_away(story: Any, first: str) -> None:
    chen = story.cast.chen
    known = ReporterData(name=chen.name, phone=chen.phone)
    thief = ReporterData(name=chen.name, phone=chen.phone, email="thief@example.org")
    order = {"victim": [known, thief], "thief": [thief, known]}[first]
    appeals = [by_web(story, who, hours) for hours, who in enumerate(order)]
    theirs = appeals[order.index(known)]
    case = story.go(theirs.case, Move.DISPATCH, "li", 2, lead_id=story.cast.units["drainage"].pk)
    story.go(case, Move.ACCEPT, "lin", 3)
    story.go(case, Move.ANSWER, "lin", 4, told="已换灯。")
    assert not Message.objects.filter(address="thief@example.org", about=case.subject).exists()
    assert texts.readers(case) == []


@pytest.mark.django_db
def test_a_resident_without_account_adds_nothing_to_a_known_person(story: Any) -> None:
    chen = story.cast.chen
    by_web(story, ReporterData(name=chen.name, phone=chen.phone))
    by_web(story, ReporterData(name=chen.name, phone=chen.phone, email="thief@example.org"), 1)
    assert [r.email for r in Resident.objects.all() if r.phone == chen.phone] == [""]


@pytest.mark.django_db
def test_an_address_goes_with_the_person_whose_data_is_deleted(story: Any, chen: ReporterData) -> None:
    appeal = by_web(story, chen)
    assert appeal.reporter is not None
    erase_resident(resident=appeal.reporter, by=story.cast.zhao.actor(), at=story.at(1))
    appeal.refresh_from_db()
    assert appeal.email == ""


@pytest.mark.django_db
def test_nobody_of_the_office_joins_an_appeal_to_a_case_that_they_cannot_see(story: Any) -> None:
    case = story.file()
    Case.objects.filter(pk=case.pk).update(sensitivity="sealed")
    for number in (case.number, "2026-1124-9999"):
        with pytest.raises(Refusal) as refused:
            story.file(hours=1, join_number=number, by=story.cast.li.actor())
        assert refused.value.field == "join_number"
    case.refresh_from_db()
    assert case.appeals_count == 1


@pytest.mark.django_db
def test_the_title_of_a_closely_kept_case_does_not_show_through_one_joined_to_it(story: Any, client_of: Any) -> None:
    into = story.file(words="某干部收了施工队的钱，请查。", title="收钱的事")
    case = story.file()
    story.go(case, Move.JOIN, "li", into=into)
    Case.objects.filter(pk=into.pk).update(sensitivity="sealed")
    page = client_of(story.cast.li).get(f"/desk/cases/{case.number}/").content.decode()
    assert "收钱的事" not in page
    assert "收钱的事" in client_of(story.cast.zhao).get(f"/desk/cases/{case.number}/").content.decode()


@pytest.mark.django_db
def test_a_unit_does_not_read_what_is_said_of_it_in_a_case_that_another_was_joined_to(story: Any) -> None:
    about, into = story.file(words="绿化所的人态度恶劣，树倒了不管。"), story.file()
    Case.objects.filter(pk=about.pk).update(accused_unit=story.cast.units["greening"])
    about.refresh_from_db()
    story.go(about, Move.JOIN, "li", into=into)
    into.refresh_from_db()
    assert into.accused_unit == story.cast.units["greening"]
    with pytest.raises(Refusal):
        story.go(into, Move.DISPATCH, "li", 2, lead_id=story.cast.units["greening"].pk)


@pytest.mark.django_db
def test_an_appeal_that_leaves_a_case_is_seen_where_it_happened(story: Any) -> None:
    cast = story.cast
    here, there = cast.place("金桂苑1幢"), cast.place("金桂苑2幢")
    case = story.file(place_id=here.pk)
    other = story.file(hours=0.1, place_id=there.pk, join_number=case.number)
    appeal = Appeal.objects.get(case=other, place=there)
    story.go(case, Move.SPLIT, "li", appeal_ids=[appeal.pk])
    appeal.refresh_from_db()
    assert (appeal.case.place_id, appeal.case.building_id) == (there.pk, there.pk)


@pytest.mark.django_db
def test_the_unit_that_is_rated_cannot_print_the_code_that_rates(story: Any, client_of: Any) -> None:
    case = story.handling()
    appeal = case.appeals.get()
    assert client_of(story.cast.lin).get(f"/desk/cases/{case.number}/").status_code == 200
    assert client_of(story.cast.lin).get(f"/desk/slips/{appeal.number}/").status_code == 404
    assert client_of(story.cast.li).get(f"/desk/slips/{appeal.number}/").status_code == 200
    Appeal.objects.filter(pk=appeal.pk).update(taken_by=story.cast.lin)
    assert client_of(story.cast.lin).get(f"/desk/slips/{appeal.number}/").status_code == 200


@pytest.mark.django_db
def test_a_bounded_grant_opens_no_page_of_the_whole_office(cast: players.Cast, client_of: Any) -> None:
    for code, doors in {
        "admin": ["/desk/set-up/office/", "/desk/set-up/texts/", "/desk/set-up/deliveries/", "/people/requests/"],
        "auditor": ["/desk/audit/"],
        "director": ["/people/requests/"],
    }.items():
        Grant.objects.filter(member=cast.zhou).delete()
        Grant.objects.create(member=cast.zhou, role=Role.objects.get(code=code), unit=cast.units["greening"])
        for door in doors:
            assert client_of(cast.zhou).get(door).status_code == 403, door
    assert may(cast.admin, "texts.edit")


@pytest.mark.django_db
def test_entries_of_the_office_need_a_scope_of_the_office_on_that_case(story: Any) -> None:
    cast = story.cast
    Grant.objects.create(member=cast.lin, role=Role.objects.get(code="steward"), place=cast.place("金桂苑1幢"))
    elsewhere = story.handling(place_id=cast.place("金桂苑2幢").pk)
    assert "office" not in entries_for(cast.lin, elsewhere)
    here = story.handling(place_id=cast.place("金桂苑1幢").pk)
    assert "office" in entries_for(cast.lin, here)


@pytest.mark.django_db
def test_who_takes_an_appeal_back_is_not_told_to_later_voices(story: Any) -> None:
    case = story.handling()
    appeal = case.appeals.get()
    taken = {"appeal": appeal, "words": "我是302的陈大明，不用来了"}
    move(case=case, move=Move.WITHDRAW, by=RESIDENT, at=story.at(2), **taken)
    later = story.file(hours=3, join_number=case.number)
    second = Appeal.objects.filter(case=later).exclude(pk=appeal.pk).get()
    found = progress(second.receipt)
    assert found is not None
    assert not any("陈大明" in f"{e.sentence}{e.words}" or appeal.number in e.sentence for e in found.entries)

"""Findings are kept under one key from run to run, with what people decided; split kinds, outages, floods of copies."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import NOW, Cast
from chenyue.catalogue.models import Category
from chenyue.insight import pains
from chenyue.insight.keeping import comes_back, keep
from chenyue.insight.looking import doors_until, harmless, spots_until, topics_until
from chenyue.insight.models import Pain, PainRun
from insight.pains_stage import Town

TODAY = timezone.localtime(NOW).date()


@pytest.fixture
def town(cast: Cast) -> Town:
    return Town(cast)


def look(kind: Any = spots_until, days: int = 0) -> PainRun:
    return keep(kind(TODAY + timedelta(days=days)), at=NOW + timedelta(days=days), seconds=0)


def the_pain() -> Pain:
    return Pain.objects.get()


def test_nothing_and_one_case_are_no_pain(town: Town) -> None:
    for n in range(2):
        assert [run.found for run in pains.look(NOW)] == [0, 0, 0]
        if not n:
            town.cases(town.places[0], [3])
    assert PainRun.objects.filter(settings__blind=True).exists()


def test_a_spot_keeps_its_row_and_is_gone_when_it_is_quiet_again(town: Town) -> None:
    town.usual()
    town.cases(town.places[0], [0, 1, 2, 5, 9, 13, 20, 27], hour=20)
    run = look()
    pain = the_pain()
    assert (run.found, run.tests, pain.count, pain.place_id) == (1, 6, 9, town.places[0].pk)
    assert pain.title == f"金桂苑1幢：{town.kind.name}" and pain.community_id == town.places[0].community_id
    assert pain.expected < 2 and (pain.q_value or 1) <= 0.1 and len(pain.cases) == 9
    look(days=1)
    assert (the_pain().pk, the_pain().state) == (pain.pk, "new")
    town.cases(town.places[1], [-40, -41])
    look(days=42)
    assert the_pain().state == "gone"
    town.cases(town.places[0], [-40, -39, -38, -37, -36, -35])
    look(days=42)
    assert the_pain().state == "new"


def test_a_dismissed_one_comes_back_only_when_it_has_grown_clearly(town: Town) -> None:
    town.usual()
    town.cases(town.places[0], [1, 2, 5, 9, 13, 20, 27])
    look()
    Pain.objects.update(state="dismissed", decided_count=8)
    town.cases(town.places[0], [3, 4, 6])
    look()
    assert (the_pain().state, the_pain().count) == ("dismissed", 11)
    town.cases(town.places[0], [7])
    look()
    assert the_pain().state == "new"
    assert [comes_back(n) for n in (0, 3, 8, 20)] == [3, 6, 12, 30]


def test_an_outage_is_no_proof_that_a_pain_is_gone(town: Town) -> None:
    town.usual()
    town.cases(town.places[0], [1, 2, 5, 9, 13, 20, 27])
    look()
    run = look(days=100)
    assert (run.found, run.settings["blind"], the_pain().state) == (0, True, "new")


def test_copies_count_once_and_private_cases_not_at_all(town: Town) -> None:
    town.usual()
    town.cases(town.places[0], [1, 2, 3, 4, 5, 6, 7], words="下水道又堵了")
    town.cases(town.places[1], [1, 2, 3, 4, 5, 6, 7], sensitivity="private")
    assert look().found == 0
    town.cases(town.places[0], [8, 9, 10, 11, 12, 13])
    look()
    assert (the_pain().count, the_pain().copies) == (8, 6)


def test_a_kind_that_was_split_is_looked_at_with_its_group(town: Town) -> None:
    for n, place in enumerate(town.places):
        town.cases(place, list(range(31 + n, 390, 10)))
    town.kind.active = False
    town.kind.save()
    new = Category.objects.create(code="0102a", name="污水倒灌", parent=town.kind.parent, lead=town.kind.lead)
    for place in town.places:
        town.cases(place, [2, 12, 22], kind=new)
    run = look()
    assert (run.found, run.settings["grouped"]) == (0, [town.kind.parent_id])
    town.cases(town.places[0], list(range(1, 30, 2)), kind=new)
    look()
    assert the_pain().category_id == town.kind.parent_id


def test_a_decision_goes_along_when_a_kind_is_split(town: Town) -> None:
    town.usual()
    town.cases(town.places[0], [1, 2, 5, 9, 13, 20, 27])
    look()
    Pain.objects.update(state="seen")
    town.kind.active = False
    town.kind.save()
    look()
    assert (the_pain().state, the_pain().category_id) == ("seen", town.kind.parent_id)


def test_a_door_and_who_had_to_come_again_are_told_without_a_name(town: Town) -> None:
    who = town.person()
    town.cases(town.places[0], [5, 60, 150], room="401")
    town.cases(town.places[1], [4, 70, 80, 90], who=who)
    town.cases(town.places[2], [3, 3, 3], room="101")  # one day only
    town.cases(town.places[3], [2, 40, 200], room="101")  # too long ago
    run = look(doors_until)
    found = {pain.key.split(":")[0]: pain for pain in Pain.objects.all()}
    assert run.found == 2 and set(found) == {"home", "again"}
    assert (found["home"].count, found["home"].room, found["home"].p_value) == (3, "401", None)
    assert (found["again"].count, found["again"].reporters, found["again"].room) == (4, 1, "")
    assert all("何" not in pain.title and "401" not in pain.title for pain in found.values())


def test_what_one_person_told_of_one_door_is_named_once(town: Town) -> None:
    town.cases(town.places[0], [5, 60, 150], room="401", who=town.person())
    assert [found.key.split(":")[0] for found in doors_until(TODAY).found] == ["home"]


CHARGING = [
    "车棚充电桩半夜跳闸，第二天没法骑车", "东门车棚的充电桩又跳闸了", "车棚充电桩老跳闸没人修",
    "请修一下车棚里的充电桩，一充就跳闸", "充电桩跳闸三次，电动车充不上电", "充电桩又跳闸，车棚里一片黑",
]  # fmt: skip
OTHER = [
    "公交改线后老人去菜场要走很远", "楼上装修周日早上六点就开始打墙", "孩子上学的马路没有红绿灯",
    "河边步道的灯坏了两盏", "菜市场门口污水横流", "想问医保卡在哪里换新的", "广场舞声音太大影响写作业",
    "小区门口总有大车违停",
]  # fmt: skip


def test_a_topic_grows_is_tested_and_keeps_its_row(town: Town) -> None:
    for n, words in enumerate(OTHER * 3):
        town.cases(town.places[0], [2 * n], words=f"{words}，{n}号")
    for n, words in enumerate(CHARGING):
        town.cases(town.places[n % 3], [n], words=words, who=town.person(f"何{n}"))
    town.cases(town.places[0], [1, 1, 1], words=CHARGING[0])
    town.cases(town.places[0], [1, 2, 3, 4, 5], words="处长收了充电桩老板的烟", sensitivity="private")
    look(topics_until)
    pain = Pain.objects.order_by("-count").first()
    assert pain is not None
    assert any("充电桩" in word for word in pain.words) and "烟" not in pain.title
    assert (pain.count, pain.copies) == (6, 3) and pain.sentences[0][0] in pain.cases
    assert pain.p_value is not None and pain.p_value < 0.1 and (pain.growth or 0) > 1
    town.cases(town.places[0], [-1], words="今天充电桩又跳闸了，车棚没电")
    look(topics_until, days=1)
    again = Pain.objects.get(pk=pain.pk)
    assert (again.run_id > pain.run_id, again.count) == (True, 7)


@pytest.mark.parametrize(
    ("word", "fit"), [("充电桩", True), ("13800000001", False), ("王阿姨", False), ("3-2-401", False)]
)
def test_words_of_a_topic_name_nobody(word: str, fit: bool) -> None:
    assert harmless(word) is fit

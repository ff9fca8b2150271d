"""Which place do free words mean?"""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.places.gazetteer import SURE, Gazetteer, PlaceInfo
from growth import STEEP, growth
from places.demo import gazetteer


def best(text: str, within: int | None = None) -> str:
    """The path of the best hit that is sure; empty if none is."""
    hits = gazetteer().find(text, within)
    return gazetteer().path(hits[0]) if hits and hits[0].score >= SURE else ""


@pytest.mark.parametrize(
    "written",
    [
        "金桂苑3幢2单元401",
        "金桂苑3栋2单元401室",
        "金桂3号楼2单元401家水管爆了",
        "金桂苑3#2-401",
        "金桂苑3-2-401没电",
        "老金桂 3 幢 2 单元 401",
        "金桂苑三栋二单元四零一",
        "我住三栋二单元四零一，是金桂苑的",
        "金桂苑小区的3幢2单元4楼401",
        "金桂苑３棟２單元４０１室",
        "金桂苑3幢,2单元,401室",
        "金贵苑3幢2单元401",
        "3幢2单元401（金桂苑）",
        "金桂小区3幢2门401",
    ],
)
def test_one_home_in_many_spellings(written):
    assert best(written) == "金桂苑/3幢/2单元/401"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("北门那栋外墙掉砖", "金桂苑/1幢"),
        ("北门那一幢外墙掉砖", "金桂苑/1幢"),
        ("锦绣南门那栋1105住户", "锦绣东方/2幢//1105"),
        ("门卫室边上那幢", "金桂苑/1幢"),
        ("安和西门口那幢楼下", "安和家园二期/8幢"),
        ("安和西区8栋", "安和家园二期/8幢"),
        ("安和家园2期8幢", "安和家园二期/8幢"),
        ("安和家园（二期）8幢", "安和家园二期/8幢"),
        ("纺织3幢漏水", "纺织新村/3幢"),  # half a name beside a building
        ("西庄3组的", "西庄/3组"),
        ("柳塘新居二排", "柳塘新居/2排"),
        ("西庄3组12号", "西庄/3组//12号"),
        ("老街桥头那一段", "石桥老街/东段"),
        ("老街西段修车", "石桥老街/西段"),
        ("建设路安和家园门口塌了", "建设路"),
        ("菜场后面", "晨光农贸市场"),
        ("石桥村北边的小厂", "石桥村"),
        ("晨光居委会门口", "晨光社区"),
        ("香樟明苑停水", "香樟名苑"),  # one character wrong, the same sound
        ("锦绣6幢2单元一八零二", "锦绣东方/6幢/2单元/1802"),
        ("邮电小区一共四幢", "邮电小区"),  # how many, not which
        ("邮电小区四幢楼的代表", "邮电小区"),
        ("金桂苑3幢119来过了", "金桂苑/3幢"),
        ("金桂苑3幢400户没水", "金桂苑/3幢"),
        ("金桂苑3幢2024年的事", "金桂苑/3幢"),
        ("运河人家这几个保安……我们4幢2单元楼道", "运河人家/4幢/2单元"),
        ("石桥新村2排水沟堵了", "石桥新村"),
        ("便民中心3号窗口", ""),
        ("3幢漏水", ""),
        ("电话138-0000-0000，2026-11-22", ""),
        ("", ""),
    ],
)
def test_what_words_mean(written, path):
    assert best(written) == path


def test_the_place_of_the_door_answers_for_bare_numbers():
    jingui = next(p.id for p in gazetteer().places.values() if p.full_name == "金桂苑1幢")
    assert best("3幢2单元401停水", jingui) == "金桂苑/3幢/2单元/401"
    assert best("3-2-401", jingui) == "金桂苑/3幢/2单元/401"
    assert best("丹桂花园3幢", jingui) == "丹桂花园/3幢"


def test_an_alias_of_two_estates_is_asked_for_unless_one_is_named():
    base = list(gazetteer().places.values())
    twin = next(p for p in base if p.full_name == "丹桂花园2幢")
    other = PlaceInfo(**(vars(twin) | {"aliases": ("北门那栋",)}))
    both = Gazetteer.build([other if p.id == twin.id else p for p in base])
    hits = both.find("北门那栋没电")
    assert {h.full_name for h in hits} == {"金桂苑1幢", "丹桂花园2幢"}
    assert all(h.score < SURE for h in hits)
    assert both.find("丹桂花园的，北门那栋没电")[0].full_name == "丹桂花园2幢"
    assert both.find("北门那栋没电，我是金桂苑的")[0].full_name == "金桂苑1幢"


def test_a_building_or_entrance_that_does_not_exist_is_not_invented():
    assert best("金桂苑99幢") == "金桂苑"
    hit = gazetteer().find("金桂苑3幢9单元401")[0]
    assert (gazetteer().path(hit), hit.score < 0.9) == ("金桂苑/3幢//401", True)


def test_a_hit_says_where_it_was_read():
    text = "您好，㎡金桂苑３幢２单元，谢谢"  # folding makes two letters of the third character
    hit = gazetteer().find(text)[0]
    assert text[hit.start : hit.end] == hit.matched_text == "金桂苑３幢２单元"
    assert (hit.full_name, hit.label) == ("金桂苑3幢2单元", "金桂苑3幢2单元")


def test_several_places_come_in_the_order_of_the_words():
    hits = gazetteer().find("丹桂花园5幢和金桂苑3幢都停水，晨光路也是")
    assert [h.full_name for h in hits] == ["丹桂花园5幢", "金桂苑3幢", "晨光路"]


def test_inactive_places_are_known_but_not_found():
    base = gazetteer().places
    gone = next(p for p in base.values() if p.full_name == "晨光路")
    without = Gazetteer.build(
        [p if p is not gone else PlaceInfo(**(vars(p) | {"active": False})) for p in base.values()]
    )
    assert without.find("晨光路塌了") == []
    assert without.get(gone.id).full_name == "晨光路"


def test_ancestors_name_every_level():
    hit = gazetteer().find("金桂苑3幢2单元")[0]
    above = gazetteer().ancestors(hit.place_id)
    names = [gazetteer().get(above[level]).name for level in ("community", "estate", "building", "entrance")]
    assert names == ["晨光社区", "金桂苑", "3幢", "2单元"]
    assert gazetteer().get(None) is None


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    for hit in gazetteer().find(text):
        assert 0 < hit.score <= 1
        assert hit.matched_text == text[hit.start : hit.end]


@given(st.text("金桂苑丹花园幢栋单元室0123456789一二三零#-—的，（）东门那排组 ", max_size=60))
def test_scrambled_addresses_can_be_read(text):
    for hit in [*gazetteer().find(text), *gazetteer().search(text)]:
        assert 0 < hit.score <= 1
        assert gazetteer().path(hit)


def test_words_are_read_in_a_time_that_grows_with_their_length():
    words = "反映人住纺织新村，楼道灯坏了三个月没人修，"
    assert growth(lambda times: gazetteer().find(words * times + "安和西区2幢楼下垃圾桶满了"), 50) < STEEP


def test_places_of_the_gold_set():
    """Measured on single messages with known places: nearly all right, hardly any invented."""
    data = Path(os.environ.get("CHENYUE_DATA", Path(__file__).parents[3] / "shared" / "data"))
    if not (data / "triage" / "dev.csv").exists():
        pytest.skip("the gold set of places isn't on this machine")
    with (data / "triage" / "dev.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    right = sum(best(row["text"]) == row["place"] for row in rows)
    invented = sum(bool(best(row["text"])) for row in rows if not row["place"])
    assert right / len(rows) >= 0.95
    assert invented / len(rows) <= 0.02

"""Changing places one at a time."""

import pytest
from django.utils import timezone

from chenyue.core import events
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.places import actions, queries
from chenyue.places.events import PlaceChanged
from chenyue.places.models import Home, Kind, Place
from chenyue.timeline import queries as timeline

pytestmark = pytest.mark.django_db
WHO = {"by": SYSTEM, "at": timezone.now()}


@pytest.fixture
def heard(monkeypatch):
    told = []
    monkeypatch.setitem(events._listeners, PlaceChanged, [told.append])
    return told


@pytest.fixture
def estate():
    community = actions.add_place(kind=Kind.COMMUNITY, name="云桥社区", parent=None, **WHO)
    return actions.add_place(kind=Kind.ESTATE, name="云桥苑", parent=community, aliases=["云桥"], **WHO)


def found(text: str) -> list[str]:
    return [hit.full_name for hit in queries.gazetteer().find(text)]


def test_a_building_is_added_with_its_entrances_and_found_at_once(estate, heard):
    building = actions.add_place(
        kind=Kind.BUILDING, name=" 1幢 ", parent=estate, entrances=["1单元", "2单元"], homes=24, **WHO
    )
    home = actions.add_place(kind=Kind.HOME, name="401", parent=building.children.get(name="2单元"), **WHO)
    assert (home.full_name, home.building, home.estate) == ("云桥苑1幢2单元401", building, estate)
    assert found("云桥1栋2单元漏水") == ["云桥苑1幢2单元"]
    assert queries.place_by_code(building.code.lower()) == building
    assert [(e.place_id, e.change) for e in heard] == [(building.pk, "added"), (home.pk, "added")]


@pytest.mark.parametrize(
    ("kind", "name", "parent", "said"),
    [
        (Kind.BUILDING, "1幢", None, "上级只能是：小区"),
        (Kind.COMMUNITY, "x社区", "estate", "上级只能是：无"),
        (Kind.BUILDING, "  ", "estate", "请填写"),
        (Kind.BUILDING, "长" * 61, "estate", "60"),
        (Kind.ESTATE, "云桥苑", "community", "同名"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(estate, kind, name, parent, said):
    where = {"estate": estate, "community": estate.parent, None: None}[parent]
    with pytest.raises(Refusal, match=said):
        actions.add_place(kind=kind, name=name, parent=where, **WHO)


def test_only_buildings_have_entrances_and_places_have_no_other_details(estate):
    with pytest.raises(Refusal):
        actions.add_place(kind=Kind.ROAD, name="云桥路", parent=estate.parent, entrances=["1单元"], **WHO)
    with pytest.raises(TypeError):
        actions.add_place(kind=Kind.ROAD, name="云桥路", parent=estate.parent, colour="red", **WHO)


def test_a_new_name_reaches_everything_inside(estate, heard):
    building = actions.add_place(kind=Kind.BUILDING, name="1幢", parent=estate, entrances=["1单元"], **WHO)
    actions.add_place(kind=Kind.HOME, name="101", parent=building.children.get(), **WHO)
    actions.rename_place(place=estate, name="彩虹苑", **WHO)
    assert Home.objects.get(name="101", building=building).full_name == "彩虹苑1幢1单元101"
    assert found("彩虹苑1幢") == ["彩虹苑1幢"]
    assert queries.gazetteer().search("chy1")[0].full_name == "彩虹苑1幢"
    assert heard[-1].data == {"name": "彩虹苑", "before": "云桥苑", "after": "彩虹苑"}
    told = len(heard)
    actions.rename_place(place=estate, name="彩虹苑", **WHO)
    assert len(heard) == told
    actions.add_place(kind=Kind.BUILDING, name="2幢", parent=estate, **WHO)
    with pytest.raises(Refusal):
        actions.rename_place(place=building, name="2幢", **WHO)


def test_details_are_changed(estate):
    actions.change_place(place=estate, homes=300, latitude=32.6, **WHO)
    estate.refresh_from_db()
    assert (estate.homes, estate.latitude) == (300, 32.6)


def test_aliases_come_and_go_and_are_unique_among_neighbours(estate, heard):
    one, two = (actions.add_place(kind=Kind.BUILDING, name=f"{n}幢", parent=estate, **WHO) for n in (1, 2))
    actions.add_alias(place=one, text="水塔那栋", **WHO)
    actions.add_alias(place=one, text="水塔那栋", **WHO)
    assert found("水塔那幢没水") == ["云桥苑1幢"]
    with pytest.raises(Refusal, match="云桥苑1幢"):
        actions.add_alias(place=two, text="水塔那栋", **WHO)
    actions.remove_alias(place=one, text="水塔那栋", **WHO)
    actions.remove_alias(place=one, text="水塔那栋", **WHO)
    assert found("水塔那幢没水") == []
    assert [e.data for e in heard if e.change == "alias"] == [
        {"name": "云桥苑1幢", "added": "水塔那栋"},
        {"name": "云桥苑1幢", "removed": "水塔那栋"},
    ]


def test_a_place_disappears_with_all_inside_and_comes_back(estate):
    building = actions.add_place(kind=Kind.BUILDING, name="1幢", parent=estate, entrances=["1单元"], **WHO)
    assert actions.deactivate_place(place=estate, **WHO) == 3
    assert found("云桥苑1幢") == []
    assert queries.place_by_code(building.code) is None
    assert queries.gazetteer().get(building.pk).full_name == "云桥苑1幢"
    with pytest.raises(Refusal, match="云桥苑"):
        actions.reactivate_place(place=building, **WHO)
    actions.reactivate_place(place=estate, **WHO)
    assert found("云桥苑1幢") == ["云桥苑1幢"]


def test_the_gazetteer_is_loaded_in_two_statements_and_then_kept(estate, django_assert_num_queries):
    queries.gazetteer()
    with django_assert_num_queries(0):
        queries.gazetteer()
    queries._gazetteer.drop()
    with django_assert_num_queries(2):
        known = queries.gazetteer()
    assert len(known.places) == Place.objects.exclude(kind=Kind.HOME).count()
    info = known.get(estate.pk)
    assert (info.estate_id, info.community_id, info.building_id) == (estate.pk, estate.parent_id, None)


def test_changes_are_in_the_history_of_the_place(estate):
    actions.add_alias(place=estate, text="老云桥", **WHO)
    said = [line.sentence for line in timeline.entries(f"place:{estate.pk}", {"office"}, limit=10)]
    assert sorted(map(str, said)) == ["云桥苑增加俗称“老云桥”", "新增地点：云桥苑"]

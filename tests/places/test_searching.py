"""What a picker offers for what is typed."""

import pytest

from places.demo import gazetteer


def labels(typed: str, **options: object) -> list[str]:
    return [hit.label for hit in gazetteer().search(typed, **options)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("金桂苑3幢2单元401", "金桂苑3幢2单元401"),
        ("金桂苑 3 2 401", "金桂苑3幢2单元401"),
        ("金桂3-2-401", "金桂苑3幢2单元401"),
        ("jgy3-2-401", "金桂苑3幢2单元401"),
        ("cgy", "晨光苑"),
        ("CGY", "晨光苑"),
        ("cgy3", "晨光苑3号楼"),
        ("北门", "金桂苑1幢"),
        ("北门那栋", "金桂苑1幢"),
        ("金桂3", "金桂苑3幢"),
        ("金桂三", "金桂苑3幢"),
        ("金桂苑1", "金桂苑1幢"),
        ("安和西", "安和家园二期"),
        ("西庄3组", "西庄3组"),
        ("楼王", "水岸华庭8幢"),
        ("菜场", "晨光农贸市场"),
        ("東區", "安和家园一期"),
        ("晨光路", "晨光路"),
        ("zxl", "振兴路"),
    ],
)
def test_the_first_suggestion(typed, first):
    assert labels(typed)[0] == first


def test_numbers_alone_list_the_buildings_of_all_estates():
    found = labels("3-2-401", limit=20)
    assert "金桂苑3幢2单元401" in found
    assert "晨光苑3号楼2单元401" in found
    assert all(label.endswith("2单元401") for label in found)
    assert labels("3#2-401", limit=20) == found


def test_typing_goes_on_from_the_estate_to_its_buildings():
    assert labels("金桂苑", limit=4) == ["金桂苑", "金桂苑1幢", "金桂苑2幢", "金桂苑3幢"]
    assert labels("金桂1", limit=6) == [
        "金桂苑1幢",
        "金桂苑10幢",
        "金桂苑11幢",
        "金桂苑12幢",
        "金桂苑13幢",
        "金桂苑14幢",
    ]


def test_searching_within_an_estate_or_community():
    estate = gazetteer().search("丹桂花园")[0].place_id
    assert labels("3", within=estate)[0] == "丹桂花园3幢"
    assert labels("金桂", within=estate) == []


@pytest.mark.parametrize("typed", ["", "  ", "没有这个地方", "zzzz", "99-9-901"])
def test_nothing_fits(typed):
    assert labels(typed) == []

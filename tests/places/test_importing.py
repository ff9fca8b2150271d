"""Importing places: dry runs, rows to mend, the same table twice, and what other packages get."""

import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chenyue.core import events, tables
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.places import actions, queries
from chenyue.places.events import PlacesImported
from chenyue.places.models import Alias, Building, Community, Entrance, Estate, Home, Place

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HEADER = "kind,community,community_kind,estate,estate_aliases,building,building_aliases,entrances,rooms,homes"
GOOD = [
    "building,云桥社区,社区,云桥苑,云桥;老云桥,1幢,东门那栋,1单元;2单元,1单元/101;2单元/101,24",
    "building,云桥社区,社区,云桥苑,云桥;老云桥,2幢,,1单元,101;102,12",
    "road,云桥社区,社区,云桥路,,,,,,",
    "building,上塘村,村,上塘新居,,1排,,,,8",
]


def load(rows: list[str] | bytes, **options):
    data = rows if isinstance(rows, bytes) else "\n".join([HEADER, *rows]).encode()
    return actions.import_places(data, "places.csv", by=SYSTEM, at=NOW, **options)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Community, Estate, Building, Entrance, Home, Alias))


def test_a_table_grows_into_the_tree():
    report = load(GOOD)
    assert (report.created, report.updated, report.errors) == (2 + 3 + 3 + 3 + 4, 0, [])
    assert [line["state"] for line in report.preview] == ["new"] * 4
    home = Home.objects.get(full_name="云桥苑1幢2单元101")
    assert (home.parent.name, home.building.name, home.estate.name, home.community.name) == (
        "2单元",
        "1幢",
        "云桥苑",
        "云桥社区",
    )
    assert Building.objects.get(full_name="上塘新居1排").village
    assert not home.village
    assert home.estate.initials == "yqy"
    assert len(set(Place.objects.values_list("code", flat=True))) == Place.objects.count()
    hits = queries.gazetteer().find("云桥东门那栋2单元101漏水")
    assert queries.gazetteer().path(hits[0]) == "云桥苑/1幢/2单元/101"


def test_a_dry_run_says_the_same_and_writes_nothing():
    before = counts()
    dry = load(GOOD, dry_run=True)
    assert counts() == before
    real = load(GOOD)
    assert (dry.created, dry.preview) == (real.created, real.preview)


def test_the_same_table_twice_changes_nothing():
    load(GOOD)
    before = counts()
    again = load(GOOD)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4)
    assert counts() == before


def test_what_differs_is_changed_and_nothing_is_removed():
    load(GOOD)
    report = load(["building,云桥社区,社区,云桥苑,新云桥,1幢,,3单元,,30"])
    assert (report.created, report.updated) == (1, 1)
    assert [line["state"] for line in report.preview] == ["changed"]
    building = Building.objects.get(full_name="云桥苑1幢")
    assert (building.homes, building.children.count()) == (30, 3)
    assert set(building.parent.aliases.values_list("text", flat=True)) == {"云桥", "老云桥", "新云桥"}
    assert building.aliases.get().text == "东门那栋"


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("shop,云桥社区,社区,云桥苑,,9幢,,,,", "kind", "类型只能填"),
        ("building,,社区,云桥苑,,9幢,,,,", "community", "没有填"),
        ("building,云桥社区,社区,云桥苑,,,,,,", "building", "没有填"),
        ("building,云桥社区,社区,云桥苑,,9幢,,,,很多", "homes", "“很多”不是 0 到 5000"),
        ("building,云桥社区,社区,云桥苑,,9幢,,1单元,2单元/101,", "rooms", "没有这个单元"),
        ("building,云桥社区,社区,云桥苑,,9幢,,1单元;2单元,101,", "rooms", "请连单元一起写"),
        ("building,桥西社区,社区,云桥苑,,9幢,,,,", "community", "云桥苑已经登记在云桥社区名下"),
        ("building,云桥社区,社区,云桥苑,,1幢,,,,", "building", "与第 2 行"),
        (f"building,云桥社区,社区,{'长' * 61},,9幢,,,,", "estate", "60 个字"),
        ("building,云桥社区,社区,云桥苑,,9幢,,,,,多", "", "表头"),
    ],
)
def test_a_wrong_row_is_told_and_the_others_are_kept(row, column, said):
    report = load([*GOOD, row])
    assert report.created == 15
    (error,) = report.errors
    assert (error.row, error.column) == (6, column)
    assert said in str(error.sentence)
    sheet = openpyxl.load_workbook(io.BytesIO(report.error_sheet)).active
    assert sheet.max_row == 2


def test_gb18030_with_a_broken_row_and_chinese_headings():
    lines = ["社区,小区,楼栋,单元,户数", "云桥社区,云桥苑,1幢,1单元,12"]
    lines += ["云桥社区,云�苑,2幢,,", "云桥社区,云桥苑,3幢,,多"]
    data = "\n".join(lines).encode("gb18030").replace("�".encode("gb18030"), b"\xff\xff")
    report = load(data)
    assert [line["full_name"] for line in report.preview] == ["云桥苑1幢"]
    assert [(e.row, e.column) for e in report.errors] == [(3, ""), (4, "户数")]
    again = tables.read_table(report.error_sheet)
    assert again.header[:3] == ("社区", "小区", "楼栋")


def test_the_demo_office_is_already_there_and_hands_on_firms_and_stewards():
    report = actions.seed_demo(by=SYSTEM, at=NOW)
    assert (report.created, report.updated, report.unchanged, report.errors) == (0, 0, 135, [])
    firms = {Estate.objects.get(pk=pk).name: code for pk, code in report.property_units.items()}
    assert len(firms) == 17
    assert (firms["金桂苑"], firms["纺织新村"]) == ("pf_heyuan", "")
    first = Building.objects.get(full_name="金桂苑1幢")
    assert report.stewards[first.pk] == 66
    assert Building.objects.get(full_name="丹桂花园3幢").pk not in report.stewards


def test_an_import_is_a_few_statements_whatever_its_size(django_assert_max_num_queries):
    rows = [f"building,云桥社区,社区,云桥苑,,{n}幢,{n}号那栋,1单元;2单元,,24" for n in range(1, 401)]
    with django_assert_max_num_queries(35):
        assert load(rows).created == 2 + 400 * 3


def test_it_is_told(monkeypatch):
    told = []
    monkeypatch.setitem(events._listeners, PlacesImported, [told.append])
    load(GOOD, dry_run=True)
    load([*GOOD, "x"])
    assert [(e.filename, e.rows, e.created, e.updated) for e in told] == [("places.csv", 5, 15, 0)]


def test_the_template_can_be_imported_as_it_is():
    report = load(actions.template(), dry_run=True)
    assert report.errors == []
    assert [line["full_name"] for line in report.preview] == ["示例苑1幢", "示例路"]


def test_what_is_no_table_of_places_is_refused():
    for data in (b"", b"a,b\n1,2", b"%PDF-1.4"):
        with pytest.raises(Refusal):
            load(data)


def test_the_command(tmp_path, capsys):
    file, mend = tmp_path / "places.csv", tmp_path / "mend.xlsx"
    file.write_text("\n".join([HEADER, *GOOD, "shop,,,,,,,,,"]), encoding="utf-8")
    call_command("import_places", str(file), "--dry-run", "--errors", str(mend))
    assert not Estate.objects.filter(name="云桥苑").exists()
    assert mend.exists()
    call_command("import_places", str(file))
    shown = capsys.readouterr()
    assert "新增 15 个地点" in shown.out
    assert "第 6 行" in shown.err
    with pytest.raises(CommandError):
        call_command("import_places", str(tmp_path / "none.csv"))
    file.write_bytes(b"%PDF")
    with pytest.raises(CommandError):
        call_command("import_places", str(file))

"""The catalogue: seeding, saving, tables in and out."""

import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from chenyue.catalogue import sheets
from chenyue.catalogue.actions import save_category, seed
from chenyue.catalogue.models import Category
from chenyue.catalogue.queries import catalogue, set_up_tree
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.people.models import Unit
from chenyue.workdays.spans import Span

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


def save(**data: Any) -> Category:
    return save_category(data=data, by=SYSTEM, at=AT)


def test_the_starter_is_whole() -> None:
    held = catalogue()
    assert len(held.tree()) == 12
    assert len(held.leaves()) == 100
    for category in held.leaves():
        assert category.lead_code in held.unit_by_code
        assert category.examples
        assert category.keywords
        assert (category.handling == "joint") == bool(category.assist_codes)
        for span in (category.accept_by, category.contact_by, category.resolve_by):
            assert Span.parse(span).by_the_wall or category.urgency != "emergency"
    assert {u.code for u in held.units if u.placeholder} == {"community", "property"}


def test_seeding_again_adds_nothing_and_keeps_changes() -> None:
    save(code="0101", name="污水进屋")
    assert seed(by=SYSTEM, at=AT) == 0
    assert catalogue().by_code["0101"].name == "污水进屋"


def test_committees_and_firms_know_their_places() -> None:
    assert Unit.objects.get(code="lt_vill").community is not None
    firm = Unit.objects.get(code="pf_heyuan")
    assert set(firm.estates.values_list("full_name", flat=True)) == {"金桂苑", "丹桂花园", "桂园公寓"}


def test_a_change_counts_up_the_version_and_is_seen_at_once() -> None:
    before = catalogue()
    saved = save(code="0201", resolve_by="3wd")
    assert saved.version == 2
    assert catalogue().by_code["0201"].resolve_by == "3wd"
    assert catalogue() is not before
    assert saved.name == "道路破损与井盖异响"


def test_a_category_that_is_switched_off_leaves_the_pickers_and_stays_in_set_up() -> None:
    save(code="0201", active=False)
    assert "0201" not in {c.code for c in catalogue().leaves()}
    assert any(c.code == "0201" for _group, found in set_up_tree() for c in found)
    save(code="03", active=False)
    assert not [c for c in catalogue().leaves() if c.parent_code == "03"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"code": "", "name": "x"}, "code"),
        ({"code": "积水", "name": "x"}, "code"),
        ({"code": "0999", "name": "", "parent": "09", "lead": "agri"}, "name"),
        ({"code": "0999", "name": "新", "parent": "09"}, "lead"),
        ({"code": "0999", "name": "新", "parent": "99", "lead": "agri"}, "parent"),
        ({"code": "0999", "name": "新", "parent": "0901", "lead": "agri"}, "parent"),
        ({"code": "0999", "name": "新", "parent": "09", "lead": "nobody"}, "lead"),
        ({"code": "0201", "assists": ["municipal"]}, "assists"),
        ({"code": "0201", "handling": "joint"}, "assists"),
        ({"code": "0201", "accept_by": "4 moons"}, "accept_by"),
        ({"code": "0101", "accept_by": "4wh"}, "accept_by"),
        ({"code": "0201", "urgency": "loud"}, "urgency"),
        ({"code": "02", "parent": "01", "lead": "agri"}, "parent"),
    ],
)
def test_what_routing_could_not_use_is_refused(data: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        save(**data)
    assert refusal.value.field == field


def test_export_and_import_are_each_others_reverse() -> None:
    data = sheets.export_catalogue()
    report = sheets.import_catalogue(data, "权责清单.xlsx", by=SYSTEM, at=AT)
    assert not report.errors
    assert report.created == report.updated == 0
    assert report.unchanged == 112


def edited(changes: dict[str, tuple[str, str]], extra: list[str] | None = None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(sheets.export_catalogue()))
    sheet = book.worksheets[-1]
    head = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        column, value = changes.get(str(row[0].value), ("", ""))
        if column:
            row[head.index(column)].value = value
    if extra:
        sheet.append(extra)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_dry_run_tells_and_writes_nothing() -> None:
    data = edited(
        {"0201": (sheets.HEADINGS["resolve_by"], "2wd"), "0202": (sheets.HEADINGS["lead_unit"], "不存在的单位")},
        ["0299", "02", "共享单车乱放", "即接即办", "综合行政执法局"],
    )
    trial = sheets.import_catalogue(data, "a.xlsx", by=SYSTEM, at=AT, dry_run=True)
    assert (trial.created, trial.updated, len(trial.errors)) == (1, 1, 1)
    assert trial.error_sheet[:2] == b"PK"
    assert "不存在的单位" in str(trial.errors[0].sentence)
    assert catalogue().by_code["0201"].resolve_by == "5wd"
    assert "0299" not in catalogue().by_code
    done = sheets.import_catalogue(data, "a.xlsx", by=SYSTEM, at=AT)
    assert (done.created, done.updated, len(done.errors)) == (1, 1, 1)
    assert catalogue().by_code["0299"].lead_code == "enforcement"
    assert catalogue().by_code["0201"].resolve_by == "2wd"


def test_a_csv_of_an_office_in_gb18030_is_read() -> None:
    text = (
        "编码,上级,名称,主办,协办,紧急程度,关键词\r\n0298,02,共享单车乱放,municipal,traffic;cg_comm,一般,单车;乱放\r\n"
    )
    report = sheets.import_catalogue(text.encode("gb18030"), "目录.csv", by=SYSTEM, at=AT)
    assert not report.errors
    found = catalogue().by_code["0298"]
    assert found.assist_codes == ("traffic", "cg_comm")
    assert found.keywords == ("单车", "乱放")


def test_the_snapshot_costs_the_same_for_one_and_three_categories(django_assert_num_queries: Any) -> None:
    for number in ("1", "2", "3"):
        save(code=f"029{number}", name=f"新{number}", parent="02", lead="municipal")
        with django_assert_num_queries(6):
            catalogue()

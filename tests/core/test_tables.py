"""Tables as people have them: wrong extensions, odd encodings, titles on top, broken rows, bombs."""

import io
import zipfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.core import tables
from chenyue.core.errors import Refusal
from growth import STEEP, growth

HEADER = ["工单编号", "标题", "受理时间"]
ROWS = [["20261101123456789", "下水道堵了\n第二次", "2026-11-01"], ["7", "路灯不亮", ""]]
EXPECTED = {"number": ["工单编号", "工单号"], "title": ["标题", "主题"], "received_at": ["受理时间"]}


def values(sheet: tables.Sheet) -> list[list[str]]:
    return [list(row.values.values()) for row in sheet.rows]


def workbook(rows: list[list[object]]) -> bytes:
    """A workbook written by another library than ours."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def text_table(separator: str, encoding: str) -> bytes:
    return tables.write_csv(HEADER, ROWS).decode("utf-8-sig").replace(",", separator).encode(encoding)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(tables.write_xlsx(HEADER, ROWS, title="工单"), id="xlsx"),
        pytest.param(workbook([HEADER, *ROWS]), id="xlsx of another writer"),
        pytest.param(tables.write_csv(HEADER, ROWS), id="csv with a mark"),
        pytest.param(text_table(",", "gb18030"), id="csv in GB18030"),
        pytest.param(text_table(";", "utf-8"), id="semicolons"),
        pytest.param(text_table("\t", "utf-16"), id="Unicode text"),
        pytest.param(
            (
                "<html><meta charset=gb2312><table><tr><td>菜单</td></tr></table>"
                "<TABLE border=1><tr><th>工单编号<th>标题<th>受理时间"
                "<tr><td>20261101123456789</td><td>下水道堵了<br>第二次</td><td>2026-11-01</td></tr>"
                "<tr><td>7<td>路灯不亮<td>&nbsp;</table></html>"
            ).encode("gb18030"),
            id="a page saved as xls",
        ),
    ],
)
def test_one_table_in_many_formats(data):
    sheet = tables.read_table(data, "wrong.extension", expected=EXPECTED)
    assert sheet.header == ("number", "title", "received_at")
    assert values(sheet) == ROWS
    assert not any(row.problem for row in sheet.rows)
    assert sheet.written["title"] == "标题"


def test_a_title_above_the_header_and_empty_rows_keep_the_line_numbers():
    data = workbook([["晨光街道工单"], [], ["序号", "工单编号 *", "主题（必填）"], [1, "a", "x"], [], [2, "b", "y"]])
    sheet = tables.read_table(data, expected=EXPECTED)
    assert sheet.header == ("序号", "number", "title")
    assert [(row.number, row["number"], row["title"]) for row in sheet.rows] == [(4, "a", "x"), (6, "b", "y")]
    assert sheet.sheets == ("Sheet",)


def test_cells_are_cleaned_and_dates_written_alike():
    moment = datetime(2026, 11, 1, 7, 2)
    data = workbook([HEADER, ["'0571", " 门\xa0坏了 ", moment], [3.0, 1.5, date(2026, 11, 1)], [True, None, "x"]])
    assert values(tables.read_table(data)) == [
        ["0571", "门 坏了", "2026-11-01 07:02:00"],
        ["3", "1.5", "2026-11-01"],
        ["1", "", "x"],
    ]


def test_a_long_number_stored_as_a_number_is_told_not_guessed():
    sheet = tables.read_table(workbook([HEADER, [20261101123456789, "x", ""], [123456789012345, "y", ""]]))
    assert "15 位" in str(sheet.rows[0].problem)
    assert sheet.rows[1].problem == ""
    assert sheet.rows[1]["工单编号"] == "123456789012345"


def test_broken_lines_are_told_with_their_number_and_the_rest_is_read():
    lines = ["编号,说明", "1,好", "2,�", '3,"没关', "4,多,了", "5,好"]
    data = "\n".join(lines).encode("gb18030").replace("�".encode("gb18030"), b"\xff\xff")
    sheet = tables.read_table(data)
    assert [(row.number, row["编号"], bool(row.problem)) for row in sheet.rows] == [
        (2, "1", False),
        (3, "2", True),
        (4, "3", True),
        (5, "4", True),
        (6, "5", False),
    ]


def test_line_breaks_inside_quotes_are_one_row():
    sheet = tables.read_table(b'a,b\n1,"x\ny"\n2,z\n')
    assert [(row.number, row["b"]) for row in sheet.rows] == [(2, "x\ny"), (4, "z")]


def test_many_unclosed_quotes_do_not_take_for_ever():
    def sheet(rows: int) -> tables.Sheet:
        return tables.read_table(("a,b\n" + '1,"x\n' * rows).encode())

    assert len(sheet(3000).rows) == 3000
    assert growth(sheet, 750) < STEEP


def test_a_heading_that_is_there_twice_keeps_the_first():
    row = tables.read_table("标题,标题,\n甲,乙,\n".encode()).rows[0]
    assert row["标题"] == "甲"
    assert row["无此列"] == ""


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x.xml", "w") as part:
        for _ in range(201):
            part.write(b"0" * (1 << 20))
    return target.getvalue()


def lying_bomb() -> bytes:
    """Says of itself that it is small."""
    honest = bomb()
    return honest.replace((201 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "empty"),
        (lambda: b" \n ", "empty"),
        (lambda: b"a" * (tables.MAX_BYTES + 1), "too_large"),
        (bomb, "too_large"),
        (lying_bomb, "too_large"),
        (lambda: b"PK\x03\x04 not a zip", "unreadable"),
        (lambda: b"\xd0\xcf\x11\xe0 not a workbook", "unreadable"),
        (lambda: tables.write_xlsx(HEADER, ROWS)[:-500], "unreadable"),
        (lambda: b"%PDF-1.7 ...", "not_a_table"),
        (lambda: b"MZ\x90\x00", "not_a_table"),
        (lambda: b"just words", "no_header"),
        (lambda: b"<html><p>no table</p></html>", "no_header"),
        (lambda: b"a,b\n" + b"1,2\n" * (tables.MAX_ROWS + 1), "too_long"),
    ],
)
def test_what_is_no_table_is_refused_in_words(make, code):
    with pytest.raises(Refusal) as refused:
        tables.read_table(make(), expected=() if code == "too_long" else ("name",))
    assert refused.value.code == code
    assert str(refused.value.sentence)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    try:
        sheet = tables.read_table(data)
    except Refusal:
        return
    assert all(row.number > 1 for row in sheet.rows)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026/11/1 7:02", (2026, 11, 1, 7, 2)),
        ("2026-11-01 07:02:30", (2026, 11, 1, 7, 2, 30)),
        ("2026年11月1日", (2026, 11, 1)),
        ("20261101", (2026, 11, 1)),
        ("２０２６．１１．１", (2026, 11, 1)),
        ("46327", (2026, 11, 1)),
        ("46327.5", (2026, 11, 1, 12)),
    ],
)
def test_dates_in_the_office_zone(written, read):
    assert tables.moment(written) == datetime(*read, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("written", ["", "昨天", "2026-13-01", "2026-02-30", "99", "2026-11-01 25:00"])
def test_what_is_no_date_is_refused(written):
    with pytest.raises(Refusal):
        tables.moment(written)


def test_no_cell_can_run_as_a_formula():
    wicked = ["=1+1", "+86 138", "-2", "@SUM(A1)", "\t=1", "'=1"]
    for data in (tables.write_xlsx(wicked, [wicked]), tables.write_csv(wicked, [wicked])):
        assert b"<f>" not in data
    sheet = openpyxl.load_workbook(io.BytesIO(tables.write_xlsx(wicked, [wicked])))
    cells = [cell for row in sheet.active.iter_rows() for cell in row]
    assert all(cell.data_type == "s" and cell.value[0] == "'" for cell in cells)
    text = tables.write_csv(["a"], [[w] for w in wicked]).decode("utf-8-sig")
    assert not any(line.lstrip('"').startswith(("=", "+", "-", "@", "\t")) for line in text.splitlines())


def test_a_written_workbook_is_fit_for_work():
    cover = tables.Cover("李敏", datetime(2026, 11, 22, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai")), "月报")
    rows = [["13800000001", 3, True, None, "x" * 40_000], [10**16, 1.5, False, cover.when, "y"]]
    header = ["电话", "数", "是否", "时间", "长文"]
    data = tables.write_xlsx(header, rows, "诉求[1]", cover=cover, choices={"是否": ["是", "否"]})
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["导出说明", "诉求 1"]
    assert [c.value for c in book.worksheets[0]["B"]] == ["李敏", "2026-11-22 08:40", "月报"]
    sheet = book.worksheets[1]
    assert sheet.freeze_panes == "A2"
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("13800000001", "@")
    assert [sheet.cell(2, c).value for c in (2, 3, 4)] == [3, "是", ""]
    assert (sheet["A3"].value, sheet["D3"].value) == (str(10**16), "2026-11-22 08:40")
    assert len(sheet["E2"].value) == 32_767
    assert sheet.column_dimensions["A"].width > 11
    assert sheet.data_validations.dataValidation[0].formula1 == '"是,否"'


def test_the_error_sheet_brings_back_the_rows_with_what_is_wrong():
    sheet = tables.read_table("标题,受理时间\n好,2026-11-01\n=坏,x\n".encode(), expected=EXPECTED)
    data = tables.error_sheet(sheet, [tables.RowError(3, "受理时间", "不是日期"), tables.RowError(3, "", "还有")])
    again = tables.read_table(data, expected=EXPECTED)
    assert len(again.rows) == 1
    assert (again.rows[0]["title"], again.rows[0]["received_at"]) == ("=坏", "x")
    assert list(again.rows[0].values.values())[2:] == ["3", "受理时间: 不是日期\n还有"]


def test_twenty_thousand_rows_are_read():
    rows = ([f"2026{n:07}", *["路灯不亮，请派人来看看"] * 4] for n in range(20_000))
    sheet = tables.read_table(tables.write_xlsx(["编号", *(f"列{n}" for n in range(4))], rows))
    assert len(sheet.rows) == 20_000
    assert sheet.rows[-1].number == 20_001

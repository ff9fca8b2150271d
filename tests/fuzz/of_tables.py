"""Tables in every form, and what reads their rows."""

import io
import zipfile
from datetime import datetime
from functools import cache

import openpyxl
from hypothesis import strategies as st

from cast import NOW, Cast
from chenyue.core import csv_text, html_table, tables
from chenyue.gateway import rows as mapped
from chenyue.gateway.chat import tables as chats
from chenyue.gateway.hotline import columns as hotline_columns
from chenyue.gateway.hotline import reading as hotline
from chenyue.gateway.rows import WrongRow
from chenyue.people.models import Unit  # noqa: F401 – registered with the apps
from chenyue.places.importing import import_places
from chenyue.places.rows import COLUMNS as PLACES
from chenyue.workdays import years
from chenyue.works.register import rows as register
from fuzz.changing import changed_bytes, changed_text
from fuzz.targets import target

HOTLINE = ["工单编号", "标题", "诉求内容", "来电时间", "诉求人", "来电号码", "详细地址", "办结期限", "办理结果"]
LINES = [
    ["202611220001", "路灯", "金桂苑1幢门口的路灯坏了", "2026-11-21 06:10", "陈大明", "13800000001", "金桂苑", "", ""],
    ["7", "", "下水道堵了\n第二次", "45981.25", "", "0512-65550001", "", "2026/11/25", "已修好"],
]
HOMES = ["幢", "单元", "房号", "楼层", "建筑面积", "状态", "业主", "证件号", "电话"]
HOME_LINES = [
    ["1幢", "1", "101", "1", "89.5", "已售", "王芳、李强", "11010519491231002X", "13800000001"],
    ["合计"] + [""] * 8,
]
BITS = [
    b"<table>",
    b"<tr>",
    b"<td colspan=9999>",
    b"</table>",
    b"&#1114112;",
    b"charset=utf-16",
    b"[Content_Types].xml",
]


@cache
def _books() -> list[bytes]:
    """One table in all the forms that offices have."""
    book = openpyxl.Workbook()
    for line in (["热线工单"], HOTLINE, *LINES):
        book.active.append(line)
    book.active.merge_cells("A1:C1")
    book.create_sheet("第二张").append(["=1/0", 1e300, datetime(2026, 11, 22)])
    out = io.BytesIO()
    book.save(out)
    text = tables.write_csv(HOTLINE, LINES).decode("utf-8-sig")
    page = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in (HOTLINE, *LINES))
    return [
        tables.write_xlsx(HOTLINE, LINES, title="工单"),
        out.getvalue(),
        text.encode(),
        text.replace(",", "\t").encode("utf-16"),
        text.replace(",", ";").encode("gb18030"),
        f"<html><meta charset=gb2312><table>{page}</table>".encode("gb18030"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ]


def _repacked(data: bytes, part: bytes) -> bytes:
    """A workbook whose first sheet is something else: what a change of the packed bytes never reaches."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == "xl/worksheets/sheet1.xml" else old.read(info))
    return out.getvalue()


SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>\xe5\xb7\xa5\xe5\x8d\x95\xe7\xbc\x96\xe5\x8f\xb7</t></is></c></row>'
    b'<row r="2"><c r="A2"><v>1.7976931348623157E+308</v></c><c r="B2" t="s"><v>99999</v></c></row>'
    b'<row r="1048576"><c r="XFD1048576" t="d"><v>2026-11-22</v></c></row></sheetData></worksheet>'
)
XML = [
    b"<c ",
    b't="s"',
    b't="e"',
    b't="b"',
    b'r="A0"',
    b'r="ZZZZ9"',
    b"<f>1/0</f>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
]
repacked = st.builds(_repacked, st.sampled_from([tables.write_xlsx(HOTLINE, LINES)]), changed_bytes([SHEET], XML))
names = st.sampled_from(["工单.xlsx", "a.xls", "b.csv", "", "x" * 300, "../../etc/passwd"])


@target(st.tuples(st.one_of(changed_bytes(_books(), BITS), repacked), names), examples=20)
def workbook(value: tuple[bytes, str]) -> None:
    sheet = tables.read_table(*value)
    errors = [tables.RowError(row.number, sheet.header[0], "x") for row in sheet.rows[:3]]
    tables.error_sheet(sheet, errors)


@target(st.one_of(changed_bytes(_books(), BITS), repacked))
def hotline_table(value: bytes) -> None:
    sheet = tables.read_table(value, "", expected=hotline_columns.expected())
    for row in sheet.rows[:20]:
        try:
            hotline.read(row, sheet.written, NOW)
        except WrongRow:
            continue


cells = changed_text(["202611220001", "金桂苑1幢", "2026-11-21 06:10", "13800000001", "一般", "45981.25", "89.5㎡", ""])
orders = st.fixed_dictionaries({}, optional=dict.fromkeys(hotline_columns.FIELDS, cells))


@target(orders)
def hotline_row(values: dict[str, str]) -> None:
    hotline.read(tables.Row(2, values), {name: name for name in values}, NOW)


homes = st.fixed_dictionaries({}, optional=dict.fromkeys(register.COLUMNS, cells))


@target(homes, register.Wrong, examples=20)
def register_row(values: dict[str, str]) -> None:
    register.read(tables.Row(2, values))


place_tables = st.lists(st.lists(cells, min_size=len(PLACES), max_size=len(PLACES)), min_size=1, max_size=3)


@target(place_tables, examples=6)
def places_table(value: list[list[str]]) -> None:
    data = tables.write_csv([others[0] for others in PLACES.values()], value)
    import_places(data, "楼幢.csv", by=Cast().admin.actor(), at=NOW)


@target(changed_bytes([b"a,b\n1,2\n", '"甲","乙\n丙"\r\n'.encode("gb18030"), "甲;乙\n".encode("utf-16"), b'"""']))
def csv_lines(value: bytes) -> None:
    csv_text.lines(value)


@target(changed_bytes(_books()[5:6], BITS))
def web_page(value: bytes) -> None:
    html_table.rows(value)


MOMENTS = ["2026-11-22 07:00", "2026/11/22", "2026年11月22日 上午7:05", "20261122070000", "45981.25", "11-22", "07:00"]


@target(changed_text(MOMENTS), examples=30)
def moment(value: str) -> None:
    tables.moment(value)


@target(
    changed_text(["day,kind,name,source\n2026-10-01,holiday,国庆节,国办发明电〔2025〕1号\n"], ["holiday", "make_up"])
)
def year_table(value: str) -> None:
    years.read(value)


@target(changed_text(["title=标题,text=内容"], ["=", ","]))
def mapping(value: str) -> None:
    mapped.mapping(value, ("title", "text"))


@target(changed_bytes(["发送人,时间,内容\n张三,2026-11-22 07:00,灯坏了\n".encode()]))
def chat_table(value: bytes) -> None:
    chats.read(value, "a.csv", NOW)

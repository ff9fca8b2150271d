"""Tables made, or spoiled, to take the server's time and memory."""

import io
import zipfile

import pytest
import xlsxwriter

from chenyue.core import html_table, tables
from chenyue.core.errors import Refusal
from growth import STEEP, growth


def test_a_cell_in_the_last_corner_is_refused_before_the_empty_ones_are_laid_out() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, column, value in ((0, 0, "a"), (0, 1, "b"), (1048575, 16383, "x")):
            sheet.write(row, column, value)
    with pytest.raises(Refusal) as refused:
        tables.read_table(out.getvalue(), "a.xlsx")
    assert refused.value.code == "too_long"


def test_what_unpacks_to_too_much_is_refused_before_anything_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "a")
    tables.read_table(out.getvalue(), "a.xlsx")
    monkeypatch.setattr(tables, "MAX_UNPACKED", 500_000)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(600_000))
    with pytest.raises(Refusal) as refused:
        tables.read_table(out.getvalue(), "a.xlsx")
    assert refused.value.code == "too_large" and len(out.getvalue()) < 20_000


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_a_million_empty_lines_are_refused(end: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        tables.read_table(b"a,b" + end * (tables.MAX_LINES + 1), "a.csv")
    assert refused.value.code == "too_long"


@pytest.mark.parametrize("piece", ["<!--", "<!", "<?", "<![CDATA["])
def test_marks_that_never_close_are_read_once(piece: str) -> None:
    page = "<table><tr><td>a</td></tr>"
    assert growth(lambda times: html_table.rows((page + piece * times).encode()), 25_000) < STEEP


def test_a_page_with_comments_and_declarations_is_read_as_ever() -> None:
    page = "<!DOCTYPE html><?xml version='1'?><table><!-- <tr><td>no</td></tr> --><tr><td>a<!--x-->b</td></tr></table>"
    assert html_table.rows(page.encode()) == [["ab"]]


@pytest.mark.parametrize(
    ("page", "cells"),
    [
        ("<TABLE><TR><TD COLSPAN='2'>a<TD title=\"x>y\">b&amp;c &lt;d&gt;</TABLE>", ["a", "", "b&c <d>"]),
        ("<table><tr><td>1 < 2<td>a<br/>b<td width=5", ["1 < 2", "a\nb<td width=5"]),
        ("<table><tr><td colspan=99999>a</td><td colspan='x'>b", ["a", *[""] * 49, "b"]),
    ],
)
def test_a_careless_page_is_read(page: str, cells: list[str]) -> None:
    assert html_table.rows(page.encode()) == [cells]


def test_the_same_heading_thousands_of_times_is_refused_at_once() -> None:
    def read(times: int) -> None:
        with pytest.raises(Refusal) as refused:
            tables.read_table(b"1," * times + b"\n1,2", "a.csv")
        assert refused.value.code == "too_wide"

    assert growth(read, 1_000) < STEEP


def test_three_columns_of_one_name_are_kept_apart() -> None:
    sheet = tables.read_table("甲,甲,甲′2,甲\n1,2,3,4".encode())
    assert sheet.header == ("甲", "甲′2", "甲′2′3", "甲′4")
    assert sheet.rows[0].values == {"甲": "1", "甲′2": "2", "甲′2′3": "3", "甲′4": "4"}

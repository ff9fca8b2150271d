"""Real residents' texts through the hotline's tables: out as old systems write them, and back unchanged."""

import csv
import html
import io
from datetime import UTC, datetime

import pytest

from chenyue.core import tables
from chenyue.core.text import clean
from chenyue.gateway.hotline import columns
from chenyue.gateway.hotline.reading import read
from helpers import outside_data

HEAD = ["工单编号", "标题", "诉求内容", "来电时间"]
AT = datetime(2026, 11, 1, tzinfo=UTC)


def texts(name: str) -> list[list[str]]:
    with outside_data("appeals", name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [[f"20261101{n:09d}", r.get("title", ""), r["text"], r.get("time", "")] for n, r in enumerate(rows)]


def as_xlsx(rows: list[list[str]]) -> bytes:
    return tables.write_xlsx(HEAD, rows, "工单")


def as_page(rows: list[list[str]]) -> bytes:
    """As old systems write it: a web page that is called .xls, line breaks as <br>."""
    lines = ["".join(f"<td>{html.escape(c).replace(chr(10), '<br>')}</td>" for c in row) for row in [HEAD, *rows]]
    return f"<html><body><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table></body></html>".encode()


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEAD, *rows])
    return out.getvalue().encode("gb18030")


def spaceless(words: str) -> str:
    """A web page keeps words and line breaks, not how many spaces stand between them."""
    return "".join(words.split())


@pytest.mark.parametrize("name", ["inbox.csv", "answered.csv"])
@pytest.mark.parametrize("written", [as_xlsx, as_page, as_csv])
def test_real_texts_come_back_unchanged(name: str, written: object) -> None:
    rows = texts(name)
    assert len(rows) in (4326, 1408)
    sheet = tables.read_table(written(rows), "工单.xls", expected=columns.expected())  # type: ignore[operator]
    assert len(sheet.rows) == len(rows)
    same = spaceless if written is as_page else str
    for row, (number, title, words, _time) in zip(sheet.rows, rows, strict=True):
        if not words.strip() and not title.strip():
            continue
        order = read(row, sheet.written, AT)
        told = clean(words) if len(clean(title)) <= 120 and clean(words) else f"{clean(title)}\n{clean(words)}".strip()
        assert order.number == number
        assert same(order.words.removeprefix("'")) == same(told), number

"""Tables that people download: workbooks and CSV whose cells can't run as formulas."""

import csv
import io
import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SAMPLED = 200  # rows that column widths are measured on
WIDEST = 60
MAX_CELL = 32_767  # characters; Excel refuses more


@dataclass(frozen=True)
class Cover:
    """The first sheet of an export: who took it, when, and what for."""

    who: str
    when: datetime
    purpose: str


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def write_xlsx(
    header: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    title: str = "",
    *,
    cover: Cover | None = None,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """A workbook of one table, written row by row. Only `int` and `float` become numbers: give ids as text.

    `choices` offers a list to pick from in the columns it names.
    """
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False}) as book:
        if cover:
            _write_cover(book, cover)
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True, "bg_color": "#EEF1F4", "bottom": 1, "valign": "top"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        plain = book.add_format({"valign": "top"})
        remaining = iter(rows)
        sample = list(itertools.islice(remaining, SAMPLED))
        for column, width in enumerate(_widths(header, sample)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.write_string(0, column, guarded(str(name)), bold)
            if offered := (choices or {}).get(str(name)):
                sheet.data_validation(1, column, 10_000, column, {"validate": "list", "source": list(offered)})
        for number, row in enumerate(itertools.chain(sample, remaining), start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**15:
                    sheet.write_number(number, column, value, plain)
                else:
                    sheet.write_string(number, column, guarded(as_text(value))[:MAX_CELL], text)
    return target.getvalue()


def write_csv(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV that Excel opens rightly: UTF-8 with a mark, CRLF."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([guarded(str(name)) for name in header])
    for row in rows:
        writer.writerow([v if isinstance(v, int | float) else guarded(as_text(v)) for v in row])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def as_text(value: Any) -> str:
    """A value as the cell shows it; moments on the office's wall clock."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _write_cover(book: Any, cover: Cover) -> None:
    sheet = book.add_worksheet(_("Cover sheet"))
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, WIDEST)
    lines = ((_("Exported by"), cover.who), (_("Exported at"), cover.when), (_("Purpose"), cover.purpose))
    for number, (label, value) in enumerate(lines):
        sheet.write_string(number, 0, label)
        sheet.write_string(number, 1, guarded(as_text(value)))


def _sheet_name(title: str) -> str:
    return "".join(" " if c in "[]:*?/\\'" else c for c in title).strip()[:31] or _("Table")


def _widths(header: Sequence[Any], sample: Sequence[Sequence[Any]]) -> list[int]:
    columns = itertools.zip_longest(header, *sample, fillvalue="")
    return [min(WIDEST, 2 + max(_width(as_text(cell)) for cell in column)) for column in columns]


def _width(text: str) -> int:
    """Columns that the longest line takes: a Chinese character takes two."""
    wide = unicodedata.east_asian_width
    return max((sum(2 if wide(c) in "WF" else 1 for c in line) for line in text.splitlines()), default=0)

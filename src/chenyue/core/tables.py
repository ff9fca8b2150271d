"""Tables that people upload, read whatever they were saved as; the writing half is `core.sheets`.

A wrong extension, a title above the header, GB18030, a web page named .xls: all are read. What can't
be trusted in a row is said on that row with its line number; the other rows are kept.
"""

import io
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chenyue.core import csv_text, html_table
from chenyue.core.errors import Refusal, Sentence
from chenyue.core.sheets import Cover, write_csv, write_xlsx

__all__ = ["Cover", "ImportReport", "Row", "RowError", "Sheet", "error_sheet", "moment", "read_table"]
__all__ += ["write_csv", "write_xlsx"]

MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024  # of all parts of a zipped workbook together
MAX_ROWS = 50_000
MAX_COLUMNS = 300
MAX_CELLS = 16_000_000  # that a sheet spans, empty ones too: a reader lays them all out
MAX_LINES = 1_000_000  # of a text table, empty ones too
LONGEST_HEADING = 200  # characters; what is longer is words, not a heading
HEADER_WITHIN = 10  # rows that may stand above the header
EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
# What a damaged zip raises while it is unpacked.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
)  # fmt: skip
Expected = Sequence[str] | Mapping[str, Iterable[str]]  # columns, or columns with what else they're called


@dataclass(frozen=True)
class Row:
    """One row below the header: `number` as the spreadsheet counts, `problem` if it can't be trusted."""

    number: int
    values: dict[str, str]
    problem: Sentence = ""

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


@dataclass(frozen=True)
class Sheet:
    """A table: its columns, its rows that aren't empty, and the names of all sheets of the file.

    `written` gives for each column its heading in the file.
    """

    header: tuple[str, ...]
    rows: list[Row]
    sheets: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowError:
    """What is wrong in one row of an uploaded table."""

    row: int
    column: str
    sentence: Sentence


@dataclass
class ImportReport:
    """What an import did, or as a dry run would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    preview: list[dict[str, Any]] = field(default_factory=list)
    error_sheet: bytes = b""  # the rows to mend as a workbook; empty if there are none


def read_table(data: bytes, filename: str = "", *, expected: Expected = (), sheet: str | None = None) -> Sheet:
    """Read a table from any kind of spreadsheet file; refuses with a sentence what is none.

    `expected` names the columns looked for; a mapping adds other headings for each. Columns found are
    called by the expected name in `Row.values`. `filename` is only told in refusals: bytes decide.
    """
    if len(data) > MAX_BYTES:
        raise Refusal(_("This file is larger than 30 MB. Split it and import the parts."), code="too_large")
    if not data.strip():
        raise Refusal(_("This file is empty."), code="empty")
    names, lines = _lines(data, sheet)
    return _sheet(lines, expected, names)


def _lines(data: bytes, sheet: str | None) -> tuple[tuple[str, ...], list[csv_text.Line]]:
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return _workbook(data, sheet)
    if data[:4] == b"%PDF" or (data[:2] == b"MZ") or data[:3] == b"\xff\xd8\xff" or data[:4] == b"\x89PNG":
        raise Refusal(_("This isn't a table. Save it as Excel (.xlsx) or CSV."), code="not_a_table")
    if re.search(rb"<(html|table|!doctype html)", data[:4096], re.IGNORECASE):
        return (), [csv_text.Line(n, cells) for n, cells in enumerate(html_table.rows(data), start=1)]
    if data.count(b"\n") > MAX_LINES or data.count(b"\r") > MAX_LINES:
        raise _too_long()
    return (), csv_text.lines(data)


def _workbook(data: bytes, sheet: str | None) -> tuple[tuple[str, ...], list[csv_text.Line]]:
    import python_calamine

    if data[:2] == b"PK":
        _refuse_bombs(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = tuple(book.sheet_names)
        table = book.get_sheet_by_name(sheet if sheet in names else names[0])
        if table.height > MAX_ROWS + HEADER_WITHIN:
            raise _too_long()
        if table.width > MAX_COLUMNS:
            raise _too_wide()
        raw = table.to_python(skip_empty_area=False)
    except Refusal:
        raise
    except Exception as error:  # calamine has many errors, all mean the same here
        raise Refusal(
            _("This workbook can't be opened. Save it again as .xlsx without a password."), code="unreadable"
        ) from error
    return names, [_workbook_line(number, cells) for number, cells in enumerate(raw, start=1)]


_CELL = re.compile(rb'<c\b[^<>]{0,40}?\br="([A-Z]{1,3})(\d{1,7})"')


def _column(letters: bytes) -> int:
    """`C` is 3, `XFD` is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_bombs(data: bytes) -> None:
    """Unpack once to count: what a zip says of its own size needn't be true.

    One cell in the last corner is enough for a reader to lay out seventeen thousand million empty ones.
    """
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                part.file_size = 2 * MAX_UNPACKED  # else reading stops where the file says it ends
                rest, rows, columns = b"", 0, 0
                with archive.open(part) as stream:
                    while chunk := stream.read(1 << 20):
                        total += len(chunk)
                        for column, row in _CELL.findall(rest + chunk):
                            rows, columns = max(rows, int(row)), max(columns, _column(column))
                        if rows * columns > MAX_CELLS:
                            raise _too_long()
                        rest = chunk[-24:]
                        if total > MAX_UNPACKED:
                            raise Refusal(_("Unpacked, this workbook is larger than 200 MB."), code="too_large")
    except UNREADABLE as error:
        raise Refusal(
            _("This workbook can't be opened. Save it again as .xlsx without a password."), code="unreadable"
        ) from error


def _workbook_line(number: int, cells: list[Any]) -> csv_text.Line:
    problem: Sentence = ""
    for cell in cells:
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**EXACT_DIGITS:
            problem = _(
                "A number of more than 15 digits was stored as a number, and its last digits are lost. "
                "Set the column to text and export it again."
            )
    return csv_text.Line(number, [_text(cell) for cell in cells], problem)


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time(0) else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def clean_cell(cell: str) -> str:
    """A cell without what exports leave in it: a leading apostrophe, hard spaces, direction marks."""
    cell = cell.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "").replace("\x00", "").strip()
    return cell[1:].lstrip() if cell.startswith("'") else cell


def heading(cell: str) -> str:
    """A heading fit for comparing: half width, without brackets, spaces and stars."""
    plain = unicodedata.normalize("NFKC", clean_cell(cell[:LONGEST_HEADING])).lower()
    return re.sub(r"[\s*_:]", "", re.sub(r"\([^)\n]{0,80}\)|\[[^\]\n]{0,80}\]", "", plain)) or plain


def _sheet(lines: list[csv_text.Line], expected: Expected, names: tuple[str, ...]) -> Sheet:
    known = {
        heading(word): column
        for column, others in (expected.items() if isinstance(expected, Mapping) else ((c, ()) for c in expected))
        for word in (column, *others)
    }
    lines = [csv_text.Line(x.number, [clean_cell(c) for c in x.cells], x.problem) for x in lines]
    lines = [line for line in lines if line.problem or any(line.cells)]
    at = _header_at(lines, known)
    if len(lines[at].cells) > MAX_COLUMNS:
        raise _too_wide()
    header = _columns(lines[at].cells, known)
    body = lines[at + 1 :]
    if len(body) > MAX_ROWS:
        raise _too_long()
    written = {h: cell for h, cell in zip(header, lines[at].cells, strict=False) if h}
    return Sheet(tuple(written), [_row(line, header) for line in body], names, written)


def _too_long() -> Refusal:
    return Refusal(_("This table has more than 50,000 rows. Split it and import the parts."), code="too_long")


def _too_wide() -> Refusal:
    sentence = _("This table has more than 300 columns. Delete those that aren't needed and import it again.")
    return Refusal(sentence, code="too_wide")


def _header_at(lines: list[csv_text.Line], known: Mapping[str, str]) -> int:
    """The row that looks most like a header: with the most expected headings, else the first with two cells."""
    top = lines[:HEADER_WITHIN]
    if known:
        scores = [len({known[heading(c)] for c in line.cells if heading(c) in known}) for line in top]
        if scores and max(scores) > 0:
            return scores.index(max(scores))
        columns = ", ".join(dict.fromkeys(known.values()))
        raise Refusal(_("No header was found. Expected columns: %(columns)s") % {"columns": columns}, code="no_header")
    for at, line in enumerate(top):
        if sum(map(bool, line.cells)) >= 2 or len(line.cells) == 1:
            return at
    raise Refusal(_("No header was found in the first ten rows."), code="no_header")


def _columns(cells: Sequence[str], known: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    seen: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        name = known.get(heading(cell), cell)
        if name and name in seen:
            name = f"{name}′{number}"  # a heading that is there twice: the first one counts
        found.append("" if name in seen else name)
        seen.add(name)
    while found and not found[-1]:
        found.pop()
    return found


def _row(line: csv_text.Line, header: Sequence[str]) -> Row:
    problem = line.problem
    if not problem and any(line.cells[len(header) :]):
        problem = _("This row has %(cells)d cells, the header has %(columns)d.") % {
            "cells": len(line.cells),
            "columns": len(header),
        }
    return Row(line.number, {h: c for h, c in zip(header, line.cells, strict=False) if h}, problem)


_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?)?")


def moment(cell: str) -> datetime:
    """A moment as sheets write it (`2026/11/1 7:02`, `20261101`, a serial number), in the office's zone."""
    text = unicodedata.normalize("NFKC", cell).strip()
    zone = timezone.get_default_timezone()
    try:
        if re.fullmatch(r"\d{8}", text):
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        if re.fullmatch(r"\d{5}(\.\d+)?", text):
            return datetime(1899, 12, 30, tzinfo=zone) + timedelta(seconds=round(float(text) * 86400))
        if found := _DATE.match(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        pass  # such as month 13: refused like any other text
    raise Refusal(_("“%(text)s” isn't a date this product can read.") % {"text": cell[:40]})


def error_sheet(sheet: Sheet, errors: Iterable[RowError]) -> bytes:
    """The rows that were refused, as a workbook: what they said, and beside it what is wrong."""
    wrong: dict[int, list[str]] = {}
    for error in errors:
        where = f"{error.column}: " if error.column else ""
        wrong.setdefault(error.row, []).append(where + str(error.sentence))
    header: list[str | Promise] = [*(sheet.written.get(c, c) for c in sheet.header), _("Row"), _("What is wrong")]
    rows = (
        [*(row[column] for column in sheet.header), row.number, "\n".join(wrong[row.number])]
        for row in sheet.rows
        if row.number in wrong
    )
    return write_xlsx(header, rows, title=str(_("Rows to mend")))

"""Text tables: UTF-8, UTF-16 or GB18030, separated by comma, semicolon or tab. Pure.

A line that can't be decoded or whose quotation marks don't close is handed on with its problem and
its number, and reading goes on after it.
"""

import csv
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence

MAX_BROKEN = 20  # lines with broken quotes, after which quotes are taken for letters
csv.field_size_limit(1 << 20)


@dataclass(frozen=True)
class Line:
    """One record: the number of its first line in the file, its cells, and what is wrong with it."""

    number: int
    cells: list[str]
    problem: Sentence = ""


def decode(data: bytes) -> tuple[list[str], set[int]]:
    """Lines of the text, and the numbers (from 1) of those that aren't valid in its encoding."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").splitlines(), set()
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    raw = data.split(b"\n")
    readings = {encoding: _broken(raw, encoding) for encoding in ("utf-8", "gb18030")}
    encoding = min(readings, key=lambda name: len(readings[name]))
    return [line.decode(encoding, "replace") for line in raw], readings[encoding]


def _broken(raw: list[bytes], encoding: str) -> set[int]:
    found = set()
    for number, line in enumerate(raw, start=1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            found.add(number)
    return found


def separator(text: list[str]) -> str:
    """The separator that the first lines use most."""
    head = "\n".join(line for line in text[:10] if line.strip())
    return max(",;\t", key=head.count)


def lines(data: bytes) -> list[Line]:
    """All records of a text table."""
    text, undecodable = decode(data)
    by, start, broken = separator(text), 0, 0
    found: list[Line] = []
    while start < len(text):
        rest = (line + "\n" for line in text[start:])
        quotes = '"' if broken <= MAX_BROKEN else None
        reader = csv.reader(
            rest,
            delimiter=by,
            strict=True,
            quotechar=quotes,
            quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
        )
        offset, done = start, 0
        try:
            for cells in reader:
                first, last = offset + done + 1, offset + reader.line_num
                bad = any(number in undecodable for number in range(first, last + 1))
                found.append(Line(first, cells, _UNDECODABLE if bad else ""))
                done = reader.line_num
            break
        except csv.Error:
            broken += 1
            start = offset + done + 1
            found.append(Line(start, text[start - 1].split(by), _UNQUOTED))
    return found


_UNDECODABLE = _("This line has characters that can't be read (neither UTF-8 nor GB18030).")
_UNQUOTED = _("The quotation marks in this line don't close.")

"""Web pages saved as `.xls`, as older systems of the administration export them. Pure.

Read by own patterns that look at each character once: the standard library's reader looks for the end of
an unclosed tag anew from each of its attributes, so a small file could keep a server busy for hours.
"""

import html
import re
from dataclasses import dataclass, field

MAX_SPAN = 50
_OTHER = re.compile(r"<[!?][^<>]{0,400}>?")
# A tag with its attributes; what ends at the next `<` is none. Possessive: nothing is tried twice.
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:.-]*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>", re.ASCII)
_SPAN = re.compile(r"\bcolspan\s{0,3}=\s{0,3}[\"']?(\d{1,4})", re.IGNORECASE | re.ASCII)
_SPACE = re.compile(r"\s+")


@dataclass
class _Tables:
    """Collects every table as rows of cells; a cell over several columns fills the first."""

    tables: list[list[list[str]]] = field(default_factory=list)
    _cell: list[str] | None = None
    _span: int = 1

    def start(self, tag: str, attributes: str) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self._end_cell()
            if self.tables:
                self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
            span = _SPAN.search(attributes)
            self._span = min(max(int(span[1]), 1), MAX_SPAN) if span else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def end(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def words(self, data: str) -> None:
        if self._cell is not None and data:
            self._cell.append(_SPACE.sub(" ", html.unescape(data)))

    def _end_cell(self) -> None:
        if self._cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1] += ["".join(self._cell).strip(), *[""] * (self._span - 1)]
        self._cell = None


def rows(data: bytes) -> list[list[str]]:
    """Rows of the largest table in a page; empty if it has none."""
    page = _tags_only(_decode(data))
    found, at = _Tables(), 0
    for tag in _TAG.finditer(page):
        found.words(page[at : tag.start()])
        at = tag.end()
        if tag[1]:
            found.end(tag[2].lower())
        else:
            found.start(tag[2].lower(), tag[3])
    found.words(page[at:])
    found.end("table")
    return max(found.tables, key=len, default=[])


def _tags_only(page: str) -> str:
    """The page without comments and declarations: many unclosed ones would each be read to the end."""
    kept, at = [], 0
    while (start := page.find("<!--", at)) >= 0:
        kept.append(page[at:start])
        end = page.find("-->", start)
        if end < 0:
            return _OTHER.sub("", "".join(kept))
        at = end + 3
    return _OTHER.sub("", "".join([*kept, page[at:]]))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")

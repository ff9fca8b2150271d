"""Web pages saved as `.xls`, as older systems of the administration export them. Pure."""

import re
from html.parser import HTMLParser

MAX_SPAN = 50
_OTHER = re.compile(r"<[!?][^<>]{0,400}>?")


class _Tables(HTMLParser):
    """Collects every table as rows of cells; a cell over several columns fills the first."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self._end_cell()
            if self.tables:
                self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), MAX_SPAN) if span.isdigit() else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(re.sub(r"\s+", " ", data))

    def _end_cell(self) -> None:
        if self._cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1] += ["".join(self._cell).strip(), *[""] * (self._span - 1)]
        self._cell = None


def rows(data: bytes) -> list[list[str]]:
    """Rows of the largest table in a page; empty if it has none."""
    parser = _Tables()
    parser.feed(_tags_only(_decode(data)))
    parser.close()
    return max(parser.tables, key=len, default=[])


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

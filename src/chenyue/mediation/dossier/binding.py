"""Papers and scans are pressed, numbered through, and bound into one PDF."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.storage import default_storage

from chenyue.core import kept_files, papers
from chenyue.core.errors import Refusal
from chenyue.mediation.dossier import papermaking
from chenyue.mediation.dossier.contents import Item
from chenyue.mediation.dossier.gathering.matter import Row
from chenyue.mediation.models import Evidence

AT_ONCE = 16  # documents that the press makes together, between two notes of progress
MOST_PAGES = 300  # of one scanned PDF; the rest stays a file and paper
log = logging.getLogger(__name__)


@dataclass
class Made:
    """One part of a file: a document, or a scan that follows one. `first`: its first page, from 1."""

    item: Item
    scan: Evidence | None = None
    pdf: papers.Paper = field(default_factory=papers.Paper)
    word: papers.Paper = field(default_factory=papers.Paper)
    first: int = 0

    @property
    def title(self) -> str:
        """How rows, the index and the outline call it."""
        return f"证据{self.scan.number}　{self.scan.title}" if self.scan else self.item.title

    @property
    def labels(self) -> list[str]:
        """The numbers of its pages."""
        return [str(self.first + n) for n in range(self.pdf.pages)] if self.first else [""] * self.pdf.pages


def with_scans(item: Item) -> list[Made]:
    """A document and the scans that follow it."""
    return [Made(item), *(Made(item, scan) for scan in item.scans)]


def press(parts: Sequence[Made], at: datetime, done: Callable[[int], object] = lambda count: None) -> None:
    """Make them all; `done` hears how many are. Raises Refusal, TooSlow."""
    for first in range(0, len(parts), AT_ONCE):
        group = parts[first : first + AT_ONCE]
        orders = [order for one in group for order in _orders(one)]
        made = iter(papers.many(orders, at=at))
        for one in group:
            if one.scan is None:
                one.pdf, one.word = next(made), next(made)
            elif not one.pdf:
                one.pdf = next(made)
        done(first + len(group))


def _orders(one: Made) -> list[papers.Order]:
    """What the press has to do. Of a scanned PDF the pages are taken at once, and nothing is left to do."""
    if one.scan is None:
        return papermaking.orders(one.item.code, one.item.data)
    data: Row = {"title": one.title, "picture": None, "words": "文件无法读取，见所附纸质材料。"}
    try:
        with default_storage.open(one.scan.path, "rb") as file:
            content = file.read()
        if one.scan.content_type == kept_files.PDF:
            one.pdf = papers.harmless(content, most=MOST_PAGES)
            return []
        data["picture"] = papers.Picture(content, 160, one.title)
    except (Refusal, papers.TooSlow, OSError):
        log.warning("evidence %s can't be put into a dossier", one.scan.pk)
    return [papers.Order("pdf", papermaking.DATA / "scan.typ", data)]


def number_through(parts: Sequence[Made]) -> int:
    """Number the pages through from 1; the last number."""
    page = 1
    for one in parts:
        one.first = page
        page += one.pdf.pages
    return page - 1


def bound(parts: Sequence[Made], title: str, at: datetime) -> papers.Paper:
    """All parts as one PDF, their page numbers in the corner; those without a number stay bare."""
    marks = [
        {"no": label, "about": f"证据{one.scan.number}" if one.scan else ""}
        for one in parts
        for label in one.labels
        if label
    ]
    drawn = papers.pdf(papermaking.DATA / "marks.typ", {"pages": marks}, at=at)
    outline, page = [], 0
    for one in parts:
        outline.append((one.title, page))
        page += one.pdf.pages
    labels = [label for one in parts for label in one.labels]
    return papers.joined([one.pdf for one in parts], drawn, labels=labels, outline=outline, title=title)

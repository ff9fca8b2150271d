"""The files of a released brief: made together by one process, written before the row, taken away if that fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from chenyue.core import ids, kept_files, papers, word_templates
from chenyue.core.errors import NotFound
from chenyue.insight.brief import annex, paper, telling
from chenyue.insight.models import Brief

ROOT = "briefs"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"docx": papers.WORD, "pdf": papers.PDF, "xlsx": XLSX}


def contents(brief: Brief, at: datetime) -> dict[str, bytes]:
    """Word, PDF and annex as they would be released. Raises Refusal where the office's own template fails."""
    with translation.override("zh-hans"):
        data = paper.data_of(brief, at)
        template = word_templates.current(paper.code(brief.kind))
        orders = [papers.Order("word", template, data), papers.Order("pdf", paper.DATA / "brief.typ", data)]
        word, pdf = papers.many(orders, at=at)
        return {"docx": word, "pdf": pdf, "xlsx": annex.workbook(brief, at)}


@contextmanager
def made(brief: Brief, at: datetime) -> Iterator[dict[str, Any]]:
    """The files, kept; if what follows fails they are taken away again."""
    written: dict[str, Any] = {}
    folder = f"{ROOT}/{timezone.localtime(at):%Y/%m}"
    try:
        for kind, content in contents(brief, at).items():
            path = default_storage.save(f"{folder}/{ids.token()}.{kind}", ContentFile(content))
            written[kind] = {"path": path, "size": len(content), "name": f"{telling.title(brief)}.{kind}"}
        yield written
    except BaseException:
        kept_files.remove(*(one["path"] for one in written.values()))
        raise


def opened(brief: Brief, kind: str) -> kept_files.Opened:
    """A file for sending. Raises NotFound."""
    found = brief.files.get(kind) if kind in KINDS else None
    if not found:
        raise NotFound
    return kept_files.opened(found["path"], KINDS[kind], found["name"])


def known(paths: set[str]) -> set[str]:
    """Those of these paths that a brief holds, released or taken back."""
    held = set()
    for files in Brief.objects.exclude(files={}).values_list("files", flat=True):
        for several in (files, *files.get("former", [])):
            held |= {one["path"] for kind, one in several.items() if kind in KINDS}
    return paths & held

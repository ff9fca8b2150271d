"""Papers: PDF by typst, Word by docxtpl, each made by a process of its own that gives its memory back.

    papers.pdf(HERE / "data" / "poster.typ", {"doors": […]}, at=at)   → the file; `.pages`, `.missing`
    papers.word(HERE / "data" / "closing.docx", {"title": "…", "photos": [papers.Picture(…)]}) → the file

    papers.many([papers.Order("pdf", …), papers.Order("word", …)], at=at)   → the files, by one process
    papers.joined([one, other], marks, labels=…)   → one PDF of several, with a mark on each page

One dict serves both: texts, numbers, lists, dicts, `None`, dates (as they should read, already put into words), and
`Picture`. Texts are shown as text wherever they come from. A template of typst is ours and imports the look of the
house by `#import "/house.typ": *`; a Word template may be an office's own and is looked at by
`check` before it is taken. A single paper takes a tenth of a second and may be made while somebody waits;
hundreds belong into a job.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from chenyue.core import text
from chenyue.core.errors import Refusal, Sentence

FONTS = Path(__file__).parent / "fonts"
HOUSE = Path(__file__).parent / "data" / "papers" / "house.typ"
SOURCE = Path(__file__).parents[2]
SECONDS = 60  # of processor time that one paper may take
MEMORY = 1536 * 1024 * 1024  # bytes of addresses that the process may have; typst maps its fonts
MAX_TEMPLATE = 5 * 1024 * 1024  # bytes of an uploaded template
NOT_XML = {0xFFFE: None, 0xFFFF: None}  # no XML holds them, and nobody types them
PDF, WORD = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

TOO_LARGE = _("This document is larger than 5 MB. Make its pictures smaller.")
SENTENCES: dict[str, Sentence] = {
    "not_word": _("This isn't a Word document. Save it in Word as .docx and choose it again."),
    "macros": _("This document has macros in it. Save it in Word as .docx without macros."),
    "objects": _("This document has embedded objects in it (%(about)s). Take them out, or put them in as pictures."),
    "external": _("This document fetches something when it is opened (%(about)s). Put it into the file itself."),
    "field": _("This document has a field that isn't taken: “%(about)s”. Page numbers, dates and contents are."),
    "bomb": _("Unpacked, this document is too large. Make its pictures smaller."),
    "xml": _("This document is damaged (%(about)s). Open it in Word and save it anew."),
    "unreadable": _("This document can't be opened. Open it in Word and save it anew."),
    "syntax": _("A blank or a loop isn't written as it should be: “%(about)s”."),
    "unclosed": _("A loop or a choice isn't ended: its “endfor” or “endif” is missing."),
    "too_deep": _("Loops stand within loops too deeply at “%(about)s”."),
    "not_plain": _("Blanks, loops and choices are understood, but not this: “%(about)s”."),
    "unknown_blank": _("There is nothing to fill these blanks with: %(about)s"),
    "not_pdf": _("This PDF can't be read (%(about)s). Print it anew as PDF, or photograph its pages."),
    "not_a_list": _("“%(about)s” isn't a list that can be gone through."),
}


@dataclass(frozen=True)
class Picture:
    """A photograph or drawing (JPEG, PNG; for PDF also SVG) with its width in millimetres and what it shows."""

    content: bytes
    wide: float
    words: str = ""


class Paper(bytes):
    """A finished file; of a PDF also its pages and the characters that no font of ours can draw (shown as □)."""

    pages: int = 0
    missing: str = ""


@dataclass(frozen=True)
class Order:
    """One of several papers that are made together, its template and its data.

    Its kind: "pdf"; "word"; "look": Word, looked at first as `check` does.
    """

    kind: str
    template: Path | bytes
    data: Mapping[str, Any]


class TooSlow(Exception):
    """The paper took too much time or memory: a fault of the template, or too many pages at once."""


def pdf(template: Path, data: Mapping[str, Any], *, at: datetime, seconds: int = SECONDS) -> Paper:
    """A PDF from a template of ours; `at` is the moment that the file says it was made.

    The same template, data and moment give the same bytes. Raises TooSlow.
    """
    with tempfile.TemporaryDirectory(prefix="paper-") as name:
        return _press(Path(name), _pdf_job(Path(name), template, data, at), seconds)


def word(template: Path | bytes, data: Mapping[str, Any], *, seconds: int = SECONDS) -> Paper:
    """A Word document from a template with blanks. Raises Refusal naming the blank that the data lack, TooSlow."""
    return _word("word", template, data, seconds)


def check(template: bytes, sample: Mapping[str, Any], *, seconds: int = 20) -> Paper:
    """Look at a Word template of an office and fill it with a sample; gives the filled one.

    Raises Refusal with a sentence: no Word document, macros, baits, bombs, blanks that nothing fills.
    """
    if len(template) > MAX_TEMPLATE:
        raise Refusal(TOO_LARGE, code="too_large")
    try:
        return _word("look", template, sample, seconds)
    except TooSlow as slow:
        raise Refusal(SENTENCES["bomb"], code="bomb") from slow


def as_file(name: str) -> str:
    """The header that makes browsers keep a paper under this name, whatever its letters."""
    return f"attachment; filename=\"paper{Path(name).suffix}\"; filename*=UTF-8''{quote(name)}"


def many(orders: Sequence[Order], *, at: datetime, seconds: int = SECONDS) -> list[Paper]:
    """Several papers by one process, which starts only once: thirty in the time of five. Raises Refusal, TooSlow."""
    if not orders:
        return []
    with tempfile.TemporaryDirectory(prefix="papers-") as name:
        jobs = []
        for number, order in enumerate(orders):
            folder = Path(name) / str(number)
            folder.mkdir()
            if order.kind == "pdf":
                assert isinstance(order.template, Path)
                jobs.append(_pdf_job(folder, order.template, order.data, at))
            else:
                jobs.append(_word_job(folder, order.kind, order.template, order.data))
        reports = _run(Path(name), {"kind": "many", "jobs": jobs}, seconds)["reports"]
        return [_paper(Path(name) / str(number), report) for number, report in enumerate(reports)]


def joined(
    parts: Sequence[bytes], marks: bytes, *, labels: Sequence[str], outline: Sequence[tuple[str, int]], title: str
) -> Paper:
    """One PDF of several of ours; page by page of `marks` is laid over those that have a label.

    `labels`: what each page is called ("" has no mark); `outline`: names and the pages (from 0) they lead to. Files
    of others go through `harmless` first. Raises TooSlow.
    """
    with tempfile.TemporaryDirectory(prefix="papers-") as name:
        for number, part in enumerate(parts):
            (Path(name) / f"part-{number}.pdf").write_bytes(part)
        (Path(name) / "marks.pdf").write_bytes(marks)
        job = {"kind": "join", "parts": len(parts), "labels": list(labels), "outline": list(outline), "title": title}
        return _press(Path(name), job, SECONDS)


def harmless(content: bytes, *, most: int, seconds: int = 20) -> Paper:
    """The pages of somebody's PDF and nothing else: no scripts, actions, forms, links or embedded files.

    At most so many pages. Raises Refusal for one that can't be read (damaged, locked, too large), TooSlow.
    """
    with tempfile.TemporaryDirectory(prefix="paper-") as name:
        (Path(name) / "in.pdf").write_bytes(content)
        return _press(Path(name), {"kind": "harmless", "most": most}, seconds)


def _pdf_job(folder: Path, template: Path, data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What the press has to know for a PDF; the folder gets what it reads."""
    (folder / "main.typ").write_bytes(template.read_bytes())
    (folder / "house.typ").write_bytes(HOUSE.read_bytes())
    plain = _plain(data, folder, [])
    (folder / "data.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    return {"kind": "pdf", "fonts": str(FONTS), "at": int(at.timestamp())}


def _word_job(folder: Path, kind: str, template: Path | bytes, data: Mapping[str, Any]) -> dict[str, Any]:
    (folder / "main.docx").write_bytes(template if isinstance(template, bytes) else template.read_bytes())
    return {"kind": kind, "data": _plain(data, folder, [])}


def _word(kind: str, template: Path | bytes, data: Mapping[str, Any], seconds: int) -> Paper:
    with tempfile.TemporaryDirectory(prefix="paper-") as name:
        return _press(Path(name), _word_job(Path(name), kind, template, data), seconds)


def _press(folder: Path, job: dict[str, Any], seconds: int) -> Paper:
    """Have it made by the press; the folder holds what it needs."""
    return _paper(folder, _run(folder, job, seconds))


def _paper(folder: Path, report: dict[str, Any]) -> Paper:
    if code := report.get("refused"):
        raise Refusal(SENTENCES[code] % {"about": text.clean(report["about"])}, code=code)
    paper = Paper((folder / "out").read_bytes())
    paper.pages, paper.missing = report.get("pages", 0), report.get("missing", "")
    return paper


def _run(folder: Path, job: dict[str, Any], seconds: int) -> dict[str, Any]:
    """What the press reports of a job."""
    job |= {"seconds": seconds, "memory": MEMORY}
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    # One arena and one thread: a small machine's memory is worth more than a tenth of a second.
    env = {"PYTHONPATH": str(SOURCE), "PATH": os.environ.get("PATH", ""), "MALLOC_ARENA_MAX": "1"}
    env |= {"RAYON_NUM_THREADS": "1", "LANG": "C.UTF-8", "HOME": str(folder)}
    command = [sys.executable, "-m", "chenyue.core.press"]
    try:
        done = subprocess.run(  # noqa: S603 — our own module, nothing of anybody's in the command
            command, cwd=folder, env=env, capture_output=True, timeout=4 * seconds, check=False
        )
    except subprocess.TimeoutExpired as slow:
        raise TooSlow(f"no paper after {4 * seconds} s") from slow
    told = done.stderr.decode(errors="replace")[-2000:]
    if done.returncode < 0 or "MemoryError" in told or "memory allocation" in told:
        raise TooSlow(f"the press ended by signal {-done.returncode}: {told[-300:]}")
    if done.returncode:
        raise RuntimeError(f"the press failed: {told}")
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def _plain(value: Any, folder: Path, pictures: list[str]) -> Any:
    """What JSON can hold: texts without control characters, pictures as files of the folder."""
    if isinstance(value, Picture):
        ending = {b"\xff\xd8": "jpg", b"\x89P": "png"}.get(value.content[:2], "svg")
        pictures.append(f"picture-{len(pictures)}.{ending}")
        (folder / pictures[-1]).write_bytes(value.content)
        return {"picture": pictures[-1], "wide": value.wide, "words": text.clean(value.words)}
    if isinstance(value, Mapping):
        return {str(name): _plain(part, folder, pictures) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, folder, pictures) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return text.clean(str(value)).translate(NOT_XML)

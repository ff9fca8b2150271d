"""The Word templates of the dossier, written from the same descriptions as the PDF.

    python -m chenyue.mediation.dossier.wording   writes data/dossier/<code>.docx anew

Each template has the blanks of its description as docxtpl reads them (`{{ number }}`, `{%p for row in parties %}`),
in letters that every office's machine has. The same description gives the same bytes.
"""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from chenyue.mediation.dossier import layout

PARTS = 24  # columns of a form; as in form.typ
SPANS = ((4, 20), (4, 8), (3, 5), (3, 3))
WIDE = Mm(160)
PROSE, HEADS = "宋体", "黑体"
SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
TITLES = {"small": (14, 12, 8), "big": (22, 12, 20), "huge": (36, 90, 60)}  # letters, room before and after: points
FIXED = (1980, 1, 1, 0, 0, 0)  # what a zip says of a day it doesn't know


def template(form: layout.Form) -> bytes:
    """The Word template of a form."""
    document = Document()
    _page(document, form)
    _Writer(document).blocks(form.blocks)
    document.core_properties.title = form.title
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001
    out = io.BytesIO()
    document.save(out)
    return _same(out.getvalue())


def _same(content: bytes) -> bytes:
    """The same parts without the moment of writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, FIXED)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()


def blanks(words: str) -> str:
    """Words of a description with their blanks as docxtpl writes them."""
    return layout.BLANK.sub(r"{{ \1 }}", words)


def _letters(run: Any, name: str = PROSE, size: float = 12, bold: bool = False) -> None:
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _page(document: Any, form: layout.Form) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(27), Mm(23)
    section.top_margin, section.bottom_margin = Mm(27), Mm(22)
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(12), "Times New Roman"
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), PROSE)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(4), 1.4
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _letters(paragraph.add_run(f"{form.title}　第 "), size=9)
    _number(paragraph)
    _letters(paragraph.add_run(" 页"), size=9)


def _number(paragraph: Any) -> None:
    """The field that Word fills with the page's number."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._element.append(field)


class _Writer:
    """Writes blocks at the end of a document."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def blocks(self, blocks: tuple[layout.Block, ...]) -> None:
        for block in blocks:
            getattr(self, type(block).__name__.lower())(block)

    def line(self, block: layout.Line) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = SIDES[block.side]
        if block.indent:
            paragraph.paragraph_format.first_line_indent = Pt(24)
        _letters(paragraph.add_run(blanks(block.words)), HEADS if block.strong else PROSE, bold=block.strong)

    def title(self, block: layout.Title) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        size, before, after = TITLES[block.size]
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
        if block.size != "small":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _letters(paragraph.add_run(blanks(block.words)), HEADS, size, bold=True)

    def said(self, block: layout.Said) -> None:
        label = self.document.add_paragraph()
        label.paragraph_format.space_before = Pt(8)
        label.paragraph_format.keep_with_next = True
        _letters(label.add_run(blanks(block.label)), HEADS, bold=True)
        words = self.document.add_paragraph()  # a line break begins no paragraph in Word: all lines stand in
        words.paragraph_format.left_indent = Pt(24)
        _letters(words.add_run(blanks(block.words)))

    def facts(self, block: layout.Facts) -> None:
        table = self._table(len(block.rows), PARTS, [1] * PARTS)
        for row, pairs in zip(table.rows, block.rows, strict=True):
            name, words = SPANS[min(len(pairs), 4) - 1]
            cells, at = list(row.cells), 0
            for label, said in pairs:
                self._cell(cells[at].merge(cells[at + name - 1]), label, bold=True)
                self._cell(cells[at + name].merge(cells[at + name + words - 1]), said)
                at += name + words
        self._after()

    def table(self, block: layout.Table) -> None:
        self._tag(f"if {block.rows}")
        table = self._table(4, len(block.columns), [column.wide for column in block.columns])
        for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
            self._cell(cell, column.head, bold=True, size=10.5)
        table.rows[1].cells[0].paragraphs[0].add_run(f"{{%tr for row in {block.rows} %}}")
        for cell, column in zip(table.rows[2].cells, block.columns, strict=True):
            self._cell(cell, column.words, size=10.5)
        table.rows[3].cells[0].paragraphs[0].add_run("{%tr endfor %}")
        header = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(header)
        self._tag("else")
        self.line(layout.Line(block.empty))
        self._tag("endif")

    def each(self, block: layout.Each) -> None:
        self._tag(f"for row in {block.rows}")
        self.blocks(block.blocks)
        self._tag("endfor")

    def when(self, block: layout.When) -> None:
        self._tag(f"if {block.test}")
        self.blocks(block.blocks)
        if block.otherwise:
            self._tag("else")
            self.blocks(block.otherwise)
        self._tag("endif")

    def sign(self, block: layout.Sign) -> None:
        self._tag(f"for row in {block.rows}")
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.paragraph_format.tab_stops.add_tab_stop(WIDE, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.HEAVY)
        _letters(paragraph.add_run(f"{blanks(block.who)}：{blanks(block.words)}\t"))
        self._tag("endfor")

    def stamp(self, block: layout.Stamp) -> None:
        for words, before in ((block.words, 30), ("（盖章）", 0), (block.day, 18)):
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.left_indent = Mm(80)
            paragraph.paragraph_format.space_before = Pt(before)
            paragraph.paragraph_format.keep_with_next = words != block.day
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _letters(paragraph.add_run(blanks(words)))

    def _tag(self, words: str) -> None:
        """A paragraph that docxtpl takes away, with a loop or a choice in it."""
        self.document.add_paragraph().add_run(f"{{%p {words} %}}")

    def _table(self, rows: int, columns: int, wides: list[int]) -> Any:
        table = self.document.add_table(rows, columns, "Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        share = WIDE / sum(wides)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for column, wide in zip(table.columns, wides, strict=True):
            column.width = int(wide * share)
            for cell in column.cells:
                cell.width = int(wide * share)
        return table

    def _cell(self, cell: Any, words: str, *, bold: bool = False, size: float = 11) -> None:
        paragraph = cell.paragraphs[0]
        for extra in cell.paragraphs[1:]:
            extra._element.getparent().remove(extra._element)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
        paragraph.paragraph_format.line_spacing = 1.2
        _letters(paragraph.add_run(blanks(words)), HEADS if bold else PROSE, size, bold=bold)

    def _after(self) -> None:
        """Word joins tables that touch: a low paragraph keeps them apart."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 0.6


def write(folder: Path) -> list[str]:
    """Write all templates; the names of those that changed."""
    from chenyue.mediation.dossier import forms

    changed = []
    for form in forms.ALL.values():
        path, content = folder / f"{form.code}.docx", template(form)
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            changed.append(path.name)
    return changed


if __name__ == "__main__":
    print("\n".join(write(Path(__file__).parents[1] / "data" / "dossier")) or "nothing changed")  # noqa: T201

"""Papers: PDF by typst, Word by docxtpl, from one dict; words are shown and never run."""

import io
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from PIL import Image

from chenyue.core import papers, qr, vendored
from chenyue.core.errors import Refusal
from chenyue.core.press import glyphs
from house import tree

AT = datetime(2026, 11, 22, tzinfo=UTC)
TEMPLATE = """#import "/house.typ": *
#show: house
#let d = json("/data.json")
#set page(footer: foot(d.title))
= #d.title
#said(d.words)
#code(d.qr, says: "门牌码")
#facts(d.rows)
#for one in d.pictures { picture(one) }
#pagebreak()
second
"""
DATA = {
    "title": "金桂苑3幢",
    "words": "一\n二",
    "qr": qr.drawing("https://x.example/q/ABCDEF/"),
    "rows": [["甲", "乙"]],
}


def picture() -> papers.Picture:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return papers.Picture(out.getvalue(), 30, "红墙")


@pytest.fixture
def template(tmp_path) -> Path:
    (tmp_path / "t.typ").write_text(TEMPLATE)
    return tmp_path / "t.typ"


def word(*paragraphs: str) -> bytes:
    """A Word template with these paragraphs."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def lines(content: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(content)).paragraphs]


def test_a_pdf_has_its_pages_and_is_the_same_each_time(template):
    made = papers.pdf(template, DATA | {"pictures": [picture()]}, at=AT)
    assert made.startswith(b"%PDF-") and made.pages == 2 and made.missing == ""
    assert b"NotoSansCJKsc" in made
    assert papers.pdf(template, DATA | {"pictures": [picture()]}, at=AT) == made


def test_characters_that_no_font_has_are_told_and_shown_as_holes(template):
    made = papers.pdf(template, DATA | {"pictures": [], "words": "𠮷先生 😀 喆"}, at=AT)
    assert made.missing == "😀𠮷"
    assert glyphs.with_holes({"a": ["𠮷x", None]}, frozenset("𠮷")) == {"a": ["□x", None]}


def test_the_fonts_know_the_characters_they_are_said_to_know():
    known = {path.stem: glyphs.covered(path.read_bytes()) for path in papers.FONTS.glob("*.otf")}
    assert all(ord(c) in known["NotoSansCJKsc-Regular"] for c in "晨约喆囍，。“”（）①㎡0Aé")
    assert all(ord(c) in known["NotoSansCJKsc-Bold"] for c in "金桂苑楼长请您告诉我们")
    assert ord("喆") not in known["NotoSansCJKsc-Bold"]  # set in Regular


def test_words_are_shown_and_never_read_as_markup(template):
    attack = '#read("/etc/passwd") *x* $1/0$ #eval("1/0") <a> @b \\ ` // /*'
    made = papers.pdf(template, DATA | {"pictures": [], "words": attack, "title": attack}, at=AT)
    assert made.pages == 2


def test_templates_of_ours_evaluate_nothing():
    found = [tree.shown(p) for p in tree.with_suffix(".typ", under=tree.SRC) if "eval" in p.read_text("utf-8")]
    assert found == []


def test_a_template_reads_nothing_beyond_its_folder(tmp_path):
    (tmp_path / "t.typ").write_text('#read("/../../../../../../etc/hostname")')
    with pytest.raises(RuntimeError, match="press failed"):
        papers.pdf(tmp_path / "t.typ", {}, at=AT)


def test_a_paper_that_never_ends_is_ended(tmp_path):
    (tmp_path / "t.typ").write_text("#for i in range(100000) { for j in range(100000) { let x = i * j } }")
    with pytest.raises(papers.TooSlow):
        papers.pdf(tmp_path / "t.typ", {}, at=AT, seconds=1)


def test_word_fills_blanks_loops_choices_and_pictures():
    made = papers.word(
        word("{{ title }}", "{%p for o in rows %}", "{{ loop.index }} {{ o.words }}", "{%p endfor %}", "{{ photo }}"),
        {"title": "<w:p/> & “x” {{ y }}", "rows": [{"words": "一"}, {"words": None}], "photo": picture()},
    )
    assert lines(made) == ["<w:p/> & “x” {{ y }}", "1 一", "2 ", ""]
    assert len(docx.Document(io.BytesIO(made)).inline_shapes) == 1


def test_word_names_the_blank_that_the_data_lack():
    with pytest.raises(Refusal, match="titel") as caught:
        papers.word(word("{{ titel }}"), {"title": "x"})
    assert caught.value.code == "unknown_blank"


def test_the_fonts_are_among_the_vendored_files():
    assert {entry["file"] for entry in vendored.entries(vendored.FONTS)} == {
        "NotoSansCJKsc-Regular.otf",
        "NotoSansCJKsc-Bold.otf",
        "OFL.txt",
    }


def test_a_word_document_is_the_same_each_time():
    template = word("{{ title }}")
    first, second = (papers.word(template, {"title": "甲"}) for _time in range(2))
    assert first == second

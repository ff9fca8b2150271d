"""Several papers by one process, pages joined and marked, and what is left of a stranger's PDF."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

import pdf_text
from chenyue.core import papers
from chenyue.core.errors import Refusal

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "t.typ"
    path.write_text(
        '#import "/house.typ": *\n#show: house\n#let d = json("/data.json")\n#set page(paper: "a4")\n'
        "#for one in d.words [#one #pagebreak(weak: true)]"
    )
    return path


def saved(made: Pdf, **more) -> bytes:
    out = io.BytesIO()
    made.save(out, **more)
    return out.getvalue()


def stranger(pages: int = 1, **more) -> bytes:
    """A PDF that does what it can: scripts, actions, links, a form, embedded files, drawings with actions."""
    with Pdf.new() as made:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert('SCRIPTED')"))
        inner = Stream(made, b"BT /F1 10 Tf 20 20 Td (INNER) Tj ET")
        inner.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 200, 200])})
        inner["/Resources"] = Dictionary(Font=Dictionary(F1=font))
        inner["/AA"], inner["/Metadata"] = Dictionary(O=script), Stream(made, b"METADATA")
        for number in range(pages):
            page = made.add_blank_page(page_size=(400, 200) if number % 2 else (200, 400))
            page.obj.Contents = Stream(made, b"BT /F1 12 Tf 20 100 Td (DRAWN) Tj ET /X Do")
            page.obj.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(X=inner))
            link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 90, 90]))
            link["/A"] = Dictionary(S=Name.URI, URI=String("https://example.com/LINKED"))
            page.obj.Annots = Array([made.make_indirect(link)])
            page.obj.AA = Dictionary(O=script)
        made.Root.OpenAction = script
        made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("XFAFORM"))
        made.attachments["EMBEDDED.exe"] = b"MZ"
        return saved(made, **more)


def test_several_papers_are_made_by_one_process(template):
    made = papers.many([papers.Order("pdf", template, {"words": [f"第{n}件"]}) for n in range(3)], at=AT)
    assert [pdf_text.words(one) for one in made] == ["第0件", "第1件", "第2件"]
    assert made[0] == papers.pdf(template, {"words": ["第0件"]}, at=AT)
    assert papers.many([], at=AT) == []


def test_one_that_is_refused_refuses_all():
    with pytest.raises(Refusal):
        papers.many([papers.Order("word", b"no document", {})], at=AT)


def test_pages_are_joined_in_order_and_marked(template):
    parts = papers.many(
        [papers.Order("pdf", template, {"words": words}) for words in (["封面"], ["甲", "乙"], ["一", "二"])], at=AT
    )
    whole = papers.joined(parts[:2], parts[2], labels=["", "1", "2"], outline=[("甲", 1)], title="卷宗")
    assert whole.pages == 3 and pdf_text.pages(whole) == ["封面", "甲一", "乙二"]
    again = papers.joined(parts[:2], parts[2], labels=["", "1", "2"], outline=[("甲", 1)], title="卷宗")
    assert again == whole
    with Pdf.open(io.BytesIO(whole)) as found, found.open_outline() as outline:
        assert [one.title for one in outline.root] == ["甲"]
        assert [page.label for page in found.pages] == ["—", "1", "2"]


def test_of_a_strangers_pdf_only_its_drawing_is_left():
    clean = papers.harmless(stranger(pages=3), most=2)
    assert clean.pages == 2
    with Pdf.open(io.BytesIO(clean)) as found:
        sizes = [tuple(round(float(side)) for side in page.mediabox) for page in found.pages]
        assert sizes == [(0, 0, 595, 842), (0, 0, 842, 595)]
        assert set(found.Root.keys()) <= {"/Type", "/Pages"} and not found.attachments
        apart = {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "compress_streams": False}
        drawn = saved(found, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, **apart)
    behind = ("SCRIPTED", "JavaScript", "LINKED", "XFAFORM", "EMBEDDED", "METADATA", "/Annots", "/AA")
    assert [name for name in behind if name.encode() in drawn] == []
    assert b"DRAWN" in drawn and b"INNER" in drawn


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 nothing",
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[2 0 R]/Count 1>>",
        stranger()[:600],
        stranger(encryption=pikepdf.Encryption(user="secret", owner="secret")),
    ],
)
def test_what_cannot_be_read_is_refused(content):
    with pytest.raises(Refusal) as caught:
        papers.harmless(content, most=5)
    assert caught.value.code == "not_pdf"


def test_a_page_that_draws_itself_ends():
    with Pdf.new() as made:
        page = made.add_blank_page(page_size=(200, 200))
        loop = Stream(made, b"/X Do")
        loop.update({"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 9, 9])})
        loop = made.make_indirect(loop)
        loop["/Resources"] = Dictionary(XObject=Dictionary(X=loop))
        page.obj.Contents, page.obj.Resources = Stream(made, b"/X Do"), Dictionary(XObject=Dictionary(X=loop))
        assert papers.harmless(saved(made), most=5).pages == 1

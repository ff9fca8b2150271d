"""Word templates that somebody uploads: programs, baits and bombs are refused with a sentence, and nothing runs."""

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from chenyue.core import papers
from chenyue.core.errors import Refusal
from chenyue.core.press import archive, blanks
from chenyue.core.press.refused import Refused
from core.test_papers import picture, word

SAMPLE = {"title": "x", "rows": [{"words": "y"}], "photo": picture()}


def refused(content: bytes) -> str:
    """The code with which a file is refused, by the press of its own."""
    with pytest.raises(Refusal) as caught:
        papers.check(content, SAMPLE)
    return caught.value.code


def looked(content: bytes) -> str:
    """The same, of the look at the file alone and within this process: quicker."""
    with pytest.raises(Refused) as caught:
        archive.check(content)
    return caught.value.code


def changed(content: bytes, **parts: bytes | None) -> bytes:
    """The same file with parts added or replaced; dots and slashes of names are written `__` and `___`."""
    names = {name.replace("___", "/").replace("__", "."): part for name, part in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, part in names.items():
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def with_field(instruction: str) -> bytes:
    """A document with a field whose instruction is cut into two runs."""
    document = docx.Document()
    paragraph = document.add_paragraph()
    for kind, words in (("begin", ""), ("", instruction[:3]), ("", instruction[3:]), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = words or None
        paragraph.add_run()._r.append(element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_what_is_right_is_taken_and_filled():
    made = papers.check(word("{{ title }}{% if rows %}{% for o in rows %}{{ o.words }}{% endfor %}{% endif %}"), SAMPLE)
    assert docx.Document(io.BytesIO(made)).paragraphs[0].text == "xy"


@pytest.mark.parametrize(
    "words",
    [
        "{{ title.upper() }}",
        "{{ title|upper }}",
        "{{ ''.__class__ }}",
        "{{ title.__class__.__mro__ }}",
        "{% set a = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as x %}",
        "{% macro m() %}{% endmacro %}",
        "{% autoescape false %}{{ title }}{% endautoescape %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 2 ** 99 }}",
        "{{ rows[0] }}",
        "{% for o in rows recursive %}{% endfor %}",
        "{% for a, b in rows %}{% endfor %}",
        "{{ lipsum }}{{ cycler() }}",
        "{% block b %}{% endblock %}",
        "{% call m() %}{% endcall %}",
        "{% filter upper %}{% endfilter %}",
        "{% extends 'x' %}",
        "{{ title if rows else rows }}",
        "{{ title ~ title }}",
        "{{ rows is defined }}",
    ],
)
def test_only_blanks_loops_and_choices_are_understood(words):
    with pytest.raises(Refused) as caught:
        blanks.Plain().from_string(words)
    assert caught.value.code == "not_plain"


@pytest.mark.parametrize("words", ["{{ title.upper() }}", "{{r title }}", "{% cellbg title %}"])
def test_what_is_not_plain_is_refused_by_the_press_too(words):
    assert refused(word(words)) == "not_plain"


def test_a_sign_cut_into_runs_is_seen():
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{", "r", " title }}"):
        paragraph.add_run(piece)
    out = io.BytesIO()
    document.save(out)
    assert refused(out.getvalue()) == "not_plain"


def test_each_unknown_blank_is_named():
    with pytest.raises(Refusal) as caught:
        papers.check(word("{{ titel }}{% for o in rows %}{{ o.wrods }}{% endfor %}{{ rows.x }}{{ range }}"), SAMPLE)
    assert caught.value.code == "unknown_blank"
    assert str(caught.value).endswith("titel, o.wrods, rows.x, range")


def test_loops_that_are_wrong_are_named():
    assert refused(word("{% for o in rows %}")) == "unclosed"
    assert refused(word("{% for o in %}")) == "syntax"
    assert refused(word("{% for o in title %}{% endfor %}")) == "not_a_list"
    nested = "".join(f"{{% for a{n} in rows %}}" for n in range(6)) + "{% endfor %}" * 6
    assert refused(word(nested)) == "too_deep"


def test_no_program_no_bait_no_stranger_in_the_file():
    plain = word("{{ title }}")
    kinds = part(plain, "[Content_Types].xml")
    assert looked(changed(plain, word___vbaProject__bin=b"x")) == "macros"
    assert looked(changed(plain, **{"[Content_Types].xml": kinds.replace(b"document.main", b"macroEnabled.main")}))
    assert looked(changed(plain, word___embeddings___o1__xlsx=b"x")) == "objects"
    assert looked(changed(plain, word___activeX___a__xml=b"<a/>")) == "objects"
    relations = part(plain, "word/_rels/document.xml.rels")
    bait = b'<Relationship Id="r99" Type="http://x/attachedTemplate" Target="https://x.cn/" TargetMode="External"/>'
    spoiled = relations.replace(b"</Relationships>", bait + b"</Relationships>")
    assert looked(changed(plain, **{"word/_rels/document.xml.rels": spoiled})) == "external"
    body = part(plain, "word/document.xml")
    entity = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    head, _sign, rest = body.partition(b"?>")
    assert looked(changed(plain, **{"word/document.xml": head + b"?>" + entity + rest})) == "xml"


@pytest.mark.parametrize(
    "field", ["DDEAUTO c:\\x", "INCLUDETEXT c:/x", 'INCLUDEPICTURE "http://x"', "PAGE {{ title }}"]
)
def test_fields_that_run_or_include_are_refused(field):
    assert looked(with_field(field)) == "field"


@pytest.mark.parametrize("name", ["word/document.data", "word/document.png", "word/document.XML"])
def test_a_part_under_another_name_is_looked_at_or_refused(name):
    """Word reads what the list of kinds calls a document, whatever its name ends in."""
    content = with_field("DDEAUTO c:\\x")
    kinds, links = part(content, "[Content_Types].xml"), part(content, "_rels/.rels")
    moved = {
        name: part(content, "word/document.xml"),
        "word/_rels/" + name.partition("/")[2] + ".rels": part(content, "word/_rels/document.xml.rels"),
        "word/document.xml": None,
        "word/_rels/document.xml.rels": None,
        "[Content_Types].xml": kinds.replace(b"word/document.xml", name.encode()),
        "_rels/.rels": links.replace(b"word/document.xml", name.encode()),
    }
    assert looked(changed(content, **moved)) in ("field", "objects")


def test_fields_of_pages_are_taken():
    archive.check(with_field(" NUMPAGES "))


def test_the_other_namespace_hides_nothing():
    other = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    ours = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    content = with_field("DDEAUTO x")
    body = part(content, "word/document.xml").replace(ours, other)
    assert looked(changed(content, **{"word/document.xml": body})) == "field"


def test_objects_are_seen_by_their_relation_whatever_they_are_called():
    plain = word("{{ title }}")
    relations = part(plain, "word/_rels/document.xml.rels")
    for kind in (b"oleObject", b"aFChunk", b"control", b"attachedTemplate"):
        one = b'<Relationship Id="r99" Type="http://x/' + kind + b'" Target="media/a.png"/></Relationships>'
        spoiled = relations.replace(b"</Relationships>", one)
        assert looked(changed(plain, **{"word/_rels/document.xml.rels": spoiled})) == "objects"


def test_bombs_are_refused_whatever_they_say_of_themselves():
    assert looked(changed(word("x"), word___media___a__png=b"\0" * (61 * 1024 * 1024))) == "bomb"
    assert looked(changed(word("x"), word___big__xml=b"<a>" + b" " * (13 * 1024 * 1024) + b"</a>")) == "bomb"
    assert refused(b"x" * (papers.MAX_TEMPLATE + 1)) == "too_large"


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04broken", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old word"])
def test_what_is_no_word_document_is_refused(content):
    assert looked(content) == "not_word"

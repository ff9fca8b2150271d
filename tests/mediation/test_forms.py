"""Every document of the dossier: one description, the same words in Word and PDF; nothing typed runs or is lost."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import docx
import pytest

import pdf_text
from chenyue.core import papers, word_templates
from chenyue.mediation.dossier import forms, papermaking, wording
from chenyue.mediation.dossier.forms import shared
from chenyue.mediation.dossier.layout import drawn, filled

AT = datetime(2026, 11, 22, tzinfo=UTC)
CODES = sorted(forms.ALL)


def leaves(data: Any) -> Iterator[str]:
    """All words in plain data."""
    if isinstance(data, dict):
        for part in data.values():
            yield from leaves(part)
    elif isinstance(data, list):
        for part in data:
            yield from leaves(part)
    elif isinstance(data, str):
        yield from (part for part in data.split("\n") if part)


def plain(words: str) -> str:
    return "".join(words.split())


def said(content: bytes) -> str:
    """All words of a Word document, tables too."""
    body = docx.Document(io.BytesIO(content)).element.body
    return plain("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def fields(form: Any) -> Iterator[str]:
    """All words that a document has to say: each of its fields; the committee's where it names them."""
    written = repr(form.blocks)
    for name, value in form.sample.items():
        if name in shared.COMMITTEE and f"{{{name}}}" not in written:
            continue
        for row in value if isinstance(value, list) else [value]:
            # A person's number stands in the proof of identity alone.
            apart = ("id_number", "head") if isinstance(row, dict) and row.get("unit") is False else ()
            yield from leaves({n: words for n, words in row.items() if n not in apart} if apart else row)


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[bytes, bytes]]:
    """Each document as PDF and as Word, from its sample."""
    orders = [one for form in forms.ALL.values() for one in papermaking.orders(form.code, form.sample, shipped=True)]
    found = iter(papers.many(orders, at=AT))
    return {code: (next(found), next(found)) for code in forms.ALL}


@pytest.mark.parametrize("code", CODES)
def test_every_field_stands_in_both(made, code):
    form = forms.ALL[code]
    pdf, word = pdf_text.words(made[code][0]), said(made[code][1])
    assert made[code][0].missing == ""
    wanted = {plain(words) for words in fields(form)}
    assert {words for words in wanted if words not in pdf} == set()
    assert {words for words in wanted if words not in word} == set()
    assert "{{" not in word and "{%" not in word


@pytest.mark.parametrize("code", CODES)
def test_an_empty_document_is_still_a_document(code):
    empty = emptied(forms.ALL[code].sample)
    assert [block["is"] for block in drawn(forms.ALL[code].blocks, empty)]


def emptied(data: Any) -> Any:
    """Nothing known: empty words, no rows, nothing true."""
    if isinstance(data, dict):
        return {name: emptied(part) for name, part in data.items()}
    return [] if isinstance(data, list) else False if isinstance(data, bool) else ""


def test_all_empty_ones_are_made():
    orders = [
        one for form in forms.ALL.values() for one in papermaking.orders(form.code, emptied(form.sample), shipped=True)
    ]
    assert all(papers.many(orders, at=AT))


def test_templates_in_the_tree_are_those_of_the_descriptions():
    stale = [
        form.code
        for form in forms.ALL.values()
        if (papermaking.DATA / f"{form.code}.docx").read_bytes() != wording.template(form)
    ]
    assert stale == []  # python -m chenyue.mediation.dossier.wording


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["application", "agreement", "index"])
def test_an_office_may_put_its_own_in_place(code):
    kind = word_templates.kind(f"mediation.{code}")
    papers.check(kind.path.read_bytes(), kind.sample())
    assert {blank.name for blank in word_templates.blanks(kind.code)} >= {"file_number"}
    own = docx.Document()
    own.add_paragraph("本所格式 {{ title }}")
    out = io.BytesIO()
    own.save(out)
    word_templates.replace(code=kind.code, content=out.getvalue(), name="own.docx", at=AT)
    [_pdf, word] = papers.many(papermaking.orders(code, forms.ALL[code].sample), at=AT)
    assert said(word) == plain(f"本所格式 {forms.ALL[code].sample['title']}")


def test_words_of_people_stay_words():
    attack = '{{ number }} {row.name} #eval("1") <w:p/> & ]]> {%p endfor %} 𠮷\n第二行'
    sample = dict(forms.ALL["application"].sample) | {"facts": attack}
    pdf, word = papers.many(papermaking.orders("application", sample, shipped=True), at=AT)
    shown = plain(attack.split("\n")[0]).replace("𠮷", "□")
    assert shown in pdf_text.words(pdf) and "第二行" in pdf_text.words(pdf) and pdf.missing == "𠮷"
    assert plain(attack.split("\n")[0]) in said(word)


def test_a_blank_that_nothing_fills_is_an_error():
    with pytest.raises(KeyError):
        filled("{nothing}", {})

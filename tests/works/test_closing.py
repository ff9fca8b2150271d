"""The closing report: PDF and Word from one dict, also with nothing in it."""

import io
from datetime import UTC, datetime

import docx
import pytest

from chenyue.core import papers
from chenyue.works import closing

AT = datetime(2026, 11, 22, tzinfo=UTC)
EMPTY = closing.SAMPLE | {
    "versions": [],
    "stances": [],
    "notices": [],
    "phases": [],
    "pictures": [],
    "decision": {"rule": "", "source": "", "result": "", "tests": []},
    "objections": {"count": "0", "answered": "0", "accepted": "0", "reasons": [], "changes": []},
    "defects": {"count": "0", "good": "0", "open": "0", "rows": []},
}


def text(content: bytes) -> str:
    """All words of a Word document, tables too."""
    body = docx.Document(io.BytesIO(content)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def test_the_pdf_is_set_with_and_without_anything_in_it():
    full = closing.pdf(closing.sample(), AT)
    assert full.pages == 2 and full.missing == ""
    assert closing.pdf(EMPTY, AT).pages == 1


@pytest.mark.django_db
def test_word_says_the_same():
    made = text(closing.word(closing.sample()))
    assert "金桂苑老旧小区改造" in made and "已达到法定比例" in made and "3,600.00 ㎡" in made
    assert "{{" not in made and "{%" not in made
    assert len(docx.Document(io.BytesIO(closing.word(closing.sample()))).inline_shapes) == 2


def test_without_a_rule_nothing_is_said_to_have_passed():
    made = text(papers.word(closing.DATA / "closing.docx", EMPTY))
    assert "不作表决结论" in made and "已达到法定比例" not in made


def test_words_of_people_stay_words():
    attack = '<w:p/> {{ title }} #eval("1") & “x”\n第二行'
    found = closing.SAMPLE | {"what": attack, "pictures": []}
    assert '<w:p/> {{ title }} #eval("1") & “x”' in text(papers.word(closing.DATA / "closing.docx", found))
    assert closing.pdf(found, AT).pages >= 1

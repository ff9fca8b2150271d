"""Word templates of the office's own: taken after a look, used from then on, given back."""

import io

import docx
import pytest

from cast import NOW
from chenyue.core import papers, word_templates
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.models import OwnTemplate
from core.test_papers import lines, word

pytestmark = pytest.mark.django_db
CODE = "works.closing"


@pytest.mark.own_database
def test_every_template_that_ships_passes_its_own_look():
    kinds = word_templates.kinds()
    looked = papers.many([papers.Order("look", kind.path, kind.sample()) for kind in kinds], at=NOW)
    assert CODE in [kind.code for kind in kinds] and len(looked) == len(kinds) and all(looked)


def test_another_template_is_taken_used_and_given_back():
    shipped = word_templates.current(CODE)
    word_templates.replace(code=CODE, content=word("我们的：{{ title }}"), name="我们的.docx", at=NOW)
    assert lines(word_templates.fill(CODE, {"title": "甲"})) == ["我们的：甲"]
    assert lines(word_templates.sample_of(CODE))[0].startswith("我们的：")
    again = word_templates.replace(code=CODE, content=word("{{ number }}"), name="../../x" * 99, at=NOW)
    assert OwnTemplate.objects.count() == 1 and len(again.name) == word_templates.NAME
    assert word_templates.restore(CODE) and not word_templates.restore(CODE)
    assert word_templates.current(CODE) == shipped


def test_a_template_that_is_refused_changes_nothing():
    with pytest.raises(Refusal, match="titel"):
        word_templates.replace(code=CODE, content=word("{{ titel }}"), name="x.docx", at=NOW)
    assert word_templates.own(CODE) is None


@pytest.mark.parametrize("act", [word_templates.kind, word_templates.restore, word_templates.blanks])
def test_a_kind_that_isnt_there(act):
    with pytest.raises(NotFound):
        act("no.such")


@pytest.mark.own_database
def test_each_blank_that_is_listed_can_be_written():
    orders = []
    for kind in word_templates.kinds():
        document = docx.Document()
        for blank in word_templates.blanks(kind.code):
            if blank.inside.startswith("row.") or "." in blank.inside.replace("objections.", "").replace(
                "decision.", ""
            ):
                continue  # within two loops
            words = "{{ " + blank.name + " }}"
            if blank.inside:
                words = "{% for row in " + blank.inside + " %}" + words + "{% endfor %}"
            document.add_paragraph(words)
        out = io.BytesIO()
        document.save(out)
        orders.append(papers.Order("look", out.getvalue(), kind.sample()))
    assert all(papers.many(orders, at=NOW))

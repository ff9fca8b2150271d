"""Folded templates say what unfolded ones would, in each language, to each reader."""

from typing import Any

import pytest
from django.template import Context, Engine, TemplateDoesNotExist
from django.utils.translation import override

from chenyue.core.fixed import Fixed, Included

TEMPLATES = {
    "mark.html": '<svg>{% icon "eye" %}</svg>',
    "name.html": '<b>{{ name }}</b>{% translate "Search" %}',
    "sets.html": '{% with name="inside" %}{{ name }}{% endwith %}{% translate "Search" as said %}{{ said }}',
    "again.html": "{{ depth }}{% if depth %}{% include 'again.html' with depth=None %}{% endif %}",
    "block.html": "[{% block title %}own{% endblock %}]",
    "page.html": "{% block title %}page{% endblock %}{% include 'block.html' %}",
    "child.html": "{% extends 'page.html' %}{% block title %}child{% endblock %}",
    "turns.html": "{% cycle 'a' 'b' %}",
}
LIBRARIES = ["django.templatetags.i18n", "django.templatetags.static", "chenyue.core.templatetags.chenyue"]


def engine(folded: bool) -> Engine:
    kind = "chenyue.core.fixed.Loader" if folded else "django.template.loaders.cached.Loader"
    loaders: Any = [(kind, [("django.template.loaders.locmem.Loader", TEMPLATES)])]
    return Engine(loaders=loaders, builtins=LIBRARIES)


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Search" %}</p>{% include "mark.html" %}{{ name }}{% url "core:look" %}',
        '{% for name in names %}{% include "name.html" %}{% empty %}{% translate "Search" %}{% endfor %}',
        '{% include "name.html" with name="<given>" %}{{ name }}',
        '{% include "sets.html" %}{{ name }}{{ said }}',
        '{% include "again.html" with depth=1 %}',
        '{% for name in names %}{% include "turns.html" %}{% endfor %}',
        '{% include "name.html" only %}',
        '{% autoescape off %}{% translate "Search" %}{{ name }}{% endautoescape %}{{ _("Search") }}',
        '{% extends "child.html" %}',
        '{% translate "Search"|upper %}{% translate "Search" noop %}{% translate "May" context "month" %}',
    ],
)
def test_the_same_words_folded_or_not(source: str) -> None:
    TEMPLATES["source.html"] = source
    plain, folded = engine(False).get_template("source.html"), engine(True).get_template("source.html")
    for language in ("zh-hans", "en", "zh-hans"):
        for name in ("<陈>", "李"):
            with override(language):
                values = {"name": name, "names": [name, "x"]}
                assert folded.render(Context(values)) == plain.render(Context(values))


def test_what_is_the_same_for_all_becomes_one_piece() -> None:
    TEMPLATES["source.html"] = (
        '<p>{% translate "Search" %}{% include "mark.html" %}</p>{{ name }}<i>{% icon "eye" %}</i>'
    )
    nodes = engine(True).get_template("source.html").nodelist
    assert [type(node).__name__ for node in nodes] == ["Fixed", "VariableNode", "Fixed"]
    assert not any(isinstance(node, Fixed) for node in engine(False).get_template("source.html").nodelist)


def test_a_missing_template_is_missed_when_it_is_shown() -> None:
    TEMPLATES["source.html"] = '{% if wanted %}{% include "nowhere.html" %}{% endif %}'
    template = engine(True).get_template("source.html")
    assert template.render(Context({})) == ""
    with pytest.raises(TemplateDoesNotExist):
        template.render(Context({"wanted": True}))


def test_an_included_template_is_looked_up_once() -> None:
    TEMPLATES["source.html"] = '{% include "name.html" %}'
    assert isinstance(engine(True).get_template("source.html").nodelist[0], Included)

"""The translators' tool finds what is said, and notices what doesn't fit."""

from pathlib import Path

import pytest

from chenyue.core import words

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
a = _("Send %(count)s again")
b = ngettext("%(n)d case", "%(n)d cases", n)
c = pgettext("month", "May")
"""
PAGE = """{% extends "base.html" %}
{% block main %}
  <h1 title="{% translate 'Tell us' %}">{% blocktranslate trimmed with who=name %}
     Hello {{ who }},
     it's "you".
  {% endblocktranslate %}</h1>
  {% comment %}Translators: x{% endcomment %}
  {% if a %}{{ _("Yes") }}{% endif %}
{% blocktranslate count n=n %}one{% plural %}{{ n }} many{% endblocktranslate %}
{% endblock %}"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sample"
    (folder / "templates" / "sample").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "views.py").write_text(CODE)
    (folder / "templates" / "sample" / "page.html").write_text(PAGE)
    monkeypatch.setattr(words, "SRC", tmp_path)
    return folder


def test_words_are_found_in_code_and_pages(package: Path) -> None:
    assert words.found("sample") == {
        ("", "Send %(count)s again"): "",
        ("", "%(n)d case"): "%(n)d cases",
        ("month", "May"): "",
        ("", "Tell us"): "",
        ("", 'Hello %(who)s, it\'s "you".'): "",
        ("", "Yes"): "",
        ("", "one"): "%(n)s many",
    }


def test_update_check_derive_and_compile(package: Path) -> None:
    assert words.update("sample") == (7, 0)
    assert words.update("sample") == (0, 0)
    assert any("not translated: 'Yes'" in fault for fault in words.faults("sample"))
    catalogue = words.load("sample")
    for entry in catalogue:
        said = "%(n)s 件" if entry.msgid == "one" else "%(n)d 件" if entry.msgid_plural else f"软件 {entry.msgid}"
        if entry.msgid_plural:
            entry.msgstr_plural = {0: said}
        else:
            entry.msgstr = said
    words.save(catalogue, words.po_path("sample"))
    assert list(words.faults("sample")) == []
    assert [e.msgstr for e in words.derived("sample") if e.msgid == "Yes"] == ["軟體 Yes"]
    assert words.compile_all() == 1
    assert words.compile_all() == 0
    (package / "views.py").write_text("")
    assert words.update("sample") == (0, 3)
    assert any("no longer used" in fault for fault in words.faults("sample"))
    words.update("sample", prune=True)
    assert list(words.faults("sample")) == []


def test_blanks_that_differ_are_noticed(package: Path) -> None:
    words.update("sample")
    catalogue = words.load("sample")
    for entry in catalogue:
        if entry.msgid.startswith("Send"):
            entry.msgstr = "再发送 %(number)s"
    words.save(catalogue, words.po_path("sample"))
    assert any("blanks differ" in fault for fault in words.faults("sample"))


def test_packages_that_disagree_are_noticed(package: Path) -> None:
    for name, said in (("one", "是"), ("two", "对")):
        other = package.parent / name
        other.mkdir()
        (other / "__init__.py").write_text('from x import _\na = _("Yes")')
        words.update(name)
        catalogue = words.load(name)
        catalogue[0].msgstr = said
        words.save(catalogue, words.po_path(name))
    assert list(words.conflicts()) == ["'Yes' is '是' in one and '对' in two"]

"""Every word on a screen is there in Chinese, says the same everywhere, and traditional is in step."""

import pytest

from chenyue.core import words


@pytest.mark.parametrize("package", words.packages())
def test_words_are_complete(package: str) -> None:
    assert list(words.faults(package)) == []


def test_packages_agree() -> None:
    assert list(words.conflicts()) == []


@pytest.mark.parametrize("package", words.packages())
def test_traditional_is_derived(package: str) -> None:
    written, kept = words.po_path(package), words.po_path(package, words.DERIVED)
    if not written.exists():
        assert not kept.exists()
        return
    hint = "run `manage.py words --hant`"
    assert kept.exists(), hint
    assert [(e.msgid, e.msgstr, e.msgstr_plural) for e in words.load(package, words.DERIVED)] == [
        (e.msgid, e.msgstr, e.msgstr_plural) for e in words.derived(package)
    ], hint

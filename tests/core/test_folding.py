"""Long words: the beginning is shown, the rest opens; nothing is lost, nothing becomes markup."""

import re

import pytest
from django.template import Context, Template

from chenyue.core.templatetags.folding import LONG, folded


def bare(html: str) -> str:
    return re.sub(r"<summary>.*?</summary>|<[^>]+>", "", html)


@pytest.mark.parametrize("words", ["", "路灯坏了。", "字" * LONG])
def test_short_words_stay_as_they_are(words):
    assert "<details" not in folded(words)
    assert bare(folded(words)) == words


@pytest.mark.parametrize("words", ["字" * 6999, "这里有一句话。" * 900, "词 " * 3000])
def test_of_long_words_nothing_is_lost(words):
    html = folded(words)
    shown, opened = html.split("<details", 1)
    assert len(bare(shown)) < 700
    assert "</summary>" in opened
    assert bare(html).replace(" ", "") == words.replace(" ", "")


def test_the_fold_comes_after_a_sentence_where_one_ends():
    assert bare(folded("这里有一句话。" * 900).split("<details")[0]).endswith("。")


def test_markup_in_words_stays_words():
    html = Template("{% load folding %}{{ words|folded:20 }}").render(
        Context({"words": "<script>alert(1)</script>" * 9})
    )
    assert "<script>" not in html
    assert bare(html).count("alert(1)") == 9

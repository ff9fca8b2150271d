"""Whatever reads residents' words reads them in a time that grows with their length, not with its square.

The strings are those over which readers stumble: marks that open and never close, one name a thousand times,
characters that unfold to eighteen others.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from chenyue.cases import search
from chenyue.core import csv_text, html_table, logs, tables, text
from chenyue.core.errors import Refusal
from chenyue.core.templatetags import folding
from chenyue.gateway.chat import reading as chats
from chenyue.people import masking, personal
from chenyue.places.queries import gazetteer
from chenyue.triage import moments, numbers, suggest, titles
from growth import STEEP, growth

LETTER, LONG = 8_000, 50_000  # characters: of the longest appeal, and of what no form lets through
PIECES = (
    *("a", "1", " ", "\n", "一", "ﷺ", "㍿", "\U0001f600", "e\u0301", "，", "。", "第"),
    *("[", "(", "<", '"', "{{", "“", "1,", "a@a.", "<td ", '<table><tr><td a="', "<a='"),
    *("金桂苑3幢2单元", "3-2-401 ", "金桂苑", "金一苑", "A座", "又还没", "昨晚十一点", "3天"),
    *("一二三四五六七八九", "138", "13800000001"),
    *("张三：", "张三：好\n", "张三 6月23日 06:28\n好\n", "【", "?/", "2026-1-1 10:00 "),
)


def refusing(act: Callable[[str], Any]) -> Callable[[str], Any]:
    """`act`, for which a sentence to the person is an answer too."""

    def try_it(words: str) -> Any:
        try:
            return act(words)
        except (Refusal, ValueError):
            return None

    return try_it


NOW = timezone.now()
# Of any length: what comes before anybody has counted, or is made of uploaded files.
UNCUT: dict[str, Callable[[str], Any]] = {
    "clean": text.clean,
    "fold": text.fold,
    "tokens": text.tokens,
    "initials": text.initials,
    "search query": search.phrases,
    "heading": tables.heading,
    "moment": refusing(tables.moment),
    "web page": lambda words: html_table.rows(b"<table><tr><td>" + words.encode()),
    "text table": lambda words: csv_text.lines(words.encode()),
    "table": refusing(lambda words: tables.read_table(words.encode(), "a.csv")),
    "log line": logs.blot,
    "folded": folding.folded,
    "masked": masking.mask_words,
    "forgotten": lambda words: masking.forget_person(words, "张三"),
    "phone": refusing(personal.phone),
    "name": refusing(personal.name),
    "people": numbers.people,
    "homes": numbers.homes,
    "happened": lambda words: moments.happened(words, NOW),
    "lasting": moments.lasting,
    "title": titles.title,
    "pasted chat": refusing(lambda words: chats.read_text(words, NOW)),
    "exported chat": refusing(lambda words: chats.read_file(words.encode(), "a.txt", NOW)),
}
KNOWING: dict[str, Callable[[str], Any]] = {
    "triage": lambda words: suggest(words, None, NOW),
    "places": lambda words: gazetteer().find(words),
    "picker": lambda words: gazetteer().search(words, limit=5),
}


def stumbles(act: Callable[[str], Any], longest: int, pieces: tuple[str, ...] = PIECES) -> list[Any]:
    """The pieces of which four times as many take many times longer, with how many times."""
    act("金桂苑3幢漏水")  # what is built once isn't counted
    found = []
    for piece in pieces:
        times = growth(lambda length, of=piece: act((of * (length // len(of) + 1))[:length]), longest // 4)
        if times >= STEEP:
            found.append((piece, round(times, 1)))
    return found


@pytest.mark.parametrize("name", UNCUT)
def test_a_letter_is_read_at_once(name: str) -> None:
    assert stumbles(UNCUT[name], LETTER) == []


@pytest.mark.parametrize("name", UNCUT)
def test_the_longest_words_take_seconds_not_hours(name: str) -> None:
    assert stumbles(UNCUT[name], LONG) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", KNOWING)
def test_a_letter_is_understood_at_once(name: str) -> None:
    assert stumbles(KNOWING[name], LETTER) == []
    assert stumbles(KNOWING[name], LONG, PIECES[:3]) == []  # only its beginning is read

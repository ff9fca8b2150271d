"""How well triage did: suggested beside chosen, by category and month; what would help; what it learns from."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import NOW, client_of
from chenyue.cases import actions, taught
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.cases.quality import helpful, quality
from chenyue.catalogue.queries import catalogue

pytestmark = pytest.mark.django_db


def confirmed(cast: Any, words: str, code: str) -> Case:
    filed = actions.file_appeal(words=words, channel="web", by=cast.li.actor(), at=NOW)
    return actions.move(case=filed.case, move=Move.TRIAGE, by=cast.li.actor(), at=NOW, category_code=code)


@pytest.fixture
def three(cast: Any) -> list[Case]:
    return [
        confirmed(cast, "路灯不亮，晚上一片漆黑", "0204"),
        confirmed(cast, "化粪池满了，粪水往外溢", "0102"),
        confirmed(cast, "楼道灯坏了，路灯也不亮", "0612"),
    ]


def test_accuracy_and_confusions(three: list[Case]) -> None:
    found = quality(NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert found.total == 3
    assert found.right >= 2
    assert found.months == [("2026-11", found.right, 3)]
    by = {line.category.code: line for line in found.lines}
    assert by["0102"].share == 100
    assert sum(pair.count for pair in found.confusions) == 3 - found.right
    assert quality(NOW + timedelta(days=1), NOW + timedelta(days=2)).share is None


def test_the_cost_does_not_grow(cast: Any, three: list[Case]) -> None:
    catalogue()
    with CaptureQueriesContext(
        connection,
    ) as first:
        quality(NOW - timedelta(days=1), NOW + timedelta(days=1))
    confirmed(cast, "河水发臭", "0307")
    catalogue()
    with CaptureQueriesContext(connection) as second:
        quality(NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert len(second) <= len(first) + 1 <= 4


def test_words_that_would_help() -> None:
    row = catalogue().by_code["0204"]
    own = [{"小巷", "没光"}, {"小巷", "不亮"}, {"小巷", "物业"}]
    from collections import Counter

    spread = Counter({"小巷": 3, "没光": 1, "不亮": 1, "物业": 60})
    assert helpful(own, spread, row) == ["小巷"]


def test_what_it_learns_from(cast: Any, three: list[Case]) -> None:
    filed = actions.file_appeal(words="还没有人看过的事", channel="web", by=cast.li.actor(), at=NOW)
    examples = list(taught.confirmed(10))
    assert [example.code for example in examples] == ["0204", "0102", "0612"]
    Case.objects.filter(pk=three[0].pk).update(sensitivity="sealed")
    assert len(list(taught.confirmed(10))) == 2
    assert len(list(taught.confirmed(1))) == 1
    assert filed.case.triaged_at is None


def test_the_page_shows_it(cast: Any, three: list[Case]) -> None:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        page = client_of(cast.zhao).get("/desk/triage/", {"days": "365"})
    assert page.status_code == 200
    assert "路灯不亮" in page.content.decode()
    assert client_of(cast.zhao).get("/desk/triage/", {"days": "x"}).status_code == 200
    assert client_of(cast.zhou).get("/desk/triage/").status_code in (403, 404)

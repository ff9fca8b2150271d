"""The page on which a message is parted: offered, corrected, filed, undone."""

from typing import Any

import pytest
from django.urls import reverse

import stories
from cast import client_of
from chenyue.cases.models import Appeal
from helpers import count, one_and_three

pytestmark = pytest.mark.django_db
WORDS = "金桂苑3幢楼道的灯坏了半个月，晚上一片漆黑。另外，小区西门口天天有人摆摊占道，早上车都开不出来。"


@pytest.fixture
def told(cast: Any) -> Any:
    return stories.filed(cast, words=WORDS)


def address(told: Any, name: str = "desk:matters") -> str:
    return reverse(name, args=[told.case.number, told.appeal.number])


def test_inbox_and_case_offer_it(cast: Any, told: Any) -> None:
    client = client_of(cast.li)
    for page in (reverse("desk:inbox"), reverse("desk:case", args=[told.case.number])):
        html = client.get(page).content.decode()
        assert "这条诉求里有 2 件事" in html and address(told) in html
    # One who would confirm it with the certain ones would lose the second matter.
    assert "data-certain>" not in client.get(reverse("desk:inbox")).content.decode()


def test_an_ordinary_message_is_not_offered_but_can_be_parted(cast: Any) -> None:
    told = stories.filed(cast)
    html = client_of(cast.li).get(reverse("desk:case", args=[told.case.number])).content.decode()
    assert "件事</b>" not in html and address(told) in html


def test_the_page_proposes_and_files_what_was_corrected(cast: Any, told: Any) -> None:
    client = client_of(cast.li)
    html = client.get(address(told)).content.decode()
    assert html.count("<select") == 2 + 4  # two sentences, four categories
    data = {"to_0": "0", "to_1": "1", "category_1": "0402", "idempotency_key": "part-1"}
    answer = client.post(address(told), data)
    assert answer.status_code == 303
    fresh = Appeal.objects.get(part_of=told.appeal)
    assert fresh.case.category.code == "0402" and fresh.words.startswith("另外")
    client.post(address(told), data)  # sent twice
    assert Appeal.objects.filter(part_of=told.appeal).count() == 1
    page = client.get(reverse("desk:case", args=[told.case.number])).content.decode()
    assert fresh.case.number in page and "这条诉求里有" not in page
    again = client.get(address(told)).content.decode()
    assert "已是单独的一件事" in again


def test_nothing_chosen_is_said_and_nothing_lost(cast: Any, told: Any) -> None:
    answer = client_of(cast.li).post(
        address(told), {"to_0": "0", "to_1": "0", "category_1": "0402", "idempotency_key": "part-2"}
    )
    html = answer.content.decode()
    assert answer.status_code == 422 and "至少" in html and 'value="0402" selected' in html


def test_it_can_be_undone(cast: Any, told: Any) -> None:
    client = client_of(cast.li)
    answer = client.post(address(told), {"to_1": "1", "idempotency_key": "part-3"}, follow=True)
    undo = address(told, "desk:matters-undo")
    assert undo in answer.content.decode()
    assert client.post(undo, {"idempotency_key": "back"}).status_code == 303
    assert Appeal.objects.get(part_of=told.appeal).case_id == told.case.pk


def test_a_part_is_not_parted_again(cast: Any, told: Any) -> None:
    client = client_of(cast.li)
    client.post(address(told), {"to_1": "1", "idempotency_key": "part-4"})
    part = Appeal.objects.get(part_of=told.appeal)
    assert client.get(reverse("desk:matters", args=[part.case.number, part.number])).status_code == 404


def test_the_inbox_costs_the_same_for_one_and_three(cast: Any) -> None:
    client = client_of(cast.li)
    inbox = reverse("desk:inbox")
    stories.filed(cast, words=WORDS)
    client.get(inbox)
    before = count(lambda: client.get(inbox))
    one_and_three(lambda: client.get(inbox), lambda: stories.filed(cast, words=WORDS), before)

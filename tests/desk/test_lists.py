"""Lists: the same few statements with one row and with three; bulk acts; exports that can't run as formulas."""

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

import stories
from chenyue.cases.models import Case, SavedView
from chenyue.core.ids import token
from chenyue.reception.queue import actions as queue
from chenyue.timeline.models import Entry
from helpers import one_and_three
from reception import queue_stage


def page(client, name, query=""):
    answer = client.get(reverse(f"desk:{name}") + query)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(
    ("name", "query", "statements"),
    [
        ("cases", "", 6),
        ("cases", "?state=open&urgency=normal", 6),
        ("cases", "?category=0102&lead=drainage", 6),  # what filters say comes from memory
        ("inbox", "", 7),
        ("my-desk", "", 7),
    ],
)
def test_one_and_three(cast, client_of, name, query, statements):
    client = client_of(cast.li)
    one_and_three(lambda: page(client, name, query), lambda: stories.filed(cast), statements)


def test_my_desk_counts_the_visitors_of_today(cast, client_of):
    at = timezone.now()
    sitting = queue_stage.opened(cast, at)
    assert "今天的来访" not in page(client_of(cast.li), "my-desk").content.decode()
    queue.take_ticket(sitting=sitting, by=cast.li.actor(), at=at)
    html = page(client_of(cast.li), "my-desk").content.decode()
    assert 'href="/desk/reception/"><b>1</b><span>今天的来访</span>' in html
    assert "今天的来访" not in page(client_of(cast.lin), "my-desk").content.decode()


def test_callbacks_and_refusals_cost_the_same(cast, client_of):
    client = client_of(cast.li)
    one_and_three(lambda: page(client, "callbacks"), lambda: stories.answered(cast), 4)


def test_filters_are_said_as_words_and_can_be_taken_away(cast, client_of):
    stories.filed(cast)
    text = page(client_of(cast.li), "cases", "?state=open&urgency=normal").content.decode()
    assert 'href="?urgency=normal"' in text
    nonsense = page(client_of(cast.li), "cases", "?state=nowhere").content.decode()
    assert "nowhere" in nonsense


def test_a_view_is_kept_and_shown_above_the_list(cast, client_of):
    client = client_of(cast.li)
    form = {"idempotency_key": token(), "name": "我的未办结", "query": "state=open"}
    assert client.post(reverse("desk:save-view"), form).status_code == 303
    assert "我的未办结" in page(client, "cases").content.decode()
    view = SavedView.objects.get()
    assert (
        client_of(cast.zhao)
        .post(reverse("desk:delete-view", args=[view.pk]), {"idempotency_key": "not mine"})
        .status_code
        == 404
    )
    for _twice in range(2):
        asked = client.post(reverse("desk:delete-view", args=[view.pk]), {"idempotency_key": "gone"})
        assert asked.status_code == 303


def test_many_are_reminded_with_a_result_for_each(cast, client_of):
    first, second = stories.dispatched(cast, stories.filed(cast)), stories.filed(cast).case
    client = client_of(cast.li)
    form = {
        "idempotency_key": token(),
        "act": "remind",
        "words": "请今天联系居民",
        "numbers": [first.number, second.number],
        "query": "",
    }
    assert client.post(reverse("desk:bulk"), form).status_code == 303
    text = client.get(reverse("desk:bulk")).content.decode()
    assert first.number in text and second.number in text
    assert Entry.objects.filter(subject=first.subject, verb__contains="remind").exists()


def test_an_export_is_guarded_masked_and_written_down(cast, client_of):
    told = stories.filed(cast)
    Case.objects.filter(pk=told.case.pk).update(title="=1+1 找 13800000001")
    client = client_of(cast.li)
    answer = client.post(reverse("desk:export"), {"idempotency_key": token(), "query": "state=open"})
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert len(book.sheetnames) == 2  # a cover sheet and the list
    title = book.worksheets[1].cell(row=2, column=2)
    assert title.data_type == "s" and title.value.startswith("'=") and "13800000001" not in title.value
    assert "李敏" in str([[c.value for c in row] for row in book.worksheets[0].iter_rows()])
    assert Entry.objects.filter(subject="office:exports", verb="desk.exported").count() == 1


def test_export_needs_its_permission(cast, client_of):
    assert client_of(cast.wang).post(reverse("desk:export"), {"query": ""}).status_code == 403


def test_a_number_opens_its_case_and_words_open_a_list(cast, client_of):
    told = stories.filed(cast)
    client = client_of(cast.li)
    found = client.get(reverse("desk:search"), {"q": told.case.number})
    assert found.status_code == 303 and told.case.number in found["Location"]
    assert told.case.number in client.get(reverse("desk:search"), {"q": "污水井"}).content.decode()
    assert told.case.number in client.get(reverse("desk:search"), {"q": cast.chen.phone}).content.decode()
    assert told.case.number not in client_of(cast.sun).get(reverse("desk:search"), {"q": "污水井"}).content.decode()

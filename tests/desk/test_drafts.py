"""Drafts on the desk: offered where they are connected, marked, taken over only when edited."""

import json
from typing import Any

import pytest
from django.urls import reverse

import stories
from cast import NOW, client_of
from chenyue.cases import actions, drafting
from chenyue.cases.lifecycle import Move
from chenyue.core import outbound
from chenyue.core.errors import Refusal
from chenyue.timeline.models import Entry

pytestmark = pytest.mark.django_db
DRAFT = "楼道的灯已报修，{{已做的工作}}。<b>请放心</b>"
SET_UP = "/desk/set-up/drafts/"


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    sent: list[Any] = []

    def post(service: Any, path: str, body: dict[str, Any]) -> dict[str, Any]:
        sent.append(body)
        return {"choices": [{"message": {"content": DRAFT}}]}

    monkeypatch.setattr(outbound, "post", post)
    drafting.connect(on=True, address="https://example.org/v1", model="m-1", key="k", seconds=5)
    return sent


@pytest.fixture
def handled(cast: Any) -> Any:
    """A case that lin works on."""
    case = stories.filed(cast).case
    by = cast.li.actor()
    actions.move(case=case, move=Move.DISPATCH, by=by, at=NOW, lead_id=cast.units["drainage"].pk)
    return actions.move(case=case, move=Move.ACCEPT, by=cast.lin.actor(), at=NOW)


def page(case: Any, kind: str = "answer") -> str:
    return reverse("desk:draft", args=[case.number, kind])


def test_nothing_of_it_is_seen_while_it_is_off(cast: Any, handled: Any) -> None:
    client = client_of(cast.lin)
    html = client.get(reverse("desk:case", args=[handled.number])).content.decode()
    assert "拟" not in html and client.get(page(handled)).status_code == 403


def test_a_draft_is_marked_escaped_and_kept_nowhere(cast: Any, handled: Any, connected: list[Any]) -> None:
    client = client_of(cast.lin)
    case_page = client.get(reverse("desk:case", args=[handled.number])).content.decode()
    assert page(handled) in case_page and page(handled, "summary") in case_page
    assert connected == []  # looking asks nobody
    answer = client.post(page(handled))
    html = answer.content.decode()
    assert answer.status_code == 200 and "机器所写" in html
    assert "&lt;b&gt;" in html and "<b>请放心" not in html
    told = json.dumps(list(Entry.objects.filter(subject=handled.subject).values_list("data", flat=True)))
    assert "报修" not in told.encode().decode("unicode_escape")


def test_the_machines_words_are_never_sent_as_they_are(cast: Any, handled: Any, connected: list[Any]) -> None:
    client = client_of(cast.lin)
    mark = client.post(page(handled)).context["draft"].mark
    url = reverse("desk:answer", args=[handled.number])
    data = {"version": handled.version, "result": "resolved", "told": DRAFT, "done": "修了灯", "machine": mark}
    html = client.post(url, data).content.decode()
    assert "一字不差" in html and "由机器拟稿起头" in html
    own = data | {"told": "楼道的灯已经换好，师傅周二来过。", "idempotency_key": "answer-1"}
    shown = client.post(url, own)
    assert shown.status_code == 200 and mark in shown.content.decode()
    sent = client.post(url, own | {"seen": shown.context["seen"]})
    assert sent.status_code == 303
    verbs = list(Entry.objects.filter(subject=handled.subject).values_list("verb", flat=True))
    assert "case.answered" in verbs and "case.draft_taken" in verbs


def test_a_service_that_fails_leaves_the_page(
    cast: Any, handled: Any, connected: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any) -> None:
        raise Refusal("服务没有及时回应。", code="late")

    monkeypatch.setattr(outbound, "post", fails)
    answer = client_of(cast.lin).post(page(handled))
    assert answer.status_code == 422 and "服务没有及时回应" in answer.content.decode()


def test_another_units_clerk_and_a_made_up_kind(cast: Any, handled: Any, connected: list[Any]) -> None:
    assert client_of(cast.sun).get(page(handled)).status_code == 404
    assert client_of(cast.wang).get(page(handled)).status_code == 403
    assert client_of(cast.lin).get(page(handled, "poem")).status_code == 404


def test_it_is_connected_on_a_page_and_the_key_never_shown(cast: Any) -> None:
    client = client_of(cast.admin)
    assert "没有任何文字离开本机" in client.get(SET_UP).content.decode()
    data = {"on": "on", "address": "http://example.org/v1", "model": "m", "key": "sk-1", "seconds": "10"}
    refused = client.post(SET_UP, data | {"idempotency_key": "d-1"})
    assert refused.status_code == 422 and "只能用 https" in refused.content.decode()
    assert "sk-1" not in refused.content.decode()
    kept = client.post(SET_UP, data | {"address": "https://example.org/v1/", "idempotency_key": "d-2"}, follow=True)
    html = kept.content.decode()
    assert "已保存密钥" in html and "sk-1" not in html and drafting.stored_key() == "sk-1"
    entry = Entry.objects.get(subject="office:drafts")
    assert entry.data == {"on": True, "address": "https://example.org/v1"}


def test_the_test_button(cast: Any, connected: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(cast.admin)
    assert "服务有回应" in client.post(SET_UP, {"act": "test"}, follow=True).content.decode()
    assert connected[0]["messages"][1]["content"] == '{"words": "您好"}'

    def fails(*args: Any) -> None:
        raise Refusal("服务不接受这个密钥。", code="key")

    monkeypatch.setattr(outbound, "post", fails)
    assert "服务不接受这个密钥" in client.post(SET_UP, {"act": "test"}, follow=True).content.decode()

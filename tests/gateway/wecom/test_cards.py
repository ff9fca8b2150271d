"""Cards in WeCom: what they say, who may press, and that a press does what the page would do: once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Answer, Case, Return
from chenyue.gateway.models_wecom import WecomCard, WecomLink
from chenyue.gateway.wecom import cards, conversation
from chenyue.gateway.wecom.heard import Heard
from chenyue.notify.models import Message
from gateway.wecom.stage import bound, call, came, deliver, link, press, work
from helpers import sample_case

pytestmark = pytest.mark.django_db
SEND, UPDATE = "/cgi-bin/message/send", "/cgi-bin/message/update_template_card"


@pytest.fixture
def app(cast: Cast, wecom: Any) -> WecomLink:
    return link(cast, host=wecom[1])


@pytest.fixture
def case(cast: Cast, app: WecomLink) -> Case:
    """A case that drainage was just given; lin is told by a card."""
    bound(cast, "lin")
    found: Case = sample_case(cast).case
    deliver()
    return found


def shown(fake: Any, path: str = SEND) -> dict[str, Any]:
    """The newest card."""
    found: dict[str, Any] = [b for b in fake.to(path) if "template_card" in b][-1]["template_card"]
    return found


def keys(card: dict[str, Any]) -> list[str]:
    return [button["key"] for button in card.get("button_list", [])]


def pressed(row: WecomLink, key: str, fake: Any, *, who: str = "lin", option: str = "", code: str = "") -> None:
    card = WecomCard.objects.order_by("pk").last()
    assert card is not None
    nonce = f"{key}{card.pk}{who}{code}{option}"
    answer = call(row, press(card.task, key, who, code or f"code-{card.pk}", option), nonce=nonce)
    assert (answer.status_code, answer.content) == (200, b"")
    work()


def state(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def write(row: WecomLink, cast: Cast, words: str, n: int) -> None:
    at = timezone.now() + timedelta(seconds=n)
    conversation.hear(row, Heard("text", "lin", at, words), at)


def last_told() -> str:
    return Message.objects.filter(channel="wecom").order_by("-pk")[0].body


def test_the_card_says_what_and_where_and_nobodys_words(cast: Cast, case: Case, wecom: Any) -> None:
    card = shown(wecom[0])
    assert (card["card_type"], card["main_title"]["title"]) == ("button_interaction", case.number)
    assert keys(card) == ["accept", "done", "return"]
    assert len(card["task_id"]) <= 128 and card["button_selection"]["question_key"] == "reason"
    whole = json.dumps(card, ensure_ascii=False)
    for private in (cast.chen.name, cast.chen.phone, "臭水", "13800000001"):
        assert private not in whole
    (body,) = [b for b in wecom[0].to(SEND) if b["touser"] == "lin"]
    assert body["enable_duplicate_check"] == 1


def test_accepting_by_card_is_accepting(cast: Cast, app: WecomLink, case: Case, wecom: Any) -> None:
    pressed(app, "accept", wecom[0])
    assert (state(case), case.officer_id) == ("handling", cast.lin.pk)
    (body,) = wecom[0].to(UPDATE)
    assert (body["userids"], body["response_code"]) == (["lin"], f"code-{WecomCard.objects.order_by('pk')[0].pk}")
    assert keys(body["template_card"]) == ["done", "return"]
    from chenyue.timeline.models import Entry

    entry = Entry.objects.filter(subject=case.subject, verb="case.accepted").get()
    assert entry.actor_key == str(cast.lin.pk)


def test_a_press_counts_once_however_often_it_comes(cast: Cast, app: WecomLink, case: Case, wecom: Any) -> None:
    card = WecomCard.objects.get()
    at = int(timezone.now().timestamp())
    for n in range(3):
        call(app, press(card.task, "accept", at=at), nonce=f"again{n}")
        call(app, press(card.task, "accept", at=at + 1 + n), nonce=f"more{n}")
    work()
    assert [outcome for _kind, outcome in came(app)].count("acted") == 1 and state(case) == "handling"


@pytest.mark.parametrize("who", ["li", "zhou", "nobody", "sun"])
def test_whose_card_it_isnt(cast: Cast, app: WecomLink, case: Case, wecom: Any, who: str) -> None:
    """The stranger, another unit's clerk, even the dispatcher: a card is one member's."""
    for name in ("li", "zhou", "sun"):
        bound(cast, name)
    pressed(app, "accept", wecom[0], who=who)
    assert came(app) == [("template_card_event", "refused")] and state(case) == "assigned"
    assert wecom[0].to(UPDATE) == []


def test_who_lost_the_permission_since(cast: Cast, app: WecomLink, case: Case, wecom: Any) -> None:
    cast.lin.grants.all().delete()
    pressed(app, "accept", wecom[0])
    assert state(case) == "assigned"
    assert keys(shown(wecom[0], UPDATE)) == []


def test_somebody_else_was_faster(cast: Cast, app: WecomLink, case: Case, wecom: Any) -> None:
    from chenyue.cases.actions import move

    move(case=case, move=Move.ACCEPT, by=cast.lin.actor(), at=timezone.now())
    pressed(app, "accept", wecom[0])
    assert came(app) == [("template_card_event", "acted")]
    card = shown(wecom[0], UPDATE)
    assert case.number == card["main_title"]["title"] and keys(card) == ["done", "return"]


def test_returning_asks_for_a_reason(cast: Cast, app: WecomLink, case: Case, wecom: Any) -> None:
    pressed(app, "return", wecom[0])
    assert not Return.objects.exists()
    pressed(app, "return", wecom[0], option="not_our_duty")
    found = Return.objects.get()
    assert (found.reason, found.member) == ("not_our_duty", cast.lin)
    for odd in ("made_up", "😀"):
        pressed(app, "return", wecom[0], option=odd)
    assert Return.objects.count() == 1


def test_finishing_asks_for_words_shows_them_and_sends_what_was_shown(
    cast: Cast, app: WecomLink, case: Case, wecom: Any
) -> None:
    pressed(app, "done", wecom[0])
    assert state(case) == "assigned" and not Answer.objects.exists()
    write(app, cast, "发送", 1)  # nothing to send yet
    assert not Answer.objects.exists()
    write(app, cast, "管道已经疏通，楼道也冲洗干净了。", 2)
    assert "管道已经疏通，楼道也冲洗干净了。" in last_told() and not Answer.objects.exists()
    write(app, cast, "管道已疏通，明天再来看一次。", 3)  # other words instead
    write(app, cast, "发送", 4)
    assert Answer.objects.get().told == "管道已疏通，明天再来看一次。"
    assert state(case) == "answered" and case.officer_id == cast.lin.pk
    write(app, cast, "发送", 5)
    assert Answer.objects.count() == 1


def test_dropping_the_answer(cast: Cast, app: WecomLink, case: Case, wecom: Any) -> None:
    pressed(app, "done", wecom[0])
    write(app, cast, "管道已经疏通。", 1)
    write(app, cast, "取消", 2)
    write(app, cast, "发送", 3)
    assert not Answer.objects.exists() and state(case) == "assigned"
    assert WecomCard.objects.exclude(words="").count() == 0


def test_words_after_half_an_hour_are_no_answer(cast: Cast, app: WecomLink, case: Case, wecom: Any) -> None:
    pressed(app, "done", wecom[0])
    write(app, cast, "管道已经疏通。", 1)
    write(app, cast, "发送", 40 * 60)
    assert not Answer.objects.exists()


def test_a_card_of_an_earlier_round(cast: Cast, app: WecomLink, case: Case, wecom: Any) -> None:
    Case.objects.filter(pk=case.pk).update(round=2)
    pressed(app, "accept", wecom[0])
    assert state(case) == "assigned"


def test_what_was_done_stays_done_if_the_card_cant_be_changed(
    cast: Cast, app: WecomLink, case: Case, wecom: Any
) -> None:
    wecom[0].trouble = ["500"]
    pressed(app, "accept", wecom[0])
    assert state(case) == "handling" and came(app) == [("template_card_event", "acted")]
    work(timezone.now() + timedelta(hours=1))
    assert came(app) == [("template_card_event", "acted")]


@pytest.mark.parametrize("level", ["private", "sealed"])
def test_what_is_kept_closely_stands_on_no_card(cast: Cast, app: WecomLink, case: Case, level: str) -> None:
    Case.objects.filter(pk=case.pk).update(sensitivity=level)
    case.refresh_from_db()
    card = cards.payload(app, case, cast.zhao, "请看一下", timezone.now())
    whole = json.dumps(card, ensure_ascii=False)
    assert case.category.name not in whole and "金桂苑" not in whole


def test_a_notice_about_a_case_one_may_not_see(cast: Cast, app: WecomLink, case: Case) -> None:
    from chenyue.notify.channels import Outgoing

    url = {"url": f"/desk/cases/{case.number}/"}
    out = Outgoing("k", "notice", str(cast.sun.pk), "", f"请看一下（{case.number} 陈大明家污水）", blanks=url)
    found = cards.for_member(app, cast.sun.pk, out, timezone.now())
    assert found["msgtype"] == "text" and "陈大明" not in found["text"]["content"]


def test_everything_else_that_is_told_goes_out_masked(cast: Cast, app: WecomLink) -> None:
    from chenyue.notify.channels import Outgoing

    out = Outgoing("k", "notice", str(cast.wang.pk), "", "陈先生 13800000001 住2单元301室，请上门", blanks={})
    content = cards.for_member(app, cast.wang.pk, out, timezone.now())["text"]["content"]
    assert "13800000001" not in content and "301" not in content


def test_answers_to_nobodys_card(cast: Cast, app: WecomLink) -> None:
    for task in ("", "cy-nothing", "x" * 500):
        heard = Heard("event", "lin", timezone.now(), data={"TaskId": task, "EventKey": "accept"})
        assert cards.pressed(app, heard, timezone.now())[0] == "refused"

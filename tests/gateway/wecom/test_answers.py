"""What becomes of words that came by WeCom is told by WeCom."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import stories
from cast import Cast
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal
from chenyue.core import office
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import conversation, talks
from chenyue.gateway.wecom.heard import Heard
from chenyue.notify.models import Message
from gateway.wecom.stage import GUEST, deliver, link

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def appeal(cast: Cast, wecom: Any) -> Appeal:
    """What a resident wrote to customer service."""
    office.put(site_address="https://chenyue.example.org")
    row: WecomLink = link(cast, "kf", host=wecom[1])
    conversation.hear(row, Heard("text", GUEST, AT, "金桂苑1幢楼道的灯坏了半个月"), AT)
    talks.tick(AT + timedelta(minutes=2))
    return Appeal.objects.select_related("case").get()


class Filed:
    """As `stories` wants it."""

    def __init__(self, appeal: Appeal) -> None:
        self.appeal, self.case = appeal, appeal.case


def test_answers_go_back_by_the_same_way(cast: Cast, appeal: Appeal, wecom: Any) -> None:
    stories.answered(cast, AT + timedelta(minutes=5), filed_=Filed(appeal))
    deliver(AT + timedelta(hours=2))
    sent = wecom[0].to("/cgi-bin/kf/send_msg")
    assert [m["touser"] for m in sent] == [GUEST, GUEST]
    marks = [m["msgid"] for m in sent]
    assert len(set(marks)) == 2 and all(len(mark) == 32 and mark.isalnum() for mark in marks)
    words = sent[-1]["text"]["content"]
    assert "https://chenyue.example.org/r/" in words and "井已疏通" in words and appeal.number in words


def test_that_it_isnt_ours_is_told_with_the_road_that_leads_on(cast: Cast, appeal: Appeal) -> None:
    more = {"reason": "法院正在审理", "told": "这件事由法院审理，街道不能另行处理。", "route_away": "court"}
    move(case=appeal.case, move=Move.DECLINE, by=cast.li.actor(), at=AT + timedelta(minutes=5), **more)
    assert "法院" in Message.objects.get(template="wecom-declined").body


def test_who_came_another_way_hears_nothing_here(cast: Cast, appeal: Appeal) -> None:
    stories.answered(cast, AT + timedelta(minutes=5))
    assert not Message.objects.filter(template="wecom-answered").exists()

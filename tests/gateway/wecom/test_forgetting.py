"""Who wrote by WeCom is forgotten when nothing is left to tell them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.cases.actions import ReporterData, file_appeal
from chenyue.cases.models import Case
from chenyue.core.actors import Actor
from chenyue.gateway.models_wecom import WecomGuest, WecomTalk
from chenyue.gateway.wecom import forgetting
from gateway.wecom.stage import GUEST, link

pytestmark = pytest.mark.django_db
AT = timezone.now()


def wrote(cast: Cast) -> WecomTalk:
    """A talk that became an appeal whose reporter is known."""
    reporter = ReporterData(name=cast.chen.name, phone=cast.chen.phone)
    filed = file_appeal(words="楼道灯坏了", channel="wecom", by=Actor("resident"), at=AT, reporter=reporter)
    row = link(cast, "kf")
    guest = WecomGuest.objects.create(link=row, who="x" * 32, address=GUEST, called="陈", heard_at=AT)
    return WecomTalk.objects.create(guest=guest, appeal=filed.appeal, told="三幢", began_at=AT)


def test_with_the_resident(cast: Cast) -> None:
    talk = wrote(cast)
    assert talk.appeal is not None and talk.appeal.reporter is not None
    assert forgetting.forget(talk.appeal.reporter) == 1
    guest = WecomGuest.objects.get()
    assert (guest.address, guest.called, WecomTalk.objects.get().told) == ("", "", "")


def test_half_a_year_after_the_last_word_and_not_while_something_is_open(cast: Cast) -> None:
    wrote(cast)
    later = AT + timedelta(days=181)
    assert forgetting.sweep(later) == 0
    Case.objects.update(state="closed")
    assert forgetting.sweep(AT + timedelta(days=100)) == 0
    assert forgetting.sweep(later) == 1 and WecomGuest.objects.get().address == ""
    assert forgetting.sweep(later) == 0

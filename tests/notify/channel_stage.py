"""What tests of channels share: a service that answers as told, connected channels, somebody who is told."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

import cast as players
from chenyue.core.actors import SYSTEM
from chenyue.notify import actions, channels, texts
from chenyue.notify.actions import Person
from chenyue.notify.models import Message
from notify.fakes import Service

AT = players.NOW
PHONE = "13800000001"
SAMPLE = {"number": "A2026-1124-0001", "follow": "查看进度：https://example.org/p/X/"}


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    found = Service()
    settings.OUTBOUND_HOSTS = [found.host]
    yield found
    found.close()


@pytest.fixture
def told_texts() -> Iterator[None]:
    texts.register("test.told", "email", "关于{number}", "您好，{number}：{follow}", SAMPLE)
    texts.register("test.told", "sms", "", "您的{number}有进展。{follow}")
    yield
    for channel in ("email", "sms"):
        texts._shipped.pop(("test.told", channel))


def connect(code: str, **values: Any) -> None:
    channels.change(code=code, by=SYSTEM, at=AT, on=True, **values)


def http(service: Service, **more: Any) -> None:
    values = {
        "driver": "http", "signature": "晨光街道", "http_address": f"http://{service.host}/send?to={{phone}}",
        "http_body": "mobile={phone}&content={text}&sign={md5}", "http_user": "u", "http_key": "k&y",
        "http_md5": "{user}{key}{phone}", "http_good": "code=0",
    }  # fmt: skip
    connect("sms", **(values | more))


def tell(key: str = "k", *, email: str = "", phone: str = PHONE, at: datetime = AT, urgent: bool = False) -> None:
    to = Person(email=email, phone=phone)
    actions.send(template="test.told", to=to, context=SAMPLE, about="case:x", key=key, at=at, urgent=urgent)


def state() -> Any:
    return Message.objects.get()


def send_closed() -> None:
    context = SAMPLE | {"office": "晨光街道", "title": "灯", "unit": "", "until": "", "told": "", "rate": ""}
    actions.send(template="case-closed", to=Person(phone=PHONE), context=context, about="case:x", key="k", at=AT)

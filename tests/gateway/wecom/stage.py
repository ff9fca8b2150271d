"""What the tests of WeCom stand on: connections to the fake server, people who are known, messages that come in."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from cast import Cast
from chenyue.gateway.models_wecom import WecomInbound, WecomLink
from chenyue.gateway.wecom import crypto, inbox, known, links
from chenyue.notify import delivery
from gateway.wecom import fake as fakes

TOKEN, KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
GUEST = "wmGAgeDQAA" + "x" * 22  # an external_userid


def link(cast: Cast, kind: str = "app", host: str = "", at: datetime | None = None, **more: Any) -> WecomLink:
    """A connection that is switched on, saved as its page saves it."""
    given = {"name": f"晨光{kind}", "on": True, "corp_id": fakes.CORP, "agent_id": fakes.AGENT, "host": host}
    given |= {"secret": fakes.SECRET, "token": TOKEN, "aes_key": KEY, "account": fakes.ACCOUNT} | more
    return links.save(link=None, kind=kind, given=given, by=cast.admin.actor(), at=at or timezone.now())


def bound(cast: Cast, name: str, userid: str = "") -> None:
    """A member of the cast who is known in WeCom by the same name."""
    member = getattr(cast, name)
    known.bind(corp_id=fakes.CORP, userid=userid or name, member=member, by=cast.admin.actor(), at=timezone.now())


def xml(**fields: Any) -> bytes:
    """A message's inside, as WeCom writes it."""
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{inner}</xml>".encode()


def press(task: str, key: str, who: str = "lin", code: str = "code-1", option: str = "", at: int = 0) -> bytes:
    """Somebody pressed a button of a card."""
    chosen = (
        "<SelectedItems><SelectedItem><QuestionKey>reason</QuestionKey><OptionIds>"
        f"<OptionId>{option}</OptionId></OptionIds></SelectedItem></SelectedItems>"
        if option
        else ""
    )
    head = xml(
        ToUserName=fakes.CORP, FromUserName=who, MsgType="event", Event="template_card_event", EventKey=key,
        TaskId=task, CreateTime=at or int(timezone.now().timestamp()), CardType="button_interaction", ResponseCode=code,
    )  # fmt: skip
    return head.replace(b"</xml>", chosen.encode() + b"</xml>")


def call(
    row: WecomLink, inside: bytes, *, nonce: str = "1372623149", when: int | None = None, corp: str = fakes.CORP,
    tamper: str = "", signature: str | None = None,
) -> Any:  # fmt: skip
    """WeCom calls us with a message."""
    stamp = str(when if when is not None else int(timezone.now().timestamp()))
    encrypted = crypto.encrypt(KEY, inside, corp)
    right = crypto.signature(TOKEN, stamp, nonce, encrypted)
    body = f"<xml><ToUserName><![CDATA[{corp}]]></ToUserName><Encrypt><![CDATA[{encrypted}{tamper}]]></Encrypt></xml>"
    query = f"msg_signature={right if signature is None else signature}&timestamp={stamp}&nonce={nonce}"
    return Client().post(f"/wecom/callback/{row.code}/?{query}", body, content_type="text/xml")


def said(row: WecomLink, who: str, words: str, number: str, at: datetime | None = None, **more: Any) -> Any:
    """A text that somebody writes to the app."""
    when = int((at or timezone.now()).timestamp())
    fields = {"ToUserName": fakes.CORP, "FromUserName": who, "CreateTime": when, "MsgType": "text", "Content": words}
    return call(row, xml(**(fields | {"MsgId": number, "AgentID": fakes.AGENT} | more)), nonce=f"n{number}")


def came(row: WecomLink) -> list[tuple[str, str]]:
    """What came by a connection, oldest first: kind and outcome."""
    return list(WecomInbound.objects.filter(link=row).order_by("pk").values_list("kind", "outcome"))


def work(at: datetime | None = None) -> None:
    """What waits is worked on, as by the worker."""
    inbox.tick(at or timezone.now())


def deliver(at: datetime | None = None) -> dict[str, int]:
    """What is in the outbox goes out."""
    return delivery.deliver_due((at or timezone.now()) + timedelta(seconds=1))

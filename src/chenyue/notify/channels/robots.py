"""Robots of staff groups: DingTalk and Feishu, each by its address and, where it's set, its signing secret.

Sources: the vendors' manuals of custom robots. Both answer errors with HTTP 200 and a code of their own.
"""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import calling
from chenyue.notify.channels.held import Setup
from chenyue.notify.channels.register import Channel, Field, Outgoing, Postponed, Rate, Reach, Trouble

MOST = 4000  # characters of a message; both take some 20 KB
DINGTALK_BUSY = (130101, 90018, 410100)  # too many messages within a minute
FEISHU_BUSY = (11232, 9499000)
NEVER = (300001, 400013, 400101, 400102, 19001)  # no such robot, or the group is gone


def dingtalk_sign(milliseconds: int, secret: str) -> str:
    """The `sign` parameter, ready for an address."""
    mac = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return quote_plus(base64.b64encode(mac))


def feishu_sign(seconds: int, secret: str) -> str:
    """The `sign` field. Unlike DingTalk's, the words are the key and nothing is signed."""
    mac = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(mac).decode()


def words_of(out: Outgoing) -> str:
    """Title and text as one."""
    return "\n".join(part for part in (out.title, out.body) if part)[:MOST]


def send_dingtalk(out: Outgoing, setup: Setup) -> str:
    """Say it in the DingTalk group."""
    address = str(setup["hook"])
    if secret := setup.get("secret"):
        now = int(timezone.now().timestamp() * 1000)
        address += f"{'&' if '?' in address else '?'}timestamp={now}&sign={dingtalk_sign(now, str(secret))}"
    return _said(address, {"msgtype": "text", "text": {"content": words_of(out)}}, "errcode", "errmsg", DINGTALK_BUSY)


def send_feishu(out: Outgoing, setup: Setup) -> str:
    """Say it in the Feishu group."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": words_of(out)}}
    if secret := setup.get("secret"):
        now = int(timezone.now().timestamp())
        body |= {"timestamp": str(now), "sign": feishu_sign(now, str(secret))}
    return _said(str(setup["hook"]), body, "code", "msg", FEISHU_BUSY)


def _said(address: str, body: dict[str, Any], code: str, words: str, busy: tuple[int, ...]) -> str:
    try:
        answer = calling.post_json(address, body)
    except calling.NotCalled as error:
        raise Trouble(error.code, words=str(error.sentence)) from error
    found = answer.json()
    result = found.get(code, found.get("StatusCode"))
    if answer.good and result == 0:
        return ""
    if result in busy or answer.status == 429:
        raise Postponed("rate", seconds=60)
    if not answer.good and result is None:
        raise Trouble(f"HTTP {answer.status}", hopeless=answer.status in (404, 410))
    raise Trouble(f"{code} {result}", hopeless=result in NEVER, words=str(found.get(words) or ""))


def hook(typed: Any) -> str:
    """The address of a robot. Refusal for one that may not be called."""
    found = str(typed).strip()
    if found:
        calling.checked(found)
    return found


def _fields() -> tuple[Field, ...]:
    about = _("The whole address as the group's settings show it; whoever knows it can write into the group.")
    return (
        Field("hook", _("Webhook address"), secret=True, required=True, most=500, help=about, check=hook),
        Field("secret", _("Signing secret"), secret=True, help=_("Where the robot's security is “sign” (加签)")),
        Field("a_minute", _("Messages a minute at most"), "number", default=20, least=1, most=100),
    )


def rates(setup: Setup) -> list[Rate]:
    """What the vendors let through."""
    return [Rate(int(setup.get("a_minute") or 20), timedelta(minutes=1))]


ABOUT = _("Alerts into a group of members. No personal data is sent: a group is read by whoever is in it.")
DINGTALK = Channel(
    "dingtalk", _("DingTalk robot"), Reach.GROUP, ABOUT, "message-circle", send_dingtalk, _fields(), rates=rates
)
FEISHU = Channel("feishu", _("Feishu robot"), Reach.GROUP, ABOUT, "message-circle", send_feishu, _fields(), rates=rates)

"""A group chat that a steward forwards: kept encrypted for three days, for that steward to tick; nothing is filed.

In WeCom itself a forwarded chat has no form that a programme gets; there the copied text is pasted. Customer service
gets it as `merged_msg`. What it links to is never fetched.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.core import site
from chenyue.core.errors import Refusal
from chenyue.core.ticks import every
from chenyue.gateway.chat import reading
from chenyue.gateway.chat.messages import Transcript
from chenyue.gateway.models_wecom import WecomForward
from chenyue.gateway.wecom.heard import Heard
from chenyue.notify.actions import notice
from chenyue.people.models import Member
from chenyue.people.rules import may

KEPT_FOR = timedelta(days=3)
FEWEST = 2  # messages with a time, for a text to be a chat


@dataclass(frozen=True)
class Chat:
    """A chat as it came, and as it was read."""

    body: str
    read: Transcript


def may_keep(member: Member) -> bool:
    """Whether this member has a group whose chats become appeals."""
    return may(member, "steward.serve") and may(member, "case.file")


def chat_in(heard: Heard, at: datetime) -> Chat | None:
    """The group chat in a message: forwarded, or pasted with its names and times. None if it is none."""
    if heard.kind == "forward":
        body = json.dumps(dict(heard.data), ensure_ascii=False)
        return _read(body, at)
    if heard.kind != "text" or heard.words.count("\n") < 2 * FEWEST - 1:
        return None
    chat = _read(heard.words, at)
    if chat is None or sum(message.at is not None for message in chat.read.messages) < FEWEST:
        return None
    return chat


def _read(body: str, at: datetime) -> Chat | None:
    try:
        return Chat(body, reading.read_text(body, at))
    except Refusal:
        return None


def as_words(chat: Chat) -> str:
    """The chat of somebody who is no steward, as their own words."""
    return "\n".join(f"{message.sender}：{message.words}" for message in chat.read.messages)


def keep(*, member: Member, chat: Chat, at: datetime) -> WecomForward:
    """Keep it for its steward, and say so on their desk."""
    row = WecomForward.objects.create(
        member=member, title=chat.read.group[:80], body=chat.body, messages=len(chat.read.messages), at=at,
        until=at + KEPT_FOR,
    )  # fmt: skip
    text = _("A group chat of %(count)s messages came by WeCom: tick what is to be registered") % {
        "count": row.messages
    }
    notice([member.pk], text, path_of(row), f"wecom-forward:{row.pk}", at)
    return row


def path_of(row: WecomForward) -> str:
    """Its page."""
    return reverse("gateway:wecom-forward", args=[row.pk])


def link_to(row: WecomForward) -> str:
    """How its steward gets there."""
    return site.base() + path_of(row) if site.base() else _("on your page “WeCom”")


def read(row: WecomForward, at: datetime) -> Transcript:
    """The chat again, for its page."""
    return reading.read_text(row.body, at)


@every(3600, "gateway.wecom.forwards")
def sweep(at: datetime) -> int:
    """What nobody ticked goes."""
    return WecomForward.objects.filter(until__lte=at).delete()[0]

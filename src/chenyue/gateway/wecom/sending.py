"""What goes out by WeCom, as channels of the outbox: answers to who wrote, work for members, alerts for a group.

An address is never somebody's name in WeCom: `guest:<row>` for who wrote to us, the member's key for members.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import calling
from chenyue.core.errors import Refusal
from chenyue.gateway.models_wecom import WecomGuest, WecomLink, WecomPerson
from chenyue.gateway.wecom import api, cards, known
from chenyue.notify import channels
from chenyue.notify.channels import Channel, Field, Outgoing, Postponed, Rate, Reach, Setup, Trouble

Kind = WecomLink.Kind
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ROBOT, PERSON, PERSON_HOUR = 20, 30, 1000  # messages: of a robot a minute; to one person a minute and an hour
FREE, WINDOW = 5, timedelta(hours=48)  # 微信客服: so many messages after each of theirs
TEXT, MARKDOWN = 2048, 4096  # bytes


def cut(words: str, most: int) -> str:
    """Words that fit into so many bytes of UTF-8, with … where something is missing."""
    raw = words.encode()
    return words if len(raw) <= most else raw[: most - 3].decode("utf-8", "ignore") + "…"


def failed(trouble: api.Trouble) -> Trouble | Postponed:
    """How the outbox understands that WeCom didn't do it: wait, try again, or give up."""
    if trouble.errcode in api.TOO_OFTEN:
        return Postponed("rate", until=trouble.after)
    code = f"wecom {trouble.errcode}" if trouble.errcode else (trouble.code or "wecom")
    return Trouble(code, hopeless=not trouble.later, words=str(trouble.sentence))


def app(kind: str = Kind.APP) -> WecomLink | None:
    """The connection of a kind that is in use: the first that is switched on."""
    return WecomLink.objects.filter(kind=kind, on=True, ended_at=None).order_by("pk").first()


def to_member(out: Outgoing, setup: Setup) -> str:
    """A line of a member's desk as a card in WeCom, with buttons where the matter is theirs to act on."""
    link, at = app(), timezone.now()
    if link is None:
        raise Trouble("switched off", hopeless=True)
    userid = known.userid_of(link, int(out.address)) if out.address.isdecimal() else ""
    if not userid:
        raise Trouble("nobody bound", hopeless=True)
    message = cards.for_member(link, int(out.address), out, at)
    return _app(link, userid, message, at)


def _app(link: WecomLink, userid: str, message: dict[str, Any], at: datetime) -> str:
    body = {"touser": userid, "agentid": api.agent(link), "enable_duplicate_check": 1} | message
    body["duplicate_check_interval"] = 600
    try:
        found = api.call(link, "/cgi-bin/message/send", body, at=at)
    except api.Trouble as trouble:
        raise failed(trouble) from trouble
    if found.get("invaliduser"):
        raise Trouble("wecom: nobody there", hopeless=True)
    return str(found.get("msgid") or "")


def to_guest(out: Outgoing, setup: Setup) -> str:
    """Words to somebody who wrote to us: within WeCom by the app, outside by customer service, in its window."""
    guest, at = guest_of(out.address), timezone.now()
    link = guest.link
    words = {"msgtype": "text", "text": {"content": cut(out.body, TEXT)}}
    if link.kind == Kind.APP:
        return _app(link, guest.address, words, at)
    if link.kind != Kind.SERVICE:
        raise Trouble("not by this way", hopeless=True)
    if at > guest.heard_at + WINDOW or guest.sent >= FREE:
        raise Trouble("window closed", hopeless=True)
    body = {"touser": guest.address, "open_kfid": link.account, "msgid": mark_of(out.key)} | words
    try:
        found = api.call(link, "/cgi-bin/kf/send_msg", body, at=at)
    except api.Trouble as trouble:
        raise failed(trouble) from trouble
    WecomGuest.objects.filter(pk=guest.pk).update(sent=guest.sent + 1)
    return str(found.get("msgid") or "")


def mark_of(key: str) -> str:
    """By what WeCom knows a repetition: up to 32 letters and digits, the same at each attempt."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def guest_of(address: str) -> WecomGuest:
    """Whom an address means; Trouble where they are forgotten, or the connection is off."""
    pk = address.removeprefix("guest:")
    found = WecomGuest.objects.select_related("link").filter(pk=int(pk) if pk.isdecimal() else 0).first()
    if found is None or not found.address:
        raise Trouble("forgotten", hopeless=True)
    if not found.link.on or found.link.ended_at:
        raise Trouble("switched off", hopeless=True)
    return found


_speaks: ContextVar[tuple[int, Callable[[str, str], str]] | None] = ContextVar("wecom_speaks", default=None)


@contextmanager
def speaking(link_id: int, say: Callable[[str, str], str]) -> Iterator[None]:
    """Inside, this process holds the connection of a robot: `say(userid, words)` speaks by it."""
    before = _speaks.set((link_id, say))
    try:
        yield
    finally:
        _speaks.reset(before)


def by_bot(out: Outgoing, setup: Setup) -> str:
    """Only the process that holds the robot's connection can send by it: until then it waits."""
    held, guest = _speaks.get(), guest_of(out.address)
    if held is None or held[0] != guest.link_id:
        raise Postponed("away", seconds=30)
    return held[1](guest.address, cut(_plain(out.body), MARKDOWN))


def to_group(out: Outgoing, setup: Setup) -> str:
    """An alert into a group, by its robot."""
    link = WecomLink(host=setup.get("host"), on=True)  # of no row: only where it is
    content = cut(f"**{_plain(out.title)}**\n{_plain(out.body)}" if out.title else _plain(out.body), MARKDOWN)
    try:
        api.by_hook(link, setup["key"], {"msgtype": "markdown", "markdown": {"content": content}}, at=timezone.now())
    except api.Trouble as trouble:
        raise failed(trouble) from trouble
    return ""


def _plain(words: str) -> str:
    """Words in which nothing is a tag or a mention of everybody."""
    return words.replace("<", "＜").replace(">", "＞")


def host(typed: str) -> str:
    """The server of a private WeCom as it is kept. Refusal if it may not be called."""
    typed = typed.strip().rstrip("/")
    if typed:
        parts = calling.checked(typed)
        if parts.query or parts.path.strip("/"):
            raise Refusal(_("Only the server, such as https://wecom.example.gov.cn"), code="address")
    return typed


def _robot_rates(setup: Setup) -> list[Rate]:
    return [Rate(ROBOT, MINUTE)]


def _person_rates(setup: Setup) -> list[Rate]:
    return [Rate(PERSON, MINUTE, each=True), Rate(PERSON_HOUR, HOUR, each=True)]


HOST = Field(
    "host", _("Server of a private WeCom"), help=_("Empty: the public one, qyapi.weixin.qq.com"), check=host, most=200
)
KEY = Field(
    "key", _("The robot's key"), required=True, secret=True, most=80,
    help=_("What follows key= in the robot's Webhook address."),
)  # fmt: skip


def reached(members: Collection[int]) -> list[int]:
    """Which of these members the app in use can write to."""
    link = app()
    rows = WecomPerson.objects.filter(corp_id=link.corp_id if link else "", member__in=members)
    return [member for member, userid in rows.values_list("member_id", "userid") if not known.outside(userid)]


def register() -> None:
    """Make the channels known."""
    channels.register_several(
        Channel(
            "wecom_group", _("WeCom group robot"), Reach.GROUP, icon="speakerphone", send=to_group,
            about=_("Tells a group of colleagues what is late or urgent: numbers and links, no names."),
            fields=(KEY, HOST), rates=_robot_rates,
        )
    )  # fmt: skip
    channels.register(
        Channel(
            "wecom_app", _("WeCom: work for members"), Reach.MEMBER, icon="clipboard-check", send=to_member,
            about=_("Cards in WeCom with buttons to accept, return and finish."), rates=_person_rates,
            reaches=reached,
        )
    )  # fmt: skip
    channels.register(
        Channel(
            "wecom", _("WeCom"), Reach.INWARD, icon="message-circle", send=to_guest, page="gateway:wecom",
            about=_("Apps, customer service, residents' reports and smart robots."), rates=_person_rates,
        )
    )  # fmt: skip
    channels.register(Channel("wecom_bot", _("WeCom smart robot"), Reach.INWARD, send=by_bot))

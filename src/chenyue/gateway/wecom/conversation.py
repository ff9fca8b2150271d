"""Who writes, and what it is: a code, an answer to a card, a forwarded group chat, or words for an appeal."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.gateway.models_wecom import WecomGuest, WecomInbound, WecomLink
from chenyue.gateway.wecom import cards, forwards, known, talks, telling
from chenyue.gateway.wecom.heard import LONGEST, Heard
from chenyue.places.models import Place
from chenyue.places.queries import place_by_code

HELP = {"帮助", "怎么用", "?", "？", "help", "菜单"}
Outcome = WecomInbound.Outcome


def guest_for(link: WecomLink, heard: Heard, at: datetime) -> WecomGuest:
    """The row of who writes; made at their first word. Each word opens the window for answers anew."""
    who = known.guest_index(link.corp_id, heard.sender)
    member = known.member_of(link.corp_id, heard.sender)
    values = {"address": heard.sender, "member": member, "heard_at": at, "sent": 0}
    guest, _fresh = WecomGuest.objects.update_or_create(link=link, who=who, defaults=values)
    return guest


def hear(link: WecomLink, heard: Heard, at: datetime) -> tuple[str, str]:
    """Understand one message; what became of it, and why."""
    if not heard.sender:
        return Outcome.PASSED, ""
    guest = guest_for(link, heard, at)
    key = f"{guest.pk}:{heard.said_at.timestamp()}"
    if code := known.code_in(heard.words):
        return _bound(link, guest, heard, code, at)
    member = guest.member
    if member is not None and heard.words and (card := cards.question(member, at)):
        telling.tell(guest, cards.answered(card, member, heard.words, at), f"card:{card.pk}:{key}", at)
        return Outcome.ACTED, ""
    if heard.words.strip().lower() in HELP:
        telling.help_once(guest, at)
        return Outcome.PASSED, ""
    if (chat := forwards.chat_in(heard, at)) is not None:
        if member is not None and forwards.may_keep(member):
            return _kept(guest, chat, heard, key, at)
        heard = Heard("text", heard.sender, heard.said_at, forwards.as_words(chat)[:LONGEST])
    if heard.kind == "voice":  # kept, but nobody here writes down what is said in it
        telling.say(guest, "wecom-typed", f"typed:{key}", at)
    if heard.kind == "other" and not heard.words:
        telling.say(guest, "wecom-typed", f"typed:{key}", at)
        return Outcome.PASSED, _("Not words and not a picture.")
    if not (heard.words or heard.media or heard.told):
        return Outcome.PASSED, ""
    return talks.gather(guest, heard, at)


def _bound(link: WecomLink, guest: WecomGuest, heard: Heard, code: str, at: datetime) -> tuple[str, str]:
    key = f"bound:{guest.pk}:{heard.said_at.timestamp()}"
    try:
        member = known.take_code(link=link, userid=heard.sender, code=code, at=at)
    except Refusal as refusal:
        telling.tell(guest, str(refusal.sentence), key, at)
        return Outcome.REFUSED, str(refusal.sentence)
    if member is None:
        telling.tell(guest, _("This code is wrong or too old. Take a new one on your page in Chenyue."), key, at)
        return Outcome.REFUSED, _("Wrong code.")
    telling.tell(guest, _("Hello, %(name)s. You are known here now.") % {"name": member.name}, key, at)
    return Outcome.BOUND, ""


def _kept(guest: WecomGuest, chat: forwards.Chat, heard: Heard, key: str, at: datetime) -> tuple[str, str]:
    assert guest.member is not None
    row = forwards.keep(member=guest.member, chat=chat, at=at)
    more: dict[str, Any] = {"count": str(row.messages), "link": forwards.link_to(row)}
    telling.say(guest, "wecom-forward", f"forward:{key}", at, **more)
    return Outcome.FORWARD, ""


def entered(link: WecomLink, heard: Heard, at: datetime) -> tuple[str, str]:
    """Somebody opened a conversation with customer service, maybe by the code on a door: then we know the building."""
    if not heard.sender:
        return Outcome.PASSED, ""
    guest = guest_for(link, heard, at)
    place = place_of(heard.scene)
    if place is not None:
        WecomGuest.objects.filter(pk=guest.pk).update(place=place)
    telling.help_once(guest, at)
    return Outcome.PASSED, ""


def place_of(scene: str) -> Place | None:
    """The place of a code such as `q=K7M2…`; None for anything else that came along."""
    code = scene.rpartition("q=")[2].strip()
    return place_by_code(code) if 4 <= len(code) <= 12 and code.isascii() and code.isalnum() else None

"""By which channel a text goes: the office's order for each text, and what each person can be reached by."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chenyue.core import office
from chenyue.notify import channels, texts
from chenyue.notify.channels import sms
from chenyue.notify.channels.register import Channel, Reach
from chenyue.notify.models import Message

if TYPE_CHECKING:
    from chenyue.notify.actions import Person

DEFAULT = ("email", "sms")  # whoever left an address by it; a short message where there is none, or where it fails


def order(template: str) -> list[str]:
    """Codes of channels in the order in which they are tried for this text; empty: it isn't sent at all."""
    found = office.get("text_routes").get(template)
    return list(DEFAULT if found is None else found)


def address_of(person: "Person", channel: Channel) -> str:
    """Where this channel reaches the person; "" where it doesn't."""
    if channel.reach == Reach.EMAIL:
        return person.email
    if channel.reach == Reach.PHONE:
        return sms.mobile(person.phone)
    if channel.reach == Reach.MEMBER and person.member_id:
        return str(person.member_id)
    return ""


def ways(template: str, person: "Person") -> list[tuple[Channel, str]]:
    """The channels by which this text can reach this person now, in order, each with the address there."""
    found = []
    for code in order(template):
        channel = channels.find(code)
        address = address_of(person, channel) if channel else ""
        if channel and address and _carries(channel, template):
            found.append((channel, address))
    return sorted(found, key=lambda way: not channels.connected(way[0]))  # mail that is only printed comes last


def _carries(channel: Channel, template: str) -> bool:
    ready = channels.ready(channel) and texts.known(template, channel.code)
    return ready and channel.carries(template, channels.of(channel.code))


def message(template: str, person: "Person", context: Mapping[str, Any]) -> Message | None:
    """The text as it goes by the first way, with the others in reserve; None if nothing reaches this person.

    Raises Refusal when a blank can't be filled.
    """
    rendered = [_rendered(template, channel, address, context) for channel, address in ways(template, person)]
    if not rendered:
        return None
    first, *others = rendered
    return Message(**first, others=json.dumps(others, ensure_ascii=False) if others else "")


def _rendered(template: str, channel: Channel, address: str, context: Mapping[str, Any]) -> dict[str, str]:
    text = texts.get(template, channel.code)
    filled = {name: str(context[name]) for name in texts.blanks(text.body + text.subject) if name in context}
    return {
        "channel": channel.code,
        "address": address,
        "title": texts.title(text.subject, context),
        "body": texts.render(text.body, context),
        "blanks": json.dumps(filled, ensure_ascii=False) if channel.reach != Reach.EMAIL else "",
    }

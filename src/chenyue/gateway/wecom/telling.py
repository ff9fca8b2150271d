"""What is said to who writes to us, by the outbox: shipped texts that the office can change, and plain sentences."""

import json
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from chenyue.core import jobs, office, rows
from chenyue.gateway.models_wecom import WecomGuest, WecomLink
from chenyue.notify import texts
from chenyue.notify.actions import Address, Letter, send_many
from chenyue.notify.models import Message

CHANNELS = ("wecom", "wecom_bot")

for _row in json.loads((Path(__file__).parents[1] / "data" / "wecom_texts.json").read_text(encoding="utf-8")):
    for _channel in CHANNELS:
        texts.register(channel=_channel, **_row)


def channel_of(guest: WecomGuest) -> str:
    """By which channel of the outbox somebody is answered."""
    return "wecom_bot" if guest.link.kind == WecomLink.Kind.BOT else "wecom"


def say(guest: WecomGuest, code: str, key: str, at: datetime, urgent: bool = True, **more: str) -> None:
    """Send one of the shipped texts; once for each key."""
    letter = letter_to(guest, code, key, **more)
    send_many([letter], about=f"wecom:{guest.link_id}", at=at, urgent=urgent)


def letter_to(guest: WecomGuest, code: str, key: str, **more: str) -> Letter:
    """A shipped text for somebody who wrote."""
    context = {"office": office.get("short_name"), **more}
    return Letter(code, Address(channel_of(guest), f"guest:{guest.pk}"), context, f"wecom:{key}"[:120])


def tell(guest: WecomGuest, words: str, key: str, at: datetime) -> None:
    """Send a sentence."""
    message = Message(
        key=f"wecom:{key}"[:120], channel=channel_of(guest), template="wecom", address=f"guest:{guest.pk}", body=words,
        about=f"wecom:{guest.link_id}", created_at=at, next_attempt_at=at, urgent=True,
    )  # fmt: skip
    rows.insert_many([message], ignore=True)
    jobs.enqueue("notify.deliver")


def help_once(guest: WecomGuest, at: datetime) -> None:
    """How it works; once a day."""
    say(guest, "wecom-help", f"help:{guest.pk}:{timezone.localtime(at):%Y%m%d}", at)

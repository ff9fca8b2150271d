"""Trying a channel out: one message at once, written into the log, and a sentence about what happened."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import events, office
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.notify import channels, delivery, texts
from chenyue.notify.channels.register import Channel, Postponed, Reach, Trouble
from chenyue.notify.models import Message
from chenyue.people.events import PeopleChanged
from chenyue.people.masking import mask_words

TEMPLATE = "test"


def try_out(*, channel: Channel, address: str, key: str, by: Actor, at: datetime) -> str:
    """Send one message (or try the credentials) and say what happened; once for each `key`.

    Raises Refusal at `address`. Not inside a transaction: the other side may take its time.
    """
    setup = channels.of(channel.code)
    if missing := channels.lacks(channel, setup):
        raise Refusal(_("Fill in first: %(fields)s") % {"fields": "、".join(str(one.label) for one in missing)})
    try:
        if channel.try_out is not None:
            said = str(channel.try_out(setup))
        else:
            said = _sent(channel, _made(channel, address, key, at), at)
    except Trouble as trouble:
        raise Refusal(_why(trouble), field="address") from trouble
    finally:
        data = {"name": str(channel.name)}
        events.emit(PeopleChanged(channels.setup_subject(channel.code), "notify.channel_tested", by, at, data))
    return said


def _why(trouble: Trouble) -> str:
    said = {"code": trouble.code, "words": mask_words(trouble.words)[:160]}
    if not trouble.words:
        return _("It was not sent: %(code)s") % said
    return _("It was not sent: %(code)s. The other side says: %(words)s") % said


def _made(channel: Channel, address: str, key: str, at: datetime) -> Message:
    """The message as a row of the log; the one that was made before for this key."""
    title, body, blanks, template = _words(channel, at)
    row, _fresh = Message.objects.get_or_create(
        key=f"test:{channel.code}:{key}"[:120],
        defaults={
            "channel": channel.code, "template": template, "address": address, "title": title, "body": body,
            "about": channels.setup_subject(channel.code), "created_at": at, "urgent": True, "blanks": blanks,
            "state": Message.State.FAILED,
        },
    )  # fmt: skip
    return row


def _words(channel: Channel, at: datetime) -> tuple[str, str, str, str]:
    """The text `test`; where a service takes only its own templates, the first that is set, with its sample."""
    setup = channels.of(channel.code)
    codes = [TEMPLATE] + [text.code for text in texts.all_texts() if text.channel == channel.code]
    found = next((c for c in codes if texts.known(c, channel.code) and channel.carries(c, setup)), "")
    if channel.reach in (Reach.EMAIL, Reach.PHONE) and not found:
        raise Refusal(_("No text can go by this channel yet."))
    text = texts.get(found, channel.code) if found else texts.get(TEMPLATE)
    moment = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    filled = {**text.sample, "office": str(office.get("short_name")), "time": moment}
    title, body = texts.title(text.subject, filled), texts.render(text.body, filled)
    return title, body, json.dumps(filled, ensure_ascii=False), text.code


def _sent(channel: Channel, row: Message, at: datetime) -> str:
    if row.state == Message.State.SENT:
        return _("This test was sent already.")
    mine = Message.objects.filter(pk=row.pk)
    ended: dict[str, Any] = {"attempts": row.attempts + 1, "next_attempt_at": None, "blanks": ""}
    try:
        sent_as = delivery.dispatch(row, at)
    except (Trouble, Postponed) as error:
        code = error.code if isinstance(error, Trouble) else f"busy: {error.why}"
        mine.update(state=Message.State.DEAD, last_error=code, **ended)
        if isinstance(error, Postponed):
            raise Refusal(_("The limit of this channel is reached. Try again later."), field="address") from error
        raise
    except Exception as error:
        mine.update(state=Message.State.DEAD, last_error=delivery.describe(error), **ended)
        raise Trouble(delivery.describe(error), words=str(error)) from error
    mine.update(state=Message.State.SENT, sent_at=at, sent_as=sent_as[:80], last_error="", **ended)
    return _("%(channel)s took the test message. See whether it has arrived.") % {"channel": channel.name}

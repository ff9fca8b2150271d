"""Putting messages into the outbox, notices on desks, and changing texts. Sending is `delivery`."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import events, jobs, rows, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.text import clean
from chenyue.notify import alerts, routes, texts
from chenyue.notify.models import Channel, Message, Notice, TextTemplate
from chenyue.people.events import PeopleChanged
from chenyue.people.models import Member

MAX_NOTICE = 300
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """Inside, nobody is told anything: for acts of the past that are only written down now."""
    before = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(before)


def is_quiet() -> bool:
    """Whether nobody shall be told anything now."""
    return _quiet.get()


@dataclass(frozen=True)
class Address:
    """Where a message goes: an e-mail address, or a member's desk."""

    channel: str
    address: str = ""
    member: Member | None = None


@dataclass(frozen=True)
class Person:
    """Somebody with all the addresses that may be used: by which they are told, the office's order says (`routes`)."""

    email: str = ""
    phone: str = ""
    member_id: int | None = None


@dataclass(frozen=True)
class Letter:
    """One message that is to be sent; see `send`."""

    template: str
    to: Address | Person
    context: Mapping[str, Any]
    key: str


def send(
    *,
    template: str,
    to: Address | Person,
    context: Mapping[str, Any],
    about: str,
    key: str,
    at: datetime,
    urgent: bool = False,
) -> None:
    """Render a text and put it into the outbox, in the transaction of the act. One statement.

    `key` makes it once only: a second call with it does nothing. Raises KeyError for an unknown
    text, Refusal when a blank can't be filled.
    """
    send_many([Letter(template, to, context, key)], about=about, at=at, urgent=urgent)


def send_many(letters: Collection[Letter], *, about: str, at: datetime, urgent: bool = False) -> None:
    """`send` for several; one statement for all messages and one for all notices."""
    if _quiet.get():
        return
    messages, notices = [], []
    for letter in letters:
        if isinstance(letter.to, Person):
            found = routes.message(letter.template, letter.to, letter.context)
            if found is not None:
                messages.append(_queued(found, letter, about, at, urgent))
            continue
        text = texts.get(letter.template, letter.to.channel)
        title, body = texts.title(text.subject, letter.context), texts.render(text.body, letter.context)
        if letter.to.channel == Channel.IN_APP:
            if letter.to.member is not None:
                url = str(letter.context.get("url", ""))
                notices.append(_notice(letter.to.member.pk, body, url, letter.key, at, urgent))
        elif letter.to.address:
            found = Message(channel=letter.to.channel, address=letter.to.address, title=title, body=body)
            messages.append(_queued(found, letter, about, at, urgent))
    _place(notices, at)
    if messages:
        rows.insert_many(messages, ignore=True)
        if urgent:  # others wait for the tick, a minute at most
            jobs.enqueue("notify.deliver")


def _queued(message: Message, letter: Letter, about: str, at: datetime, urgent: bool) -> Message:
    message.key, message.template, message.about = letter.key, letter.template, about
    message.created_at = message.next_attempt_at = at
    message.urgent = urgent
    return message


def _place(lines: list[Notice], at: datetime) -> None:
    """Put lines on desks, and on the telephones of those whom a channel reaches."""
    if lines:
        rows.insert_many(lines, ignore=True)
        alerts.ring_members(lines, at)


def notice(member_ids: Collection[int], text: str, url: str, key: str, at: datetime, urgent: bool = False) -> None:
    """Put a line on the desks of these members; once per `key` and member. One statement."""
    lines = [_notice(pk, str(text), url, f"{key}:{pk}", at, urgent) for pk in dict.fromkeys(member_ids)]
    if not _quiet.get():
        _place(lines, at)


def _notice(member_id: int, text: str, url: str, key: str, at: datetime, urgent: bool) -> Notice:
    short = text if len(text) <= MAX_NOTICE else text[: MAX_NOTICE - 1] + "…"
    return Notice(key=key, member_id=member_id, text=short, url=url[:200], urgent=urgent, created_at=at)


def mark_read(*, member: Member, at: datetime, notice_id: int | None = None) -> int:
    """Mark one or all of a member's own notices as read; how many were unread."""
    rows = Notice.objects.filter(member=member, read_at=None)
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=at)


def resend(*, message: Message, by: Actor, at: datetime) -> bool:
    """Send a message again that failed or was given up; False if it is sent or on its way already."""
    States = Message.State
    changed = Message.objects.filter(pk=message.pk, state__in=[States.FAILED, States.DEAD]).update(
        state=States.QUEUED, attempts=0, next_attempt_at=at, last_error="", held="", held_since=None
    )
    if changed:
        events.emit(PeopleChanged(message.about or "office", "notify.resent", by, at, {"template": message.template}))
    return bool(changed)


@transaction.atomic
def save_text(*, code: str, channel: str, subject: str, body: str, by: Actor, at: datetime) -> TextTemplate:
    """Change a text. Refused if it has a blank that nothing will fill; versions count up."""
    subject, body = clean(subject), clean(body)
    if not body:
        raise Refusal(_("The text is empty."), field="body", code="empty")
    texts.get(code, channel)  # KeyError for a text that no package uses
    texts.preview(code, channel, subject, body)
    row, _fresh = TextTemplate.objects.select_for_update().get_or_create(
        code=code, channel=channel, defaults={"body": "", "version": 0}
    )
    row.subject, row.body, row.version = subject[:120], body, row.version + 1
    row.save()
    snapshots.bump("texts")
    data = {"code": code, "channel": str(channel), "version": row.version}
    events.emit(PeopleChanged("office", "notify.text_saved", by, at, data))
    return row


@transaction.atomic
def restore_text(*, code: str, channel: str, by: Actor, at: datetime) -> None:
    """Go back to the text as shipped."""
    TextTemplate.objects.filter(code=code, channel=channel).delete()
    snapshots.bump("texts")
    data = {"code": code, "channel": str(channel)}
    events.emit(PeopleChanged("office", "notify.text_restored", by, at, data))


def forget(addresses: Collection[str], about: Collection[str]) -> int:
    """Clear address and words of messages about these subjects to these addresses; what waits isn't sent."""
    rows = Message.objects.filter(about__in=about)
    gone = [row.pk for row in rows.iterator(chunk_size=500) if {row.address, *row.other_addresses} & {*addresses}]
    Message.objects.filter(pk__in=gone, state__in=[Message.State.QUEUED, Message.State.FAILED]).update(
        state=Message.State.DEAD, next_attempt_at=None
    )
    return Message.objects.filter(pk__in=gone).update(
        address="", body="", title="", last_error="", blanks="", others=""
    )

"""What rings where people work together: alerts into groups, and urgent notices on members' telephones.

A package that has something to ring about registers a kind; each channel that reaches a group says on its settings
page which kinds it takes. Texts of alerts carry no personal data: a group is read by whoever is in it.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import jobs, rows, site
from chenyue.core.errors import Sentence
from chenyue.notify import channels
from chenyue.notify.channels.register import Channel, Field, Reach
from chenyue.notify.models import Message

KINDS: dict[str, Sentence] = {}
NOTICES = [("none", _("None")), ("urgent", _("Urgent ones")), ("all", _("All"))]


def register(kind: str, label: Sentence) -> None:
    """Make a kind of alert known, such as `emergency`."""
    KINDS[kind] = label


def kinds() -> list[tuple[str, Sentence]]:
    """All kinds with their names, to choose from."""
    return list(KINDS.items())


def fields_for(reach: Reach) -> list[Field]:
    """Settings that every channel of this reach has."""
    if reach == Reach.GROUP:
        return [Field("alerts", _("What is told to the group"), "several", choices=kinds, default=())]
    if reach == Reach.MEMBER:
        text = _("Notices that also ring on the telephone")
        return [Field("notices", text, "choice", choices=NOTICES, default="urgent")]
    return []


def ring(*, kind: str, title: str, text: str, path: str, key: str, at: datetime, urgent: bool = True) -> int:
    """Put an alert into the outbox for every group that takes this kind; to how many. One statement, none for none.

    `path` of a page here; it becomes a link where the office's address is known. Once for each `key` and channel.
    """
    taking = [
        channel.code
        for channel in channels.all_channels()
        if channel.reach == Reach.GROUP and channels.ready(channel) and kind in channels.of(channel.code).get("alerts")
    ]
    if not taking:
        return 0
    link = site.base() + path if path and site.base() else ""
    body = "\n".join(part for part in (text, link) if part)
    messages = [
        Message(
            key=f"{key}>{code}"[:120], channel=code, template=f"alert-{kind}", title=title[:160], body=body,
            about=f"alert:{kind}"[:60], created_at=at, next_attempt_at=at, urgent=urgent,
        )
        for code in taking
    ]  # fmt: skip
    rows.insert_many(messages, ignore=True)
    jobs.enqueue("notify.deliver")
    return len(messages)


def ring_members(lines: Collection[Any], at: datetime) -> None:
    """The notices among `lines` that members also get by channels that reach them; one statement, none for none."""
    messages = [
        Message(
            key=f"{line.key}>{channel.code}"[:120], channel=channel.code, template="notice",
            address=str(line.member_id), title="", body=line.text, about=f"member:{line.member_id}",
            blanks=json.dumps({"url": line.url}) if line.url else "", created_at=at, next_attempt_at=at,
            urgent=line.urgent,
        )
        for channel, line in _reached(lines)
    ]  # fmt: skip
    if messages:
        rows.insert_many(messages, ignore=True)
        if any(line.urgent for line in lines):
            jobs.enqueue("notify.deliver")


def _reached(lines: Collection[Any]) -> list[tuple[Channel, Any]]:
    """Which lines also go by which channels that reach members: those it wants, to members whom it knows."""
    found = []
    for channel in channels.all_channels():
        if channel.reach != Reach.MEMBER or not channels.ready(channel):
            continue
        setting = channels.of(channel.code).get("notices")
        wanted = [line for line in lines if _wanted(setting, line.urgent)]
        known = set(channel.reaches([line.member_id for line in wanted])) if wanted else set()
        found += [(channel, line) for line in wanted if line.member_id in known]
    return found


def _wanted(setting: Any, urgent: bool) -> bool:
    return setting == "all" or (setting == "urgent" and urgent)

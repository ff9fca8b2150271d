"""The log of what was sent, as its page shows it: who masked, when, what kind, what came of it; never the words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core.text import clean
from chenyue.notify import alerts, channels, texts
from chenyue.notify.channels import Reach
from chenyue.notify.channels.register import WHY_WAITS
from chenyue.notify.models import Message
from chenyue.people.models import Member

ALERT = "alert-"
LONGEST = 24  # characters of a text without a subject that it is called by
BLANK = re.compile(r"\{[^{}]{1,60}\}")
ASIDE = re.compile(r"^\{[^{}]{1,60}\}：|（[^（）]{0,60}\{[^（）]{0,60}）")  # what differs from one message to the next
NAMES = {"notice": _("Notice on the desk"), "test": _("Test")}


@dataclass(frozen=True)
class Asked:
    """The filters of the log, each "" where it isn't asked for."""

    state: str = ""
    channel: str = ""
    template: str = ""
    about: str = ""
    before: int | None = None

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> "Asked":
        """What an address asks for; what isn't known asks for nothing."""
        before, state, channel = sent.get("before", ""), sent.get("state", ""), sent.get("channel", "")
        return cls(
            state if state in Message.State.values else "",
            channel if channels.find(channel) else "",
            clean(sent.get("kind", ""))[:60],
            clean(sent.get("about", ""))[:60],
            int(before) if before.isdecimal() and len(before) < 18 else None,
        )

    @property
    def filters(self) -> dict[str, str]:
        """For `queries.messages`."""
        return {"state": self.state, "channel": self.channel, "template": self.template, "about": self.about}


def name_of(template: str, subject: str = "") -> str:
    """What a text is called: its subject without what differs from one message to the next."""
    if template in NAMES:
        return str(NAMES[template])
    if template.startswith(ALERT):
        return str(alerts.KINDS.get(template.removeprefix(ALERT), template))
    if not subject and texts.known(template, "email"):
        subject = texts.get(template).subject
    if not subject:
        subject = next((text.body for text in texts.all_texts() if text.code == template), "")
        subject = BLANK.sub("…", subject.split("\n")[0])[:LONGEST]
    return BLANK.sub("…", ASIDE.sub("", subject)).strip() or template


def ways() -> list[tuple[str, Any]]:
    """Channels that send, to choose from."""
    return [(one.code, one.name) for one in channels.offered() if one.send is not None]


def kinds() -> list[tuple[str, str]]:
    """Kinds of messages, to choose from."""
    codes = list(dict.fromkeys(text.code for text in texts.all_texts() if text.channel != "in_app"))
    codes += ["notice", *(ALERT + kind for kind in alerts.KINDS)]
    return [(code, name_of(code)) for code in dict.fromkeys(codes)]


def shown(rows: Sequence[Message]) -> list[dict[str, Any]]:
    """Rows of the log. One more statement where members are told by a channel of theirs."""
    members = _members(rows)
    found = []
    for row in rows:
        channel = channels.find(row.channel)
        to = channels.mask(row.channel, row.address)
        if channel is not None and channel.reach == Reach.MEMBER:
            to = members.get(row.address, "")
        found.append(
            {
                "row": row, "channel": channel.name if channel else row.channel, "to": to,
                "kind": name_of(row.template), "waits": WHY_WAITS.get(row.held, "") if row.held else "",
                "again": row.state in (Message.State.FAILED, Message.State.DEAD),
            }
        )  # fmt: skip
    return found


def _members(rows: Sequence[Message]) -> dict[str, str]:
    reached = {one.code for one in channels.all_channels() if one.reach == Reach.MEMBER}
    wanted = {int(row.address) for row in rows if row.channel in reached and row.address.isdecimal()}
    if not wanted:
        return {}
    return {str(pk): name for pk, name in Member.objects.filter(pk__in=wanted).values_list("pk", "name")}

"""Texts as data: what packages ship, what an office made of it, and the one renderer of both.

A blank is `{name}`. Nothing else is understood: no expressions, no attributes, so that a text that
somebody types can't reach into the product.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import snapshots
from chenyue.core.errors import Refusal
from chenyue.notify.models import Channel, TextTemplate

BLANK = re.compile(r"\{([^{}\n]{0,60})\}")
MAX_TITLE = 160


@dataclass(frozen=True)
class Text:
    """A text with its blanks; `sample` fills them in the preview."""

    code: str
    channel: str
    subject: str
    body: str
    sample: Mapping[str, str] = field(default_factory=dict)
    version: int = 0  # 0: as shipped


_shipped: dict[tuple[str, str], Text] = {}
_fleeting: dict[str, timedelta] = {}


def register(code: str, channel: str, subject: str, body: str, sample: Mapping[str, str] | None = None) -> None:
    """Ship a default text. An office's own row overrides it. Without a sample it has that of the text as e-mail."""
    filled = _shipped[code, str(Channel.EMAIL)].sample if sample is None else sample
    _shipped[code, str(channel)] = Text(code, str(channel), subject, body, dict(filled))


def fleeting(code: str, lasts: timedelta) -> None:
    """Say that a text is of use for so long only: later it isn't sent, and its words aren't kept when it was."""
    _fleeting[code] = lasts


def lasts(code: str) -> timedelta | None:
    """How long a text is of use; None: as long as it takes."""
    return _fleeting.get(code)


def _load() -> dict[tuple[str, str], Text]:
    rows = {}
    for row in TextTemplate.objects.all():
        shipped = _shipped.get((row.code, row.channel))
        sample = shipped.sample if shipped else {}
        rows[row.code, row.channel] = Text(row.code, row.channel, row.subject, row.body, sample, row.version)
    return rows


_changed = snapshots.Snapshot("texts", _load)


def all_texts() -> list[Text]:
    """Every text as it is in force, by code."""
    return sorted((_shipped | _changed.get()).values(), key=lambda text: (text.code, text.channel))


def get(code: str, channel: str = Channel.EMAIL) -> Text:
    """The text in force. Raises KeyError if nobody ships it."""
    key = (code, str(channel))
    return _changed.get().get(key) or _shipped[key]


def known(code: str, channel: str) -> bool:
    """Whether there is such a text for this channel."""
    return (code, str(channel)) in _shipped or (code, str(channel)) in _changed.get()


def blanks(body: str) -> list[str]:
    """The blanks of a text, in order, each once."""
    return list(dict.fromkeys(found.strip() for found in BLANK.findall(body)))


def render(body: str, context: Mapping[str, Any]) -> str:
    """Fill the blanks. Raises Refusal that names those for which there is nothing."""
    missing = [name for name in blanks(body) if context.get(name) is None]
    if missing:
        raise Refusal(
            _("Nothing is known for these blanks: %(blanks)s") % {"blanks": "、".join(missing)},
            field="body",
            code="blanks",
        )
    return BLANK.sub(lambda found: str(context[found[1].strip()]), body)


def title(subject: str, context: Mapping[str, Any]) -> str:
    """A filled subject line: one line, so that no header can be smuggled in."""
    return " ".join(render(subject, context).split())[:MAX_TITLE]


@dataclass(frozen=True)
class Preview:
    """A text as it would be sent."""

    title: str
    body: str


def preview(code: str, channel: str, subject: str, body: str) -> Preview:
    """A text that isn't saved yet, filled with the sample; Refusal names blanks that nothing fills."""
    shipped = _shipped.get((code, str(channel)))
    sample = shipped.sample if shipped else {}
    return Preview(title(subject, sample), render(body, sample))

"""What a channel is, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence
from chenyue.people import masking

GROUPS = 5  # robots of one kind that an office can connect

if TYPE_CHECKING:
    from chenyue.notify.channels.held import Setup


class Reach(StrEnum):
    """Whom a channel reaches, and so what an address of it is."""

    DESK = "desk"  # a member's desk in this product
    EMAIL = "email"  # anybody, by an e-mail address
    PHONE = "phone"  # anybody, by a mobile number
    MEMBER = "member"  # a member: the address is their key, the channel knows where that is
    GROUP = "group"  # a group of members: one per channel, the address is empty
    INWARD = "inward"  # nobody: only words that come in


@dataclass(frozen=True)
class Field:
    """One setting of a channel, as its page asks for it.

    `kind`: text, area (several lines), number, yes, choice, several (a list of choices). A `secret` is kept
    encrypted and shown as dots. `driver`: only asked for when this driver is chosen. `check` gets what was typed and
    gives back what is kept; it raises Refusal.
    """

    name: str
    label: Sentence
    kind: str = "text"
    help: Sentence = ""
    example: str = ""  # as it is typed, behind the help
    default: Any = ""
    choices: Sequence[tuple[str, Sentence]] | Callable[[], Sequence[tuple[str, Sentence]]] = ()
    required: bool = False
    secret: bool = False
    driver: str = ""
    most: int = 400  # characters, or the largest number
    least: int = 0
    check: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Rate:
    """No more than `most` within a span; `each`: for each address instead of for the channel."""

    most: int
    within: timedelta
    each: bool = False


@dataclass(frozen=True)
class Outgoing:
    """What is to be sent. `key` is the same at every attempt: by it the other side may know a repetition."""

    key: str
    template: str
    address: str
    title: str
    body: str
    about: str = ""
    blanks: Mapping[str, str] = field(default_factory=dict)  # what the text's blanks were filled with
    urgent: bool = False


class Trouble(Exception):
    """It wasn't sent. `code` stands in the log: short, never with anybody's data.

    `hopeless`: trying again is of no use. `words` of the other side are shown, masked, to who tests, and not kept.
    """

    def __init__(self, code: str, *, hopeless: bool = False, words: str = "") -> None:
        super().__init__(code)
        self.code = code[:80]
        self.hopeless = hopeless
        self.words = words[:300]


class Postponed(Exception):
    """Not now: the other side (or a rule) asks for patience. Counts as no attempt."""

    def __init__(self, why: str = "rate", *, until: datetime | None = None, seconds: int = 60) -> None:
        super().__init__(why)
        self.why = why  # a word of `WHY_WAITS`
        self.until = until
        self.seconds = seconds


WHY_WAITS: dict[str, Sentence] = {
    "rate": _("waits: the channel's limit is reached"),
    "night": _("waits for the morning"),
    "away": _("waits: the service can't be reached"),
}


def _no_rates(_setup: Setup) -> Sequence[Rate]:
    return ()


def _everybody(members: Collection[int]) -> Collection[int]:
    return members


def _any_text(_code: str, _setup: Setup) -> bool:
    return True


@dataclass(frozen=True)
class Channel:
    """One way out of the house (or into it). See the package's docstring.

    `drivers`: by which service, where there are several. `carries(template, setup)`: whether this text can go by it.
    `works(setup)`: whether it really reaches anybody, where being switched on doesn't say it. `log`: URL name of the
    page that says what came in.
    `reaches(members)`: which of these members, by key, a channel of members knows; all, where it doesn't say.
    `try_out(setup)`: tries what is kept and says in a sentence what happened, for channels that a test message
    doesn't fit. `page`: URL name of a settings page of its own. `always`: needs no settings to work. `behind`: the
    channel that is connected before this one is offered.
    """

    code: str  # at most 20 characters, for good: it stands in rows
    name: Sentence
    reach: Reach
    about: Sentence = ""
    icon: str = "send"
    send: Callable[[Outgoing, Setup], str] | None = None
    fields: Sequence[Field] = ()
    drivers: Mapping[str, Sentence] = field(default_factory=dict)
    rates: Callable[[Setup], Sequence[Rate]] = _no_rates
    carries: Callable[[str, Setup], bool] = _any_text
    try_out: Callable[[Setup], Sentence] | None = None
    reaches: Callable[[Collection[int]], Collection[int]] = _everybody
    night: bool = False  # waits through the quiet hours unless urgent
    works: Callable[[Setup], bool] | None = None
    page: str = ""
    log: str = ""
    always: bool = False
    behind: str = ""


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> Channel:
    """Make a channel known. Called from `ready()` of its package; the last of a code holds."""
    if len(channel.code) > 20:
        raise ValueError(channel.code)
    _channels[channel.code] = channel
    return channel


def register_several(channel: Channel, count: int = GROUPS) -> None:
    """A channel that may be connected several times, each with its own settings, rates and log: `code`, `code_2`, …"""
    register(channel)
    before = channel.code
    for number in range(2, count + 1):
        name = format_lazy("{name} {number}", name=channel.name, number=number)
        before = register(replace(channel, code=f"{channel.code}_{number}", name=name, behind=before)).code


def all_channels() -> list[Channel]:
    """Every channel there is, by reach, then by code."""
    order = list(Reach)
    return sorted(_channels.values(), key=lambda one: (order.index(one.reach), one.code))


def get(code: str) -> Channel:
    """The channel of this code. Raises KeyError."""
    return _channels[code]


def find(code: str) -> Channel | None:
    """The channel of this code, if there is (still) one."""
    return _channels.get(code)


def fields_of(channel: Channel, driver: str = "") -> list[Field]:
    """What its page asks for: its own settings, and those that every channel of its reach has."""
    from chenyue.notify import alerts

    own = [one for one in channel.fields if one.driver in ("", driver)]
    return own + alerts.fields_for(channel.reach)


def mask(code: str, address: str) -> str:
    """An address as it may be shown in a log."""
    channel = find(code)
    reach = channel.reach if channel else None
    if reach == Reach.EMAIL:
        return masking.mask_email(address)
    if reach == Reach.PHONE:
        return masking.mask_phone(address)
    if reach in (Reach.GROUP, Reach.MEMBER, Reach.DESK):
        return address
    return "***" if address else ""

"""What upper packages put into the frame of every page: doors of the navigation, counts, state words.

Core knows no domain. `chenyue.wiring` and the packages' `ready()` say what belongs here:

    chrome.door("staff", "inbox", _("Inbox"), "desk:inbox", icon="inbox", order=20, word="case.triage")
    chrome.states("case", {"received": (_("Received"), "wait", "inbox")})
    chrome.unread_by(lambda request: ...)
    chrome.allowed_by(lambda member, word: ...)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest

from chenyue.core.addresses import address
from chenyue.core.errors import Sentence

TONES = ("neutral", "done", "wait", "due", "late", "brand")


@dataclass(frozen=True)
class Door:
    """One entry of a navigation; `word` is the permission it asks for, `key` its keyboard letter."""

    audience: str  # staff | resident
    name: str
    label: Sentence
    url_name: str
    icon: str = ""
    order: int = 50
    word: str | None = None
    menu: bool = False  # in the account menu instead of the bar
    when: Callable[[], bool] | None = None  # a door that is there at times only: whether it is now


class Look(NamedTuple):
    """How a state is shown."""

    word: Sentence
    tone: str
    icon: str = ""


@dataclass(frozen=True)
class Shown:
    """A door as a template shows it."""

    label: Sentence
    url: str
    icon: str
    current: bool
    menu: bool


_doors: dict[tuple[str, str], Door] = {}
_ordered: dict[str, list[Door]] = {}
_states: dict[str, dict[str, Look]] = {}
_unread: list[Callable[[HttpRequest], int]] = []
_allowed: list[Callable[[Any, str], bool]] = []


def door(audience: str, name: str, label: Sentence, url_name: str, **more: Any) -> None:
    """Add an entry to a navigation, or replace the one of this name."""
    _doors[audience, name] = Door(audience, name, label, url_name, **more)
    _ordered.clear()


def states(kind: str, looks: dict[str, tuple[Any, ...]]) -> None:
    """Say how the states of a kind of thing (`case`, `assignment`, `message`) are shown."""
    _states.setdefault(kind, {}).update({str(state): Look(*look) for state, look in looks.items()})


def look_of(kind: str, state: str) -> Look:
    """The word, tone and icon of a state; a state nobody described shows as itself."""
    return _states.get(kind, {}).get(str(state)) or Look(str(state), "neutral")


def unread_by(count: Callable[[HttpRequest], int]) -> None:
    """Who counts the unread notices of the signed-in member (called only if a page shows them)."""
    _unread[:] = [count]


def allowed_by(may: Callable[[Any, str], bool]) -> None:
    """Who decides whether a member sees a door that asks for a permission; one who says yes is enough."""
    if may not in _allowed:
        _allowed.append(may)


def unread(request: HttpRequest) -> int:
    """Unread notices of the signed-in member; 0 for anyone else."""
    return _unread[0](request) if _unread and request.user.is_authenticated else 0


def _in_order(audience: str) -> list[Door]:
    found = _ordered.get(audience)
    if found is None:
        found = sorted((d for d in _doors.values() if d.audience == audience), key=lambda d: d.order)
        _ordered[audience] = found
    return found


def navigation(request: HttpRequest, audience: str) -> list[Shown]:
    """The doors of an audience that this person may use and that exist, in their order."""
    shown, person = [], request.user
    for entry in _in_order(audience):
        if entry.word and not any(may(person, entry.word) for may in _allowed):
            continue
        if entry.when and not entry.when():
            continue
        url = address(entry.url_name)
        if url is None:
            continue
        current = request.path == url or (url.count("/") > 2 and request.path.startswith(url))
        shown.append(Shown(entry.label, url, entry.icon, current, entry.menu))
    return shown

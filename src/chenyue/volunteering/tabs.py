"""The pages of volunteering for staff: each is registered by the part that owns it, in a module that `apps` starts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from chenyue.core.errors import Sentence
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.volunteering.seeing import SEE, takes_part

# overview 10 · needs 20 · activities 30 · volunteers 35 · hours 40 · credits 50 · contracts 60 · bookings 70 ·
# certificates 80 · rules 90
Shown = Callable[[Member], bool]


@dataclass(frozen=True)
class Tab:
    """One page: its name, its word, its URL name without arguments, and who sees it."""

    name: str
    word: Sentence
    url_name: str
    order: int
    shown: Shown


_tabs: dict[str, Tab] = {}


def who(*words: str) -> Shown:
    """Members who hold one of these words (or may read all of volunteering)."""
    return lambda member: any(may(member, word) for word in (SEE, *words))


def register(name: str, word: Sentence, url_name: str, order: int, shown: Shown = takes_part) -> None:
    """Add a page, or replace the one of this name. One whose URL doesn't exist is left out."""
    _tabs[name] = Tab(name, word, url_name, order, shown)


def tabs_for(member: Member) -> list[tuple[str, str, Sentence]]:
    """Name, address and word of each page that this member may open."""
    found = []
    for tab in sorted(_tabs.values(), key=lambda one: one.order):
        if tab.shown(member):
            try:
                found.append((tab.name, reverse(tab.url_name), tab.word))
            except NoReverseMatch:
                continue
    return found

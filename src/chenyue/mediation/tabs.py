"""The pages of one mediation: each is registered by the part that owns it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from chenyue.core.errors import Sentence
from chenyue.mediation import seeing
from chenyue.mediation.models import Mediation
from chenyue.people.models import Member

# overview 10 · people 20 · meetings 30 · evidence 40 · caucus 50 · agreement 60 · performance 70 · dossier 80 ·
# calculators 90
Shown = Callable[[Member, Mediation], bool]


@dataclass(frozen=True)
class Tab:
    """One page: its name, its word, the URL that takes the mediation's number, and who sees it."""

    name: str
    word: Sentence
    url_name: str
    order: int
    shown: Shown


_tabs: dict[str, Tab] = {}


def sees(member: Member, mediation: Mediation) -> bool:
    """Whoever sees the mediation as a whole."""
    return seeing.may(member, mediation, "see")


def register(name: str, word: Sentence, url_name: str, order: int, shown: Shown = sees) -> None:
    """Add a page, or replace the one of this name. One whose URL doesn't exist is left out."""
    _tabs[name] = Tab(name, word, url_name, order, shown)


def tabs_for(member: Member, mediation: Mediation) -> list[tuple[str, str, Sentence]]:
    """Name, address and word of each page that this member may open."""
    found = []
    for tab in sorted(_tabs.values(), key=lambda one: one.order):
        if tab.shown(member, mediation):
            try:
                found.append((tab.name, reverse(tab.url_name, args=[mediation.number]), tab.word))
            except NoReverseMatch:
                continue
    return found

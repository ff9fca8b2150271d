"""How long what is kept of people stays: each kind has its number of days, which the office changes on a page.

Packages register what they keep; `upkeep.keeping` shows it, says why, and removes what nobody tidies by itself. A kind
that `asks` removes nothing until one person has asked for it and another has agreed; the others have always been
tidied by night, and the office only says after how many days.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from chenyue.core import events, office


@dataclass(frozen=True)
class Found:
    """What is older than its time: rows and files that would go, since when the oldest is there, and what is held."""

    rows: int = 0
    files: int = 0
    oldest: datetime | None = None
    held: int = 0  # of those over their time: something still goes on, so they stay


Look = Callable[[datetime, datetime], Found]


@dataclass(frozen=True)
class Kind:
    """One kind of what is kept. `look(before, at)` counts; `remove(before, at)` removes some and says how many."""

    name: str
    days: int  # unless the office says otherwise; for a kind that asks: what is proposed
    least: int  # days; the law or the work asks for so many
    look: Look
    remove: Look | None = None

    @property
    def asks(self) -> bool:
        """Whether two people decide before anything is removed."""
        return self.remove is not None


@dataclass(frozen=True)
class Removed:
    """Something was removed because its time was over; who it was about isn't said."""

    kind: str
    days: int
    rows: int
    files: int
    at: datetime


_kinds: dict[str, Kind] = {}


def register(name: str, *, days: int, least: int, look: Look, remove: Look | None = None) -> None:
    """Say that something is kept for so many days."""
    _kinds[name] = Kind(name, days, least, look, remove)


def kinds() -> dict[str, Kind]:
    """All that are registered, by name."""
    return dict(_kinds)


def days(name: str) -> int:
    """After how many days it goes; 0: it stays, because nobody has decided otherwise."""
    kind, chosen = _kinds[name], office.get("keep_days").get(name)
    if not chosen:
        return 0 if kind.asks else kind.days
    return max(int(chosen), kind.least)


def before(name: str, at: datetime) -> datetime:
    """What is older than this is over its time. Only for kinds that don't ask, or that are in force."""
    return at - timedelta(days=days(name))


def counted(rows: QuerySet[Any], moment: str, held: int = 0) -> Found:
    """How many rows, and the oldest by the column `moment`. Two statements."""
    return Found(rows.count(), 0, rows.aggregate(oldest=Min(moment))["oldest"], held)


def told(name: str, rows: int, at: datetime, files: int = 0) -> int:
    """Tell that so many were removed, nothing if none was; how many."""
    if rows or files:
        events.emit(Removed(name, days(name), rows, files, at))
    return rows

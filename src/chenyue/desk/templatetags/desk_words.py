"""Small words of the desk's templates."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from chenyue.desk.queries import SHOWN

register = template.Library()


@register.filter
def capped(count: int) -> str:
    """A count that stopped counting: `99+`."""
    return f"{SHOWN}+" if count > SHOWN else str(count)


@register.filter
def percent(share: Any) -> str:
    """A share as people read it: 0.87 → 87 %."""
    return f"{round(float(share) * 100)}%" if share is not None else ""


NAMELESS = {"system": _("The system"), "resident": _("A resident")}
CLOCK_VERB = "case.escalated"


@register.filter
def clocks_folded(entries: Iterable[Any]) -> list[tuple[Any, ...]]:
    """A history in groups: what the clocks said one after the other stands together, all else by itself."""
    groups: list[tuple[Any, ...]] = []
    for is_clock, run in groupby(entries, lambda entry: entry.verb == CLOCK_VERB):
        lines = tuple(run)
        groups += [lines] if is_clock else [(line,) for line in lines]
    return groups


@register.filter
def who(entry: Any) -> str:
    """Who did what an entry tells: the name, or what kind of author has none."""
    return str(entry.actor_label or NAMELESS.get(entry.actor_kind, entry.actor_kind))


@register.filter
def by_key(table: Any, key: Any) -> Any:
    """The value of a key; None where there is none, or no table."""
    return table.get(key) if isinstance(table, dict) else None


@register.filter
def lookup(table: dict[Any, Any], key: Any) -> Any:
    """The value of a key, or a dash."""
    return table.get(key, "–")

"""Small words of the desk's templates."""

from typing import Any

from django import template

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


@register.filter
def lookup(table: dict[Any, Any], key: Any) -> Any:
    """The value of a key, or a dash."""
    return table.get(key, "–")

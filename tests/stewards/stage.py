"""What tests of stewards stand on: somebody to appoint, and the buildings of 金桂苑."""

from datetime import date
from typing import Any

from cast import NOW
from chenyue.stewards import actions
from chenyue.stewards.models import Steward, Term

TODAY = date(2026, 11, 24)


def steward(cast: Any, name: str = "周桂珍", member: Any = None, **fields: Any) -> Steward:
    """A steward whom the office wrote down at the beginning of the month."""
    details = {"since": date(2026, 11, 1)} | fields
    return actions.save_steward(name=name, member=member, by=cast.zhao.actor(), at=NOW, **details)


def term(cast: Any, who: Steward, place: str = "金桂苑2幢", role: str = "main", **more: Any) -> Term:
    """A term since the beginning of the month."""
    details = {"since": date(2026, 11, 1)} | more
    return actions.begin_term(
        steward=who, building=cast.place(place), role=role, by=cast.zhao.actor(), at=details.pop("at", NOW), **details
    )

"""What places tell others."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chenyue.core.actors import Actor


@dataclass(frozen=True)
class PlaceChanged:
    """One place was `added`, `changed`, `renamed`, `deactivated`, `reactivated`, or got or lost an `alias`.

    `data` has its full name as `name`, and what the change was.
    """

    place_id: int
    change: str
    by: Actor
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlacesImported:
    """A table of places was imported; `rows` is how many it had."""

    filename: str
    rows: int
    created: int
    updated: int
    by: Actor
    at: datetime

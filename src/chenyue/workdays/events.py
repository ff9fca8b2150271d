"""What the working calendar tells others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chenyue.core.actors import Actor


@dataclass(frozen=True)
class CalendarChanged:
    """Days or hours of work have changed; promises already made keep the moments they were given."""

    what: str  # "year", "day" or "hours"
    data: dict[str, Any]
    by: Actor
    at: datetime

"""What a look for small pains finds, before it is kept. Plain values."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Found:
    """One finding: a spot, a door or a topic. `cases`: ids, the newest (of a topic the most typical) first."""

    key: str
    title: str
    cases: tuple[int, ...]
    count: int
    first: date
    last: date
    place: int | None = None
    community: int | None = None
    category: int | None = None
    room: str = ""
    when: str = ""
    words: tuple[str, ...] = ()
    expected: float = 0.0
    p: float | None = None
    q: float | None = None
    growth: float | None = None
    reporters: int = 0
    copies: int = 0


@dataclass(frozen=True)
class Look:
    """All that one kind of look found, and how it was made.

    `blind`: nearly nothing came in, such as while the server was away; then what isn't seen isn't gone.
    """

    kind: str
    since: date
    until: date
    found: list[Found]
    tests: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    blind: bool = False

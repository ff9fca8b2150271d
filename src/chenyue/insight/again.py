"""Doors with the same trouble again and again, and people who had to come again for one matter. Pure.

Counted, not tested: three times within half a year, on different days, is told as it is. What a person wrote twice word
for word on one day is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

DAYS = 180  # looked back
FEWEST = 3  # times
MOST_OF_ONE = 40  # of one reporter: the office's own telephone is "somebody" at times


class Told(NamedTuple):
    """A case as it is counted: what, where, by whom (None: anonymous), when; `text`: a mark of its words."""

    id: int
    building: int | None
    room: str
    category: int
    reporter: int | None
    day: date
    text: int


@dataclass(frozen=True)
class Door:
    """One door, or one matter of one person, with its cases, newest first."""

    key: str
    ids: tuple[int, ...]
    category: int
    building: int | None
    room: str  # "" for a person's matter
    days: int  # different ones
    reporters: int
    copies: int
    first: date
    last: date


def find(told: Iterable[Told], *, fewest: int = FEWEST) -> list[Door]:
    """Those with the most cases first. A door that is told by one person only is named as a door, once."""
    homes: dict[tuple[int, str, int], list[Told]] = defaultdict(list)
    people: dict[tuple[int, int], list[Told]] = defaultdict(list)
    for one in told:
        if one.building is not None and one.room:
            homes[one.building, one.room, one.category].append(one)
        if one.reporter is not None:
            people[one.reporter, one.category].append(one)
    found = [door for key, rows in homes.items() if (door := _door(f"home:{key[0]}:{key[1]}:{key[2]}", rows, fewest))]
    named = [set(door.ids) for door in found]
    for (who, category), rows in people.items():
        if len(rows) > MOST_OF_ONE:
            continue
        door = _door(f"again:{who}:{category}", rows, fewest)
        if door and not any(set(door.ids) <= ids for ids in named):
            found.append(door)
    return sorted(found, key=lambda door: (-len(door.ids), door.key))


def _door(key: str, rows: Sequence[Told], fewest: int) -> Door | None:
    seen: dict[tuple[date, int], Told] = {}
    rows = list({one.id: one for one in rows}.values())  # a case with several voices is one case
    for one in sorted(rows, key=lambda one: one.id):
        seen.setdefault((one.day, one.text), one)
    kept = sorted(seen.values(), key=lambda one: (one.day, one.id), reverse=True)
    days = {one.day for one in kept}
    if len(kept) < fewest or len(days) < fewest:
        return None
    buildings = {one.building for one in kept}
    rooms = {one.room for one in kept} if key.startswith("home:") else {""}
    return Door(
        key, tuple(one.id for one in kept), kept[0].category, buildings.pop() if len(buildings) == 1 else None,
        rooms.pop(), len(days), len({one.reporter for one in kept if one.reporter}) + sum(not o.reporter for o in kept),
        len(rows) - len(kept), min(days), max(days),
    )  # fmt: skip

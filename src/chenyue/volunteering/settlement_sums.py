"""The sums of a monthly settlement: what was taken and is owed, corrections of earlier months, the invoice. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Taken:
    """A booking as a settlement sees it. `settled`: fen that an agreed settlement holds for it already."""

    service: int
    name: str
    price: int
    owed: int
    attended: bool
    settled: int | None = None  # None: it stood in no settlement yet
    number: str = ""


def lines_of(bookings: Iterable[Taken]) -> list[dict[str, Any]]:
    """A line for each service and price, in order of the service: counts and fen. A changed price is another line."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for row in bookings:
        if row.settled is not None:
            continue
        line = found.setdefault(
            (row.service, row.price),
            {"kind": "service", "service": row.service, "name": row.name, "price": row.price}
            | {"attended": 0, "missed": 0, "fen": 0},
        )
        line["attended" if row.attended else "missed"] += 1
        line["fen"] += row.owed
    return [found[key] for key in sorted(found)]


def corrections_of(bookings: Iterable[Taken]) -> list[dict[str, Any]]:
    """What agreed settlements hold otherwise than it is now: fen may be below zero."""
    changed = [row for row in bookings if row.settled is not None and row.settled != row.owed]
    return [
        {"kind": "correction", "number": row.number, "name": row.name, "was": row.settled, "is": row.owed}
        | {"fen": row.owed - row.settled}
        for row in sorted(changed, key=lambda row: row.number)
        if row.settled is not None
    ]


def total_of(lines: Iterable[Mapping[str, Any]]) -> int:
    """Fen to be paid: never below zero. What corrections take away beyond it goes on (see `carried_from`)."""
    return max(0, sum(int(line["fen"]) for line in lines))


def carried_from(lines: Iterable[Mapping[str, Any]]) -> int:
    """Fen (zero or below) that a settlement couldn't take off and the next one must."""
    return min(0, sum(int(line["fen"]) for line in lines))


def differences_of(
    lines: Iterable[Mapping[str, Any]], total: int, claimed: int | None, counts: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Where the supplier's invoice differs: for each service how many were claimed, and the sum. Empty: it agrees.

    `counts`: how many the supplier claims, by the id of the service as text.
    """
    ours: dict[str, dict[str, Any]] = {}
    for line in (line for line in lines if line["kind"] == "service"):
        row = ours.setdefault(str(line["service"]), {"name": line["name"], "count": 0})
        row["count"] += line["attended"]
    found = [
        {"what": row["name"], "ours": row["count"], "theirs": counts[key], "kind": "count"}
        for key, row in ours.items()
        if key in counts and counts[key] != row["count"]
    ]
    if claimed is not None and claimed != total:
        found.append({"what": "", "ours": total, "theirs": claimed, "kind": "sum"})
    return found

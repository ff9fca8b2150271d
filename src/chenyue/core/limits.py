"""Limits against floods and guessing, counted in the database: several processes share them.

Counted under a keyed fingerprint, so that no address and no telephone number is kept. A window opens
with its first count and ends by itself; `chores` sweeps what has ended. Whoever has reached a limit is
also held in memory (a snapshot that is loaded anew when somebody reaches one), so that asking
`reached` costs no statement.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.http import HttpRequest

from chenyue.core import crypto, snapshots
from chenyue.core.models import Tally


@dataclass(frozen=True)
class Limit:
    """So many of a kind within a window; `most` 0 means no limit."""

    kind: str
    most: int
    within: timedelta

    def name(self, who: str) -> str:
        """The row that counts for `who`."""
        return f"{self.kind}:{crypto.blind_index(who, self.kind)}"


def address(request: HttpRequest) -> str:
    """The network address of the asker, as the server (or its proxy middleware) says.

    Of an IPv6 address the network counts: each home has more addresses than could ever be counted.
    """
    given = str(request.META.get("REMOTE_ADDR", ""))
    try:
        found = ipaddress.ip_address(given)
    except ValueError:
        return given
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((int(found) >> 64 << 64, 64)).network_address)
    return given


def passes(asked: Sequence[tuple[Limit, str]], at: datetime, more: int = 1) -> bool:
    """Count one (or `more`) for each (limit, who), in one statement; whether all are still within their limits."""
    wanted = {limit.name(who): limit for limit, who in asked if limit.most and who}
    if not wanted:
        return True
    counts = _count(wanted, at, more)
    return all(counts[name] <= limit.most for name, limit in wanted.items())


def counted(asked: Sequence[tuple[Limit, str]], at: datetime) -> list[int]:
    """Count one for each (limit, who), in one statement; the counts now, 0 where there's no limit or nobody.

    As often as a count doubles beyond its limit, `times` says so in every process.
    """
    wanted = {limit.name(who): limit for limit, who in asked if limit.most and who}
    counts = _count(wanted, at, 1) if wanted else {}
    if any(doublings((counts[n] - 1) / w.most) != doublings(counts[n] / w.most) for n, w in wanted.items()):
        snapshots.bump("limits")
    return [counts[limit.name(who)] if limit.most and who else 0 for limit, who in asked]


def doublings(times: float) -> int:
    """How often a limit was reached over again: 0 below it, 1 from it on, 2 from twice, 3 from four times."""
    return int(times).bit_length()


def times(limit: Limit, who: str, at: datetime) -> float:
    """How many times its limit somebody has come to, by powers of two; 0 below it. No statement."""
    held = _full.get()
    until, share = held.get(limit.name(who), (at, 0.0)) if held and limit.most and who else (at, 0.0)
    return share if at < until else 0.0


def room(asked: Sequence[tuple[Limit, str]], at: datetime) -> datetime | None:
    """Count one for each (limit, who) if all have room; else count nothing and say when there will be some.

    For what may wait, where a refused try must not use up the next window.
    """
    wanted = {limit.name(who): limit for limit, who in asked if limit.most and who}
    if not wanted:
        return None
    counts = _count(wanted, at, 1)
    full = [name for name, limit in wanted.items() if counts[name] > limit.most]
    if not full:
        return None
    give_back(asked)
    ends = Tally.objects.filter(name__in=full).values_list("until", flat=True)
    return max(ends, default=at + timedelta(minutes=1))


def give_back(asked: Sequence[tuple[Limit, str]]) -> None:
    """Take one off for each (limit, who): what was counted wasn't taken after all."""
    names = [limit.name(who) for limit, who in asked if limit.most and who]
    if names:
        Tally.objects.filter(name__in=names, value__gt=0).update(value=F("value") - 1)


def note(limit: Limit, who: str, at: datetime, more: int = 1) -> None:
    """Count one (or `more`); from `limit.most` on, `reached` says so in every process."""
    name = limit.name(who)
    counted = _count({name: limit}, at, more)[name]
    if counted - more < limit.most <= counted:
        snapshots.bump("limits")


def reached(limit: Limit, who: str, at: datetime) -> bool:
    """Whether `note` has counted `limit.most` within a window that is still open."""
    return times(limit, who, at) > 0


def sweep(at: datetime) -> int:
    """Drop windows that have ended; returns how many."""
    return Tally.objects.filter(until__lte=at).delete()[0]


def _count(wanted: dict[str, Limit], at: datetime, more: int) -> dict[str, int]:
    now = connection.ops.adapt_datetimefield_value(at)
    values: list[Any] = []
    for name, limit in sorted(wanted.items()):  # in one order, so that two statements never wait for each other
        values += [name, more, connection.ops.adapt_datetimefield_value(at + limit.within), limit.most]
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO core_tally (name, value, until, most) VALUES {rows} "  # noqa: S608 – placeholders only
            "ON CONFLICT (name) DO UPDATE SET "
            "value = CASE WHEN core_tally.until <= %s THEN 0 ELSE core_tally.value END + excluded.value, "
            "until = CASE WHEN core_tally.until <= %s THEN excluded.until ELSE core_tally.until END, "
            "most = excluded.most RETURNING name, value",
            [*values, now, now],
        )
        return dict(cursor.fetchall())


def _load() -> dict[str, tuple[datetime, float]]:
    rows = Tally.objects.filter(value__gte=F("most")).values_list("name", "until", "value", "most")
    return {name: (until, value / max(1, most)) for name, until, value, most in rows}


_full: snapshots.Snapshot[dict[str, tuple[datetime, float]]] = snapshots.Snapshot("limits", _load)

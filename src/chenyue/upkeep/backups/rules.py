"""When a backup is due, and which of them are kept. Pure."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

RETRY = timedelta(hours=1)  # after one that failed: a disk that was forgotten is plugged in during the day
RETRY_COSTLY = timedelta(hours=6)  # after one that failed when most of its work was done


@dataclass(frozen=True)
class Keep:
    """How many are kept: the newest of so many days, weeks and months that have one."""

    days: int = 14
    weeks: int = 8
    months: int = 12


_PERIODS: tuple[tuple[str, Callable[[datetime], Any]], ...] = (
    ("days", lambda at: at.date()),
    ("weeks", lambda at: at.isocalendar()[:2]),
    ("months", lambda at: (at.year, at.month)),
)


def kept(moments: Iterable[datetime], keep: Keep) -> dict[datetime, list[str]]:
    """Which backups stay, each with the rules that hold it: `newest`, `days`, `weeks`, `months`.

    Counted are days, weeks and months in which there is a backup, so that an office which was closed for a month
    comes back to all it had. `moments` are by the office's wall clock. The newest always stays.
    """
    newest_first = sorted(set(moments), reverse=True)
    found: dict[datetime, list[str]] = {at: ["newest"] for at in newest_first[:1]}
    for name, period_of in _PERIODS:
        seen: set[Any] = set()
        for at in newest_first:
            period = period_of(at)
            if period in seen:
                continue
            if len(seen) >= getattr(keep, name):
                break
            seen.add(period)
            found.setdefault(at, []).append(name)
    return found


def dropped(moments: Collection[datetime], keep: Keep) -> list[datetime]:
    """Those that may go, the oldest first."""
    stay = kept(moments, keep)
    return sorted(at for at in set(moments) if at not in stay)


def last_turn(at: datetime, hour: int) -> datetime:
    """The last moment at which this hour struck; `at` by the office's wall clock."""
    today = at.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= at else today - timedelta(days=1)


def is_due(
    at: datetime, hour: int, *, since: datetime | None, good: datetime | None, tried: datetime | None, costly: bool
) -> bool:
    """Whether a backup must begin now.

    `since` there is an office (None: there is none yet), `good` is when the last one began that was written, `tried`
    when the last one began that failed. A machine that was off at the hour makes up for it when it is on again.
    """
    turn = last_turn(at, hour)
    if since is None or since > turn or (good is not None and good >= turn):
        return False
    return tried is None or at - tried >= (RETRY_COSTLY if costly else RETRY)

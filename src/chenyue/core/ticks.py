"""Regular work: what is due is a column, and a tick asks for it.

Each tick's next moment is a row of `core_counter` (`tick:<name>`, seconds since 1970). Whoever moves
it forward by a guarded update runs the tick, so that two workers never run one turn twice. A turn that
is lost with its worker is made up by the next one: handlers look for what is due, however late.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from chenyue.core.models import Counter

log = logging.getLogger(__name__)
PREFIX = "tick:"
SCHEDULE = "chenyue ticks"
SKEW = 120  # seconds: what is put off further than ever by more than this was put off by a clock since set back

Handler = Callable[[datetime], Any]


@dataclass(frozen=True)
class Tick:
    """Something that is done every so many seconds, at the earliest."""

    name: str
    seconds: int
    handler: Handler


_ticks: dict[str, Tick] = {}


def every(seconds: int, name: str) -> Callable[[Handler], Handler]:
    """Register a handler `f(at)`. Modules with ticks are imported when their package starts."""

    def register(handler: Handler) -> Handler:
        _ticks[name] = Tick(name, seconds, handler)
        return handler

    return register


def known() -> dict[str, Tick]:
    """All registered ticks by name."""
    return dict(_ticks)


def run_due(at: datetime) -> dict[str, Any]:
    """Run every tick that is due at `at`; what each returned. One that fails doesn't stop the others."""
    now = int(at.timestamp())
    nexts = dict(Counter.objects.filter(name__startswith=PREFIX).values_list("name", "value"))
    results: dict[str, Any] = {}
    for tick in list(_ticks.values()):
        put_off = nexts.get(PREFIX + tick.name, 0)
        if (put_off <= now or put_off > now + tick.seconds + SKEW) and _claim(tick, now):
            results[tick.name] = _run(tick, at)
    return results


def _claim(tick: Tick, now: int) -> bool:
    """Move the tick's next moment forward; False if somebody else just did. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (name, value) VALUES (%s, %s) ON CONFLICT (name) "
            "DO UPDATE SET value = excluded.value "
            "WHERE core_counter.value <= %s OR core_counter.value > excluded.value + %s RETURNING value",
            [PREFIX + tick.name, now + tick.seconds, now, SKEW],
        )
        return cursor.fetchone() is not None


def _run(tick: Tick, at: datetime) -> Any:
    try:
        if connection.in_atomic_block:  # a failing tick must not spoil the transaction around it
            with transaction.atomic():
                return tick.handler(at)
        return tick.handler(at)
    except Exception as error:
        log.exception("tick %s failed", tick.name)
        return error


def run() -> None:
    """What the scheduler calls each minute."""
    run_due(timezone.now())


def ensure_schedule() -> None:
    """See to it that the scheduler calls `run` each minute; called when a worker starts.

    Two workers that start together may both add it; that does no harm, since each turn is guarded.
    """
    from django_q.models import Schedule

    rows = list(Schedule.objects.filter(name=SCHEDULE).order_by("pk"))
    if not rows:
        Schedule.objects.create(
            name=SCHEDULE, func="chenyue.core.ticks.run", schedule_type=Schedule.MINUTES, minutes=1, repeats=-1
        )
    for extra in rows[1:]:
        extra.delete()

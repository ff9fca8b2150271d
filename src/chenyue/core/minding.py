"""Who minds the job workers: django-q2's sentinel, made safe against kills, hangs and a clock that is set back.

Its processes share queues, and whoever waits at a queue holds its lock. One that is killed there keeps the lock for
ever, and the process started in its place would wait for ever too: no job would be done, no promise watched, while all
looks well. So where one was killed, all are started anew with fresh queues.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection, connections
from django.utils import timezone

log = logging.getLogger(__name__)

KILLED = 3  # exit code of a minder that starts anew because one of its processes was killed
SILENCE = 120  # seconds without a sign of life after which a minder that hangs is ended by the kernel
PAUSE = 2.0  # seconds between two looks whether the database is there
SET_BACK = 5.0  # seconds by which a clock must be set back to be noticed; the daily corrections are smaller


def minder(sentinel: type[Any]) -> type[Any]:
    """A sentinel of this kind that stops when told to, and that starts anew with all its processes if one is killed."""

    class Minder(sentinel):  # type: ignore[misc]
        def start(self) -> None:
            # Workers inherit the handler; there, the signal means what it always does.
            signal.signal(
                signal.SIGTERM, lambda *_: self.stop_event.set() if os.getpid() == self.pid else os._exit(143)
            )
            super().start()

        def reincarnate(self, process: Any) -> None:
            """Replace a process that ended by itself; leave, to be started again, if one was killed."""
            if process.exitcode:
                log.error("a job process was killed (%s): all of them are started anew", process.exitcode)
                raise SystemExit(KILLED)
            super().reincarnate(process)

    return Minder


class Flag:
    """What the sentinel needs of an event; unlike one, a signal handler may set it while it's waited for."""

    def __init__(self, pulse: Callable[[], None] = lambda: None) -> None:
        """`pulse` is called at each wait: the sentinel waits twice a second."""
        self._set, self._pulse = False, pulse

    def set(self) -> None:
        self._set = True

    def is_set(self) -> bool:
        return self._set

    def wait(self, timeout: float) -> bool:
        """Sleep that long at most; whether the flag is set."""
        if not self._set:
            self._pulse()
            time.sleep(timeout)
        return self._set


class Pulse:
    """A sign of life, and a look at the clock."""

    def __init__(self) -> None:
        self._ahead = _ahead()

    def __call__(self) -> None:
        signal.alarm(SILENCE)  # unless it is moved on in time, the kernel ends this process
        before, self._ahead = self._ahead, _ahead()
        if before - self._ahead > SET_BACK:
            log.warning("the clock was set back by %.0f s", before - self._ahead)
            when_there(lambda: catch_up(timezone.now()))
            connections.close_all()


def _ahead() -> float:
    """How far the clock of the day is ahead of the one that only counts on."""
    return time.time() - time.monotonic()


def when_there(act: Callable[[], Any]) -> None:
    """Do it as soon as the database is there: while it is away, nothing is gained by dying again and again."""
    while True:
        try:
            act()
            return
        except Error as error:
            log.warning("jobs wait for the database: %s", error)
            connections.close_all()
            time.sleep(PAUSE)


def catch_up(at: datetime) -> None:
    """Take back what cannot be: jobs and turns put off further than they ever are, by a clock that was ahead.

    On one machine without another minder (SQLite) a job that is taken belongs to a process that was killed, and is
    done again at once instead of after half an hour; its handler may run twice in any case.
    """
    from django.conf import settings
    from django_q.models import OrmQ, Schedule

    taken = at if connection.vendor == "sqlite" else at + timedelta(seconds=int(str(settings.Q_CLUSTER["retry"])))
    OrmQ.objects.filter(lock__gt=taken).update(lock=at)
    for row in Schedule.objects.filter(next_run__gt=at, schedule_type=Schedule.MINUTES):
        if row.next_run > at + 2 * timedelta(minutes=row.minutes):
            Schedule.objects.filter(pk=row.pk).update(next_run=at)

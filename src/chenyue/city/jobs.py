"""Jobs and ticks of all offices in one cluster: each office in its turn, and none stops another.

Each office has its own queue in its own schema: a job is asked for in the transaction that needs it, as everywhere.
Whoever fetches jobs takes one of an office and then looks at the next office first, so that an office with a
thousand jobs and one with a single job are served alike. What a worker runs, and what is written of it, is done with
the data of the office whose queue it came from. Instead of a schedule in each office there is one clock: once a
minute it puts the office's ticks into its queue, unless the last ones still wait there.
"""

import logging
import os
import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task

from chenyue.city import register
from chenyue.core.whose import settle, within

log = logging.getLogger(__name__)
EVERY = 60.0  # seconds between two turns of the ticks of an office
Task = tuple[tuple[str, int], Any]  # whose, and its row there; what is to be done


class Offices(ORM):  # type: ignore[misc]
    """The queues of all open offices as one; django-q's `broker_class`."""

    last = ""  # the office that was served last
    added = 0  # the newest row

    def __init__(self, list_key: str | None = None) -> None:
        super().__init__(list_key)
        self._ticks: dict[str, int] = {}  # by office, the row of its last ticks
        self._next = 0.0

    def enqueue(self, task: Any) -> Any:
        """Into the queue of whoever asks."""
        self.added = super().enqueue(task)
        return self.added

    def dequeue(self) -> list[Task] | None:
        """One job of the next office that has one; waits a little if none has."""
        offices = [office.schema for office in register.offices() if office.is_open]
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self.clock(offices)
        for schema in self.turn(self._waiting(offices)):
            if found := self._take(schema):
                self.last = schema
                return found
        time.sleep(Conf.POLL)
        return None

    def turn(self, schemas: Iterable[str]) -> list[str]:
        """In order, beginning behind the one that was served last."""
        found = sorted(schemas)
        return [s for s in found if s > self.last] + [s for s in found if s <= self.last]

    def clock(self, offices: list[str]) -> None:
        """Ask for the ticks of each office; one whose tables can't be read is left out this time."""
        for schema in offices:
            try:
                with within(schema), transaction.atomic():
                    if not OrmQ.objects.filter(pk=self._ticks.get(schema, 0)).exists():
                        async_task("chenyue.core.ticks.run", task_name="ticks", broker=self)
                        self._ticks[schema] = self.added
            except Exception as error:
                log.error("the ticks of %s can't be asked for: %s", schema, error)

    def _waiting(self, offices: list[str]) -> list[str]:
        """Offices with a job that waits. One statement, unless an office's tables are broken."""
        if not offices:
            return []
        name = connection.ops.quote_name
        asks = " UNION ALL ".join(
            f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {name(schema)}.django_q_ormq WHERE lock < clock_timestamp())"  # noqa: S608
            for n, schema in enumerate(offices)
        )
        try:
            with within(""), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(asks)
                return [offices[n] for (n,) in cursor.fetchall()]
        except DatabaseError:
            return [schema for schema in offices if self._has_one(schema)]

    def _has_one(self, schema: str) -> bool:
        try:
            with within(schema), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM django_q_ormq WHERE lock < clock_timestamp() LIMIT 1")
                return cursor.fetchone() is not None
        except DatabaseError as error:
            log.error("the jobs of %s can't be read: %s", schema, error)
            return False

    def _take(self, schema: str) -> list[Task] | None:
        try:
            with within(schema), transaction.atomic():
                found = super().dequeue()
        except DatabaseError as error:
            log.error("the jobs of %s can't be taken: %s", schema, error)
            return None
        return [((schema, row), payload) for row, payload in found] if found else None

    def delete(self, task_id: tuple[str, int]) -> None:
        """Out of the queue it came from."""
        schema, row = task_id
        with within(schema):
            super().delete(row)


class Turns:
    """A queue of a worker or of who writes results: each task is got together with its office.

    Commands that a job starts in a process of their own find it in their surroundings.
    """

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def get(self) -> Any:
        """The next task; from then on its office's data is worked with."""
        task = self._queue.get()
        schema = task["ack_id"][0] if isinstance(task, dict) else ""
        settle(schema)
        os.environ[register.OFFICE] = register.code_of(schema)  # a worker does one thing at a time
        return task


def run() -> None:
    """The job workers of all offices, until told to stop."""
    from multiprocessing import Value

    from django_q.cluster import Sentinel
    from django_q.monitor import monitor
    from django_q.worker import worker

    from chenyue.core import serving

    class OfOffices(Sentinel):  # type: ignore[misc]
        def spawn_worker(self) -> None:
            self.spawn_process(worker, Turns(self.task_queue), self.result_queue, Value("f", -1), self.timeout)

        def spawn_monitor(self) -> Any:
            return self.spawn_process(monitor, Turns(self.result_queue), self.broker)

    assert settings.CITY
    serving.watch(OfOffices)

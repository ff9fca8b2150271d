"""Bodies of data that change rarely and are read always: kept in memory, checked by version.

All versions are read by one statement, at most once in `CHECK_EVERY` seconds; whoever changes such
data calls `bump` in the same transaction. Another process sees the change after that time at most.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import DatabaseError, connection, transaction

T = TypeVar("T")
CHECK_EVERY = 2.0  # seconds

_lock = threading.Lock()
_versions: dict[str, int] = {}
_read_at: float | None = None
_all: list["Snapshot[object]"] = []


def _current(name: str) -> int:
    global _read_at
    now = time.monotonic()
    if _read_at is None or now - _read_at > CHECK_EVERY:
        from chenyue.core.models import Revision

        try:
            found = dict(Revision.objects.values_list("name", "version"))
        except DatabaseError:
            # While the database is away, what is held is still good for showing people their own words.
            if _read_at is None and not _versions:
                raise
            return _versions.get(name, 0)
        with _lock:
            _versions.clear()
            _versions.update(found)
            _read_at = now
    return _versions.get(name, 0)


def bump(name: str) -> None:
    """Say that the data behind `name` has changed; call it in the transaction of the change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_revision (name, version) VALUES (%s, 1) "
            "ON CONFLICT (name) DO UPDATE SET version = core_revision.version + 1",
            [name],
        )
    forget()
    transaction.on_commit(forget)


def forget() -> None:
    """Read the versions again at the next use, and drop nothing that is still right."""
    global _read_at
    _read_at = None


def forget_all() -> None:
    """Drop everything (between tests)."""
    forget()
    for snapshot in _all:
        snapshot.drop()


class Snapshot(Generic[T]):
    """One body of data and how to load it."""

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self.name = name
        self._load = load
        self._held: tuple[int, T] | None = None
        _all.append(self)  # type: ignore[arg-type]

    def get(self) -> T:
        """The data as of now (at most `CHECK_EVERY` seconds old in other processes)."""
        version = _current(self.name)
        held = self._held
        if held is None or held[0] != version:
            held = (version, self._load())
            self._held = held
        return held[1]

    def drop(self) -> None:
        self._held = None

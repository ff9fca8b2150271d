"""Bodies of data that change rarely and are read always: kept in memory, checked by version.

All versions are read by one statement, at most once in `CHECK_EVERY` seconds; whoever changes such
data calls `bump` in the same transaction. The processes of one `serve` share a mark that `bump`
changes, so that each reads the versions again at its next use; a process elsewhere sees the change
after `CHECK_EVERY` seconds at most. All of it is kept for each office apart (see `whose`).
"""

import mmap
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from django.db import DatabaseError, connection, transaction

from chenyue.core.whose import whose

T = TypeVar("T")
CHECK_EVERY = 2.0  # seconds
MARK = 8  # bytes

_lock = threading.Lock()
_all: list["Snapshot[object]"] = []
_shared = mmap.mmap(-1, MARK)  # stays common to a process and all that are forked from it


@dataclass(frozen=True)
class _Read:
    """The versions of an office as they were read, the mark and the moment then."""

    versions: dict[str, int]
    mark: bytes
    at: float | None  # None: read again at the next use


_read: dict[str, _Read] = {}  # by office


class _Pending(threading.local):
    """What a thread's transaction has changed and read again: nobody else may see it before it's committed."""

    def __init__(self) -> None:
        self.names: set[tuple[str, str]] = set()  # office and name
        self.held: dict[tuple[str, str], object] = {}

    def reads(self, name: str) -> bool:
        """Whether this transaction has changed the data behind `name`."""
        if self.names and not connection.in_atomic_block:
            self.end()
        return (whose(), name) in self.names

    def change(self, name: str) -> None:
        self.names.add((whose(), name))
        self.held.pop((whose(), name), None)

    def end(self) -> None:
        self.names.clear()
        self.held.clear()


_pending = _Pending()


def _current(name: str) -> int:
    office, now, mark = whose(), time.monotonic(), _shared[:]
    read = _read.get(office)
    if read is None or read.at is None or mark != read.mark or now - read.at > CHECK_EVERY:
        from chenyue.core.models import Revision

        try:
            found = dict(Revision.objects.values_list("name", "version"))
        except DatabaseError:
            # While the database is away, what is held is still good for showing people their own words.
            if read is None or (read.at is None and not read.versions):
                raise
            return read.versions.get(name, 0)
        with _lock:
            for its, mine in _pending.names:  # a version that isn't committed is this thread's alone
                if its == office:
                    found[mine] = read.versions.get(mine, 0) if read else 0
            read = _read[office] = _Read(found, mark, now)
    return read.versions.get(name, 0)


def bump(name: str) -> None:
    """Say that the data behind `name` has changed; call it in the transaction of the change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_revision (name, version) VALUES (%s, 1) "
            "ON CONFLICT (name) DO UPDATE SET version = core_revision.version + 1",
            [name],
        )
    if connection.in_atomic_block:
        _pending.change(name)
    transaction.on_commit(_committed)


def _committed() -> None:
    _pending.end()
    _shared[:] = os.urandom(MARK)  # not a count: two processes that add one at once would add it once


def forget() -> None:
    """Read the versions again at the next use, and drop nothing that is still right."""
    with _lock:
        for office, read in list(_read.items()):
            _read[office] = replace(read, at=None)


def forget_all() -> None:
    """Drop everything (between tests)."""
    forget()
    _pending.end()
    for snapshot in _all:
        snapshot.drop()


def load_all() -> None:
    """Load every body of data now: before processes are forked that then share it."""
    for snapshot in _all:
        snapshot.get()


def names() -> list[str]:
    """Of all bodies of data there are."""
    return sorted({snapshot.name for snapshot in _all})


class Snapshot(Generic[T]):
    """One body of data and how to load it."""

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self.name = name
        self._load = load
        self._held: dict[str, tuple[int, T]] = {}  # by office; never changed, only put in place of another
        _all.append(self)  # type: ignore[arg-type]

    def get(self) -> T:
        """The data as of now (at most `CHECK_EVERY` seconds old in processes that `serve` didn't start)."""
        if _pending.reads(self.name):
            return self._own()
        version = _current(self.name)
        held = self._held.get(whose())
        if held is None or held[0] != version:
            held = (version, self._load())
            with _lock:
                self._held = self._held | {whose(): held}
        return held[1]

    def _own(self) -> T:
        """As this thread's transaction has left it."""
        key = whose(), self.name
        if key not in _pending.held:
            _pending.held[key] = self._load()
        return _pending.held[key]  # type: ignore[return-value]

    def drop(self) -> None:
        """Load it again at the next use."""
        self._held = {}
        _pending.held.pop((whose(), self.name), None)

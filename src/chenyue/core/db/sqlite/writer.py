"""One writer at a time, in line, instead of SQLite's polling: threads by a lock, processes by a file.

SQLite's busy handler sleeps and tries again, so that under load some writer always starves. Here a
writer waits for its turn before it begins; what is left to SQLite's own timeout is the rare rest.
"""

import fcntl
import os
import threading
import time
from pathlib import Path

from django.db.utils import OperationalError


class WriterLock:
    """The right to write to one database file; held by a connection, once however often it asks."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._threads = threading.Lock()
        self._holder: object | None = None
        self._file: int | None = None
        self._line: _Line | None = None

    def take(self, holder: object, timeout: float) -> bool:
        """Wait for the turn of `holder`; False if it holds the lock already.

        Raises OperationalError after `timeout` seconds.
        """
        if self._holder is holder:
            return False
        until = time.monotonic() + timeout
        if not self._threads.acquire(timeout=timeout):
            raise self._too_long(timeout)
        try:
            if not self._take_file(until):
                raise self._too_long(timeout)
        except BaseException:
            self._threads.release()
            raise
        self._holder = holder
        return True

    def free(self, holder: object) -> None:
        """Let the next one write; nothing happens if `holder` doesn't hold the lock."""
        if self._holder is not holder:
            return
        self._holder = None
        assert self._file is not None
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def _take_file(self, until: float) -> bool:
        if self._file is None:
            self._file = _open(self.path)
        if self._line is None or not self._line.left_behind:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                pass
        if self._line is None:
            self._line = _Line(self._file)
        return self._line.wait(until)

    def _too_long(self, timeout: float) -> OperationalError:
        return OperationalError(f"no turn to write to {self.path.stem} within {timeout:g} s: another writer is stuck")


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


class _Line:
    """Stands in the kernel's line for a file lock, which has no timeout of its own: in a thread that stays.

    Only who holds the lock among the threads asks, so one stands there at a time. Who gives up leaves the thread
    behind in the line: the next one goes on waiting in its place, or the lock is freed when it comes.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._state = threading.Lock()
        self._asked = threading.Semaphore(0)
        self._ours = threading.Event()
        self._standing = self._given_up = False
        threading.Thread(target=self._stand, name="writer-lock", daemon=True).start()

    @property
    def left_behind(self) -> bool:
        """Whether the thread still stands there for somebody who gave up."""
        with self._state:
            return self._standing

    def wait(self, until: float) -> bool:
        """Whether the turn came by then."""
        with self._state:
            self._given_up = False
            if not self._standing:
                self._standing = True
                self._ours.clear()
                self._asked.release()
        self._ours.wait(max(0.0, until - time.monotonic()))
        with self._state:
            self._given_up = not self._ours.is_set()
            return not self._given_up

    def _stand(self) -> None:
        while True:
            self._asked.acquire()
            fcntl.flock(self._file, fcntl.LOCK_EX)
            with self._state:
                self._standing = False
                if self._given_up:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
                else:
                    self._ours.set()


_locks: dict[Path, WriterLock] = {}
_registry = threading.Lock()


def lock_of(database: Path) -> WriterLock:
    """The lock of a database file, one per process."""
    with _registry:
        return _locks.setdefault(database, WriterLock(database))


def _start_anew() -> None:
    """A forked child must not share its parent's open lock file, nor a lock some thread held there."""
    global _registry
    _registry = threading.Lock()
    _locks.clear()


os.register_at_fork(after_in_child=_start_anew)

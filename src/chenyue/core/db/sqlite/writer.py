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
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            won = _Wait(self.path).until(until)
            if won is None:
                return False
            os.close(self._file)
            self._file = won
            return True

    def _too_long(self, timeout: float) -> OperationalError:
        return OperationalError(f"no turn to write to {self.path.stem} within {timeout:g} s: another writer is stuck")


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


class _Wait:
    """Waits in the kernel's line for a file lock, which has no timeout of its own, in a thread."""

    def __init__(self, path: Path) -> None:
        # An open file of its own: who gives up waiting must not free what another thread holds by then.
        self._file = _open(path)
        self._state = threading.Lock()
        self._ours = threading.Event()
        self._given_up = False
        threading.Thread(target=self._stand_in_line, name="writer-lock", daemon=True).start()

    def _stand_in_line(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._state:
            if self._given_up:
                os.close(self._file)  # frees the lock as well
            else:
                self._ours.set()

    def until(self, moment: float) -> int | None:
        """The locked file, or None if its turn didn't come by then."""
        self._ours.wait(max(0.0, moment - time.monotonic()))
        with self._state:
            self._given_up = not self._ours.is_set()
            return None if self._given_up else self._file


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

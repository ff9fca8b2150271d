"""SQLite for one machine: safe settings, and writers in line.

Evidence for each setting is in docs/adr/0002.
"""

import re
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.base import Database  # type: ignore[attr-defined]

from chenyue.core import sqlite_fixed
from chenyue.core.db.sqlite.writer import WriterLock, lock_of

# A power cut may take nothing that was acknowledged: FULL. Memory-mapped reads crash on a truncated file: off.
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA mmap_size = 0",
    "PRAGMA cache_size = -2000",  # KiB for each thread; the system's page cache holds the rest, and serves as quickly
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA temp_store = MEMORY",
)
_WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|VACUUM|REINDEX|ANALYZE|WITH\b.*?\b(?:INSERT|UPDATE|DELETE)\s)",
    re.IGNORECASE | re.DOTALL,
)


def journal_mode() -> str:
    """The write-ahead log where the library is fixed; the slower rollback journal elsewhere."""
    return "wal" if sqlite_fixed.is_fixed(Database.sqlite_version_info) else "truncate"


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose single writes outside a transaction wait for their turn as well."""

    wrapper: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        if self.wrapper.in_atomic_block or not _WRITES.match(query):
            return super().execute(query, params)
        with self.wrapper.turn():
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        if self.wrapper.in_atomic_block or not _WRITES.match(query):
            return super().executemany(query, param_list)
        with self.wrapper.turn():
            return super().executemany(query, param_list)


class _Turn:
    """Holds the writer lock for one statement, unless the connection holds it already."""

    def __init__(self, wrapper: "DatabaseWrapper") -> None:
        self.wrapper = wrapper
        self.taken = False

    def __enter__(self) -> None:
        self.taken = self.wrapper.take_turn()

    def __exit__(self, *error: object) -> None:
        if self.taken:
            self.wrapper.free_turn()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's backend with the settings above and one writer at a time."""

    _lock: WriterLock | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._timeout = float(conn_params.get("timeout", 5))
        name = str(self.settings_dict["NAME"])
        self._lock = None if self.is_in_memory_db() or name.startswith("file:") else lock_of(Path(name).resolve())
        connection = super().get_new_connection(conn_params)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        wanted = journal_mode()
        if self._lock is not None and connection.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
            with self.turn():
                connection.execute(f"PRAGMA journal_mode = {wanted}")
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    def turn(self) -> _Turn:
        """A context in which this connection alone may write."""
        return _Turn(self)

    def take_turn(self) -> bool:
        """Wait until this connection may write; False if it may already."""
        return self._lock is not None and self._lock.take(self, self._timeout)

    def free_turn(self) -> None:
        """Let the next one write."""
        if self._lock is not None:
            self._lock.free(self)

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode in {None, "DEFERRED"}:  # type: ignore[attr-defined]
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.free_turn()
            raise

    def _commit(self) -> None:
        # If this fails, Django rolls back, and that frees the turn.
        super()._commit()  # type: ignore[misc]
        self.free_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.free_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.free_turn()

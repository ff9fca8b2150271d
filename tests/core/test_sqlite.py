"""The SQLite backend under real files: settings, writers in line, processes beside each other."""

import multiprocessing
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3.base import Database
from django.db.utils import ConnectionHandler

from chenyue.core.db.sqlite import base
from chenyue.core.db.sqlite.writer import WriterLock
from chenyue.core.sqlite_fixed import is_fixed


def wrapper(path: Path, timeout: float = 20) -> base.DatabaseWrapper:
    """A connection of its own to a database file."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": timeout}
    settings = {"ENGINE": "chenyue.core.db.sqlite", "NAME": path, "OPTIONS": options, "CONN_MAX_AGE": None}
    databases = ConnectionHandler({"default": settings})
    return databases.create_connection("default")  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def _files_of_our_own(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def one(db: base.DatabaseWrapper, sql: str) -> Any:
    with db.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def run(db: base.DatabaseWrapper, sql: str) -> None:
    with db.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "t.sqlite3"
    db = wrapper(path)
    run(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, who TEXT)")
    db.close()
    return path


def write_many(path: Path, who: str, times: int) -> None:
    """Half in transactions that read first, half as single statements."""
    db = wrapper(path)
    for i in range(times):
        if i % 2:
            db.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            one(db, "SELECT count(*) FROM t")
            run(db, f"INSERT INTO t (who) VALUES ('{who}')")
            db.commit()
            db.set_autocommit(True)
        else:
            run(db, f"INSERT INTO t (who) VALUES ('{who}')")
    db.close()


def test_a_connection_is_set_up_to_lose_nothing(path: Path) -> None:
    db = wrapper(path)
    assert one(db, "PRAGMA journal_mode") == base.journal_mode()
    assert one(db, "PRAGMA synchronous") == 2
    assert one(db, "PRAGMA mmap_size") == 0
    assert one(db, "PRAGMA foreign_keys") == 1
    assert one(db, "PRAGMA journal_size_limit") == 64 * 1024 * 1024
    db.close()


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_which_libraries_may_use_the_log(
    version: tuple[int, ...], fixed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_fixed(version) is fixed
    monkeypatch.setattr(Database, "sqlite_version_info", version)
    assert base.journal_mode() == ("wal" if fixed else "truncate")


def test_sixteen_threads_and_another_process_all_write(path: Path) -> None:
    other = multiprocessing.get_context("fork").Process(target=write_many, args=(path, "other", 60))
    other.start()
    failed: list[Exception] = []

    def work() -> None:
        try:
            write_many(path, "thread", 20)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.join()
    db = wrapper(path)
    assert not failed
    assert other.exitcode == 0
    assert one(db, "SELECT count(*) FROM t") == 16 * 20 + 60
    assert one(db, "PRAGMA integrity_check") == "ok"
    db.close()


def test_reading_waits_for_nobody(path: Path) -> None:
    writer, reader = wrapper(path), wrapper(path, timeout=0.1)
    writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    run(writer, "INSERT INTO t (who) VALUES ('x')")
    assert one(reader, "SELECT count(*) FROM t") == 0
    writer.rollback()
    writer.set_autocommit(True)
    writer.close()
    reader.close()


def test_a_stuck_writer_is_named_and_nothing_stays_locked(path: Path) -> None:
    stuck, waiting = wrapper(path), wrapper(path, timeout=0.05)
    stuck.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(OperationalError, match="another writer is stuck"):
        run(waiting, "INSERT INTO t (who) VALUES ('x')")
    stuck.close()  # a connection that dies frees its turn
    run(waiting, "INSERT INTO t (who) VALUES ('y')")
    assert one(waiting, "SELECT count(*) FROM t") == 1
    waiting.close()


def test_a_savepoint_inside_a_transaction_keeps_the_turn(path: Path) -> None:
    db, other = wrapper(path), wrapper(path, timeout=0.05)
    db.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    db.in_atomic_block = True
    mark = db.savepoint()
    run(db, "INSERT INTO t (who) VALUES ('x')")
    db.savepoint_rollback(mark)
    with pytest.raises(OperationalError):
        run(other, "DELETE FROM t")
    db.in_atomic_block = False
    db.commit()
    run(other, "DELETE FROM t")
    db.close()
    other.close()


def test_waiting_for_another_process_ends_in_time_and_gives_up_cleanly(tmp_path: Path) -> None:
    # Two open files of one path stand for two processes: the kernel treats them alike.
    first, second = WriterLock(tmp_path / "d"), WriterLock(tmp_path / "d")
    a, b = object(), object()
    assert first.take(a, 1)
    assert not first.take(a, 1)
    with pytest.raises(OperationalError):
        second.take(b, 0.05)
    first.free(a)
    assert second.take(b, 1)
    second.free(a)  # not the holder: nothing happens
    with pytest.raises(OperationalError):
        first.take(a, 0.05)
    second.free(b)
    assert first.take(a, 1)
    first.free(a)

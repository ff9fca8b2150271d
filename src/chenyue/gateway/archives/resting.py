"""The database's own triggers rest while rows come in as they were: what follows from rows is in the archive, too.

A trigger that lets one table follow another would count what has been counted. In the transaction of the import, so
that an import that is given up leaves them as they were.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection


@contextmanager
def triggers(tables: Sequence[str]) -> Iterator[None]:
    """Let the triggers of these tables rest; afterwards they stand as they stood before, word for word."""
    if connection.vendor == "postgresql":
        _postgresql(tables, "DISABLE")
        yield
        _postgresql(tables, "ENABLE")
        return
    held = _of_sqlite(tables)
    _run([f"DROP TRIGGER {_quoted(name)}" for name, _sql in held])
    yield
    _run([sql for _name, sql in held])


def _postgresql(tables: Sequence[str], act: str) -> None:
    _run(["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {_quoted(name)} {act} TRIGGER USER" for name in tables)])
    _run(["SET CONSTRAINTS ALL DEFERRED"])


def _of_sqlite(tables: Sequence[str]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return [(name, sql) for name, sql, table in cursor.fetchall() if table in set(tables)]


def _run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)

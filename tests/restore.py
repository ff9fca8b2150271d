"""Keeps the rows of the seeded database and puts them back after a test that commits.

Django would empty the tables instead, which the timeline's triggers refuse on SQLite, and the cast
would be gone for the next test.
"""

from typing import Any

from django.apps import apps
from django.db import connection, transaction

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def _virtual() -> dict[str, str]:
    """Full-text tables of SQLite and how they were made."""
    if connection.vendor != "sqlite":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%%'", [])
        return dict(cursor.fetchall())


def _tables() -> list[str]:
    from django.db.migrations.recorder import MigrationRecorder

    virtual = _virtual()
    inside = {f"{name}_{part}" for name in virtual for part in ("data", "idx", "content", "docsize", "config")}
    skip = {MigrationRecorder.Migration._meta.db_table} | inside | set(virtual)
    return [table for table in connection.introspection.table_names() if table not in skip]


def keep() -> Rows:
    """All rows of all tables."""
    kept: Rows = {}
    with connection.cursor() as cursor:
        for table in _tables():
            names = [c.name for c in connection.introspection.get_table_description(cursor, table)]
            # As expressions, so that SQLite's converters leave the stored values as they are.
            shown = ", ".join(_as_stored(name) for name in names)
            cursor.execute(f"SELECT {shown} FROM {connection.ops.quote_name(table)}")
            kept[table] = (names, cursor.fetchall())
    return kept


def _as_stored(name: str) -> str:
    quoted = connection.ops.quote_name(name)
    return f"+{quoted}" if connection.vendor == "sqlite" else quoted


def put_back(kept: Rows) -> None:
    """Make the database what it was when `keep` looked."""
    from chenyue.core import snapshots

    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
            _swap(cursor, kept)
            for _name, sql in triggers:
                cursor.execute(sql)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            names = ", ".join(connection.ops.quote_name(t) for t in kept)
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            _fill(cursor, kept)
            cursor.execute("SET session_replication_role = origin")
            for sql in connection.ops.sequence_reset_sql(_no_style(), apps.get_models(include_auto_created=True)):
                cursor.execute(sql)
    snapshots.forget_all()


def _no_style() -> Any:
    from django.core.management.color import no_style

    return no_style()


def _swap(cursor: Any, kept: Rows) -> None:
    for table in _tables():
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    for table, sql in _virtual().items():  # the seeded office has no case yet, so its index is empty
        own_copy = "content=" not in sql.replace(" ", "")
        cursor.execute(f"DELETE FROM {table}" if own_copy else f"INSERT INTO {table}({table}) VALUES ('delete-all')")
    _fill(cursor, kept)


def _fill(cursor: Any, kept: Rows) -> None:
    for table, (columns, rows) in kept.items():
        if rows:
            names = ", ".join(connection.ops.quote_name(c) for c in columns)
            marks = ", ".join(["%s"] * len(columns))
            sql = f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({marks})"
            cursor.executemany(sql, [_plain(row) for row in rows])


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    if connection.vendor != "postgresql":
        return row
    from psycopg.types.json import Jsonb

    return tuple(Jsonb(v) if isinstance(v, dict | list) else v for v in row)

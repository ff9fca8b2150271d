"""Keeps the rows of the seeded database and puts them back after a test that commits.

Django would empty the tables instead, which the timeline's triggers refuse on SQLite, and the cast
would be gone for the next test. On PostgreSQL only tables whose rows differ are written anew: emptying
all of them makes a thousand files, which takes longer than most tests.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction

Row = tuple[Any, ...]
Rows = dict[str, tuple[list[str], list[Row]]]  # names of columns and what stood in them, by table


@dataclass
class Kept:
    """What stood in the database: all rows; on PostgreSQL count and sum of each table, and how to ask for them."""

    rows: Rows = field(default_factory=dict)
    asks: str = ""
    sums: dict[str, Row] = field(default_factory=dict)


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


def keep() -> Kept:
    """All rows of all tables."""
    kept = Kept()
    with connection.cursor() as cursor:
        for table in _tables():
            names = [c.name for c in connection.introspection.get_table_description(cursor, table)]
            # As expressions, so that SQLite's converters leave the stored values as they are.
            shown = ", ".join(_as_stored(name) for name in names)
            cursor.execute(f"SELECT {shown} FROM {connection.ops.quote_name(table)}")
            kept.rows[table] = (names, cursor.fetchall())
        if connection.vendor == "postgresql":
            kept.asks = " UNION ALL ".join(
                f"SELECT '{table}', count(*), sum(hashtextextended(whole::text, 0)::numeric) "
                f"FROM {connection.ops.quote_name(table)} whole"
                for table in kept.rows
            )
            kept.sums = _sums(cursor, kept)
    return kept


def _as_stored(name: str) -> str:
    quoted = connection.ops.quote_name(name)
    return f"+{quoted}" if connection.vendor == "sqlite" else quoted


def put_back(kept: Kept) -> None:
    """Make the database what it was when `keep` looked."""
    from chenyue.core import snapshots

    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
            _swap(cursor, kept.rows)
            for _name, sql in triggers:
                cursor.execute(sql)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys meanwhile
            changed = [table for table, found in _sums(cursor, kept).items() if found != kept.sums[table]]
            for table in changed:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
            _fill(cursor, {table: kept.rows[table] for table in changed})
            cursor.execute("SET LOCAL session_replication_role = origin")
            for sql in connection.ops.sequence_reset_sql(_no_style(), _models(changed)):
                cursor.execute(sql)
    snapshots.forget_all()


def _sums(cursor: Any, kept: Kept) -> dict[str, Row]:
    """Of each table, how many rows, and a number that other rows would hardly give."""
    cursor.execute(kept.asks)
    return {table: (count, found) for table, count, found in cursor.fetchall()}


def _models(tables: Iterable[str]) -> list[Any]:
    wanted = set(tables)
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in wanted]


def _no_style() -> Any:
    from django.core.management.color import no_style

    return no_style()


def _swap(cursor: Any, rows: Rows) -> None:
    for table in _tables():
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    for table, sql in _virtual().items():  # the seeded office has no case yet, so its index is empty
        own_copy = "content=" not in sql.replace(" ", "")
        cursor.execute(f"DELETE FROM {table}" if own_copy else f"INSERT INTO {table}({table}) VALUES ('delete-all')")
    _fill(cursor, rows)


def _fill(cursor: Any, rows: Rows) -> None:
    for table, (columns, found) in rows.items():
        if found:
            names = ", ".join(connection.ops.quote_name(c) for c in columns)
            marks = ", ".join(["%s"] * len(columns))
            sql = f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({marks})"
            cursor.executemany(sql, [_plain(row) for row in found])


def _plain(row: Row) -> Row:
    if connection.vendor != "postgresql":
        return row
    from psycopg.types.json import Jsonb

    return tuple(Jsonb(v) if isinstance(v, dict | list) else v for v in row)

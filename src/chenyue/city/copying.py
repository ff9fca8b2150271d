"""A schema copied within the database: tables with their rows, keys that go on, indexes, constraints, triggers.

PostgreSQL prints a definition without the names of schemas where these are on the search path. So everything is read
with the one schema in force and run with the other. (What django-tenants brings reads the catalogue of all schemas for
each table, and takes longer with each office that is there.)
"""

from typing import Any

from django.db import connection, transaction

from chenyue.core.whose import within

# Kinds of things that no migration of the product makes; they'd be lost.
UNKNOWN = "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind NOT IN ('r', 'i', 'S')"
COLUMNS = """
    SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = '' ORDER BY c.relname, a.attnum
"""
KEYS = """
    SELECT c.relname, a.attname, q.last_value
    FROM pg_sequences q JOIN pg_class s ON s.relname = q.sequencename AND s.relkind = 'S'
    AND s.relnamespace = q.schemaname::regnamespace JOIN pg_depend d ON d.objid = s.oid AND d.deptype = 'i'
    JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
    WHERE q.schemaname = %s AND q.last_value IS NOT NULL
"""
CONSTRAINTS = """
    SELECT c.relname, x.conname, pg_get_constraintdef(x.oid, true)
    FROM pg_constraint x JOIN pg_class c ON c.oid = x.conrelid
    WHERE x.connamespace = %s::regnamespace AND x.contype IN ('p', 'u', 'x', 'c', 'f')
    ORDER BY array_position(ARRAY['p', 'u', 'x', 'c', 'f'], x.contype::text), c.relname, x.conname
"""
INDEXES = """
    SELECT pg_get_indexdef(i.indexrelid, 0, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = %s::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_constraint x WHERE x.conindid = i.indexrelid AND x.contype IN ('p', 'u', 'x'))
    ORDER BY c.relname
"""
FUNCTIONS = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = %s::regnamespace ORDER BY proname"
TRIGGERS = """
    SELECT pg_get_triggerdef(t.oid, true) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = %s::regnamespace ORDER BY c.relname, t.tgname
"""
LIKE = "INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMMENTS"


def copy_schema(source: str, target: str) -> None:
    """Make `target` what `source` is, rows and all; in one transaction. RuntimeError for what it can't copy."""
    with transaction.atomic():
        with within(source), connection.cursor() as cursor:
            script = _script(cursor, source)
        with within(""), connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(target)}")
        with within(target), connection.cursor() as cursor:
            cursor.execute(";\n".join(script))


def _script(cursor: Any, source: str) -> list[str]:
    """Statements in the order in which they can be run; rows before what would check or count them one by one."""

    def ask(sql: str) -> list[Any]:
        cursor.execute(sql, [source])
        return list(cursor.fetchall())

    if unknown := ask(UNKNOWN):
        raise RuntimeError(f"this can't be copied: {', '.join(name for (name,) in unknown)}")
    name = connection.ops.quote_name
    columns: dict[str, list[str]] = {}
    for table, column in ask(COLUMNS):
        columns.setdefault(name(table), []).append(name(column))
    origin = name(source)
    found = [f"CREATE TABLE {table} (LIKE {origin}.{table} {LIKE})" for table in columns]
    for table, own in columns.items():
        listed = ", ".join(own)
        found.append(  # names of ours, quoted
            f"INSERT INTO {table} ({listed}) OVERRIDING SYSTEM VALUE SELECT {listed} FROM {origin}.{table}"  # noqa: S608
        )
    for table, column, last in ask(KEYS):
        found.append(f"SELECT setval(pg_get_serial_sequence('{name(table)}', '{column}'), {last})")
    for table, constraint, definition in ask(CONSTRAINTS):
        found.append(f"ALTER TABLE {name(table)} ADD CONSTRAINT {name(constraint)} {definition}")
    found += [definition for (definition,) in ask(INDEXES)]
    found += [definition.replace(f" {source}.", " ", 1) for (definition,) in ask(FUNCTIONS)]
    return found + [definition for (definition,) in ask(TRIGGERS)]

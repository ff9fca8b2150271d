"""PostgreSQL: all tables of one moment by COPY, and the tables again by the product's own migrations.

Rows go out as text in no order; of each table the manifest keeps how many there are and the sum of their SHA-256
modulo 2^256, which no order changes. Nothing but the connection is needed, neither pg_dump nor a superuser.
"""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from chenyue.core import migrating
from chenyue.core.errors import Refusal
from chenyue.core.sealed_tar import Changed, Writer
from chenyue.upkeep.backups import packing

PART = 4 * 1024 * 1024  # bytes of rows in one member
MOST = 96 * 1024 * 1024  # bytes: one row may be large
FOLDER = "tables"
SPACE = 2**256
_TABLES = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace GROUP BY 1 ORDER BY 1
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"


def size() -> int:
    """Bytes of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def tables() -> dict[str, list[str]]:
    """Tables of this office and their columns."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return {name: list(columns) for name, columns in cursor.fetchall()}


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read within is of one moment; others write on meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.savepoint_ids == []:  # the outermost: under test it isn't
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        _one_spelling(cursor)
        yield


def _one_spelling(cursor: Any) -> None:
    for setting in ("IntervalStyle = 'postgres'", "DateStyle = 'ISO, YMD'", "bytea_output = 'hex'"):
        cursor.execute(f"SET LOCAL {setting}")


def put(archive: Writer) -> dict[str, Any]:
    """Add all tables to the archive; what the manifest says of them."""
    said: dict[str, Any] = {"tables": {}}
    with one_moment():
        for name, columns in tables().items():
            said["tables"][name] = _put_table(archive, name, columns)
    with connection.cursor() as cursor:  # afterwards: numbers that were given out meanwhile aren't given again
        cursor.execute(_SEQUENCES)
        said["sequences"] = dict(cursor.fetchall())
    return said


def _put_table(archive: Writer, name: str, columns: list[str]) -> list[Any]:
    sum_, size_, parts = Sum(), 0, 0
    lines: list[bytes] = []

    def end_part() -> None:
        nonlocal parts, size_
        parts += 1
        archive.add(f"{FOLDER}/{name}/{parts:06}.z", zlib.compress(b"".join(lines), packing.LEVEL))
        lines.clear()
        size_ = 0

    for line in _rows(name, columns):
        if lines and size_ + len(line) > PART:
            end_part()
        lines.append(line)
        size_ += len(line)
        sum_.add(line)
    if lines:
        end_part()
    return sum_.said()


def _rows(name: str, columns: list[str]) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.copy(f"COPY {_named(name, columns)} TO STDOUT") as copy:
        for line in copy:
            yield bytes(line)


def _named(name: str, columns: list[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(name)} ({', '.join(map(quote, columns))})"


class Sum:
    """How many rows, and a fingerprint over them in any order."""

    def __init__(self) -> None:
        self._count = self._sum = 0

    def add(self, line: bytes) -> None:
        """One more row."""
        self._count += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest(), "big")) % SPACE

    def said(self) -> list[Any]:
        """What the manifest says."""
        return [self._count, f"{self._sum:064x}"]


def may_try() -> bool:
    """Whether the role may make a schema to bring a backup back into."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(current_database(), 'CREATE')")
        return bool(cursor.fetchone()[0])


@contextmanager
def scratch(name: str) -> Iterator[None]:
    """An empty schema for a trial; nothing of it stays, not even of one that was killed."""
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {quoted} CASCADE")
        cursor.execute(f"CREATE SCHEMA {quoted}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {quoted} CASCADE")


def make_tables(migrations: list[str]) -> None:
    """The tables as they were when the backup was made; a newer product brings them up to date afterwards."""
    executor = MigrationExecutor(connection)
    wanted = {(package, name) for package, _dot, name in (step.partition(".") for step in migrations)}
    if set(executor.loader.applied_migrations) - wanted:
        sentence = _("There are tables of a newer version in this database. Make a new, empty one.")
        raise Refusal(sentence, code="not_empty")
    nodes = [node for node in executor.loader.graph.nodes if node in wanted]
    last = [
        n for n in nodes if not any(c in wanted and c[0] == n[0] for c in executor.loader.graph.node_map[n].children)
    ]
    with migrating.few_rendered():
        executor.migrate(last)


class Taking:
    """Fills the tables again, and proves them; inside one transaction of the caller."""

    def __init__(self) -> None:
        self._tables = tables()
        quote = connection.ops.quote_name
        self._quoted = [quote(name) for name in self._tables]
        self._run(
            "SET CONSTRAINTS ALL DEFERRED", *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in self._quoted)
        )
        self._run(f"TRUNCATE {', '.join(self._quoted)}")

    def _run(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def take(self, name: str, packed: Iterator[bytes]) -> None:
        """The next part. Raises Changed."""
        table = name.split("/")[1]
        if table not in self._tables:
            raise Changed(name)
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {_named(table, self._tables[table])} FROM STDIN") as copy,
        ):
            for piece in packing.unpacked(name, packed, MOST):
                copy.write(piece)

    def prove(self, manifest: dict[str, Any]) -> None:
        """Read every row back: each table is as the manifest says. Raises Unlike."""
        found = {}
        with connection.cursor() as cursor:
            _one_spelling(cursor)
        for name, columns in self._tables.items():
            sum_ = Sum()
            for line in _rows(name, columns):
                sum_.add(line)
            found[name] = sum_.said()
        packing.compare(manifest.get("tables"), found)
        self._numbers_go_on(manifest.get("sequences") or {})
        self._run(
            "SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in self._quoted)
        )

    def _numbers_go_on(self, sequences: dict[str, Any]) -> None:
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            for name, last in sequences.items():
                if isinstance(last, int):
                    cursor.execute("SELECT setval(to_regclass(%s), %s)", [quote(name), last])

    def close(self) -> None:
        """Nothing stays open."""

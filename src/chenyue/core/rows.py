"""Rows written by statements that are made once: `insert`, `insert_many` and `update`.

Django makes the SQL of each save anew, which costs several times what the database needs for it. No model of the
house has signals or a `save` of its own that does something beside saving (see CONTRIBUTING), so that nothing is
left out here.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Model


def insert(row: Model) -> None:
    """Insert one row and take its key."""
    insert_many([row])


def insert_many(rows: Sequence[Model], *, ignore: bool = False) -> None:
    """Insert rows of one model in one statement and take their keys.

    `ignore`: leave out those that some unique key knows already; nobody's key is known then.
    """
    if not rows:
        return
    sql, fields = _insert(connection.vendor, type(rows[0]), len(rows), ignore)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        keys = [] if ignore else cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=False):
        row.pk = key
        row._state.adding = False
        row._state.db = connection.alias


def update(row: Model, names: Iterable[str]) -> None:
    """Write these fields of a row. Raises DatabaseError if the row is gone."""
    wanted = tuple(names)
    if not wanted:
        return
    sql, fields = _update(connection.vendor, type(row), wanted)
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"no {type(row).__name__} {row.pk} to write to")


@lru_cache(maxsize=256)
def _insert(vendor: str, model: type[Model], count: int, ignore: bool) -> tuple[str, list[Any]]:
    meta, quoted = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    marks = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    end = "ON CONFLICT DO NOTHING" if ignore else f"RETURNING {quoted(str(meta.pk.column))}"
    return f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES {marks} {end}", fields  # noqa: S608 – names of ours


@lru_cache(maxsize=256)
def _update(vendor: str, model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    meta, quoted = model._meta, connection.ops.quote_name
    fields: list[Any] = [meta.get_field(name) for name in names]
    columns = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    table, key = quoted(meta.db_table), quoted(str(meta.pk.column))
    return f"UPDATE {table} SET {columns} WHERE {key} = %s", fields  # noqa: S608 – names of ours

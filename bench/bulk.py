"""Rows by the hundred thousand: models' own columns and conversions, without an object for each row."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models

from chenyue.core.fields import EncryptedText


def _moment(value: datetime | None) -> Any:
    """As SQLite's backend writes it; the generator's moments are UTC."""
    return None if value is None else value.isoformat(" ", "microseconds")[:26]


class Table:
    """Collects rows of one model and inserts them together. Columns that a row leaves out get their default."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = list(model._meta.concrete_fields)
        self._place = {f.attname: i for i, f in enumerate(self.fields)}
        self._convert = {f.attname: convert for f in self.fields if (convert := self._converter(f))}
        self._empty = [self._default(f) for f in self.fields]
        self._rows: list[list[Any]] = []

    def _default(self, field: Any) -> Any:
        if field.has_default():
            value = field.get_default()
        else:
            value = "" if field.empty_strings_allowed and not field.null else None
        convert = self._convert.get(field.attname)
        return convert(value) if convert else value

    @staticmethod
    def _converter(field: Any) -> Callable[[Any], Any] | None:
        if isinstance(field, models.DateTimeField):
            return None if connection.vendor == "postgresql" else _moment
        if isinstance(field, models.JSONField):
            return json.dumps
        if isinstance(field, EncryptedText):
            return lambda value: field.get_db_prep_save(value, connection)
        return None

    def add(self, **values: Any) -> None:
        row = self._empty.copy()
        for name, value in values.items():
            convert = self._convert.get(name)
            row[self._place[name]] = convert(value) if convert else value
        self._rows.append(row)

    def flush(self) -> int:
        """Insert what was collected; returns how many rows."""
        columns = ", ".join(f'"{f.column}"' for f in self.fields)
        insert(self.model._meta.db_table, columns, self._rows)
        count, self._rows = len(self._rows), []
        return count


def insert(table: str, columns: str, rows: Iterable[list[Any]]) -> None:
    """COPY on PostgreSQL, one prepared statement on SQLite."""
    rows = list(rows)
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(rows[0]))
            cursor.cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def hurry() -> None:
    """SQLite may forget a half-made database in a power cut, and needn't look up what we know to be there."""
    if connection.vendor == "postgresql":
        return
    with connection.cursor() as cursor:
        for pragma in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
            cursor.execute(f"PRAGMA {pragma}")


def settle_sequences(tables: Iterable[type[models.Model]]) -> None:
    """After rows with given keys: let PostgreSQL count on from the last."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in tables:
            name = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")

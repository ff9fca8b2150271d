"""Rows by the hundred thousand: models' own columns and conversions, without an object for each row."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models

from chenyue.core.fields import EncryptedText


def _moment(value: datetime | None) -> Any:
    """As SQLite's backend writes it; the generator's moments are UTC."""
    return None if value is None else value.strftime("%Y-%m-%d %H:%M:%S.%f")


class Table:
    """Collects rows of one model and inserts them together. Columns that a row leaves out get their default."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = list(model._meta.concrete_fields)
        self._convert = [(f.attname, self._converter(f), self._default(f)) for f in self.fields]
        self._rows: list[list[Any]] = []

    @staticmethod
    def _default(field: Any) -> Callable[[], Any]:
        if field.has_default():
            return field.get_default  # type: ignore[no-any-return]
        return lambda: "" if field.empty_strings_allowed and not field.null else None

    @staticmethod
    def _converter(field: Any) -> Callable[[Any], Any] | None:
        if isinstance(field, models.DateTimeField):
            return None if connection.vendor == "postgresql" else _moment
        if isinstance(field, (models.JSONField, EncryptedText)):
            return lambda value: field.get_db_prep_save(value, connection)
        return None

    def add(self, **values: Any) -> None:
        row = []
        for name, convert, default in self._convert:
            value = values.pop(name) if name in values else default()
            row.append(convert(value) if convert else value)
        if values:
            raise KeyError(f"{self.model.__name__} has no {sorted(values)}")
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


def settle_sequences(tables: Iterable[type[models.Model]]) -> None:
    """After rows with given keys: let PostgreSQL count on from the last."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in tables:
            name = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")

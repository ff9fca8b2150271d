"""Rows as lines of JSON and back, each value in one spelling whatever the database.

A line is an object: column → value, with the key "" for what was encrypted in columns that aren't encrypted as such
(see `rekeying`): a list of [column, path within, name it is bound to]. Keys are sorted, text is UTF-8, no spaces.

    numbers, truth, text, JSON     as in JSON; decimal numbers as text
    moments                        ISO 8601 in UTC with microseconds; days, times of day likewise; spans in microseconds
    bytes                          Base64
    encrypted columns              plain
    blind indexes                  true where there is one, false where it's empty
    seals (`mac` of timeline_seal) true where the seal held; `previous` isn't told
"""

import base64
import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.core.fields import EncryptedText
from chenyue.gateway import moving
from chenyue.gateway.archives import rekeying
from chenyue.timeline.models import Seal

Spelling = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def _same(value: Any) -> Any:
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


_SPELLINGS: dict[type[Any], Spelling] = {
    models.DateTimeField: (_moment, datetime.fromisoformat),
    models.DateField: (date.isoformat, date.fromisoformat),
    models.TimeField: (time.isoformat, time.fromisoformat),
    models.DurationField: (
        lambda value: value // timedelta(microseconds=1),
        lambda value: timedelta(microseconds=value),
    ),
    models.DecimalField: (str, Decimal),
    models.BinaryField: (lambda value: base64.b64encode(bytes(value)).decode(), base64.b64decode),
    models.UUIDField: (str, uuid.UUID),
    models.JSONField: (_same, _same),
    models.BooleanField: (_same, _same),
    models.IntegerField: (_same, _same),
    models.AutoField: (_same, _same),
    models.FloatField: (_same, _same),
    models.CharField: (_same, _same),
    models.TextField: (_same, _same),
    models.GenericIPAddressField: (_same, _same),
    models.FileField: (str, _same),  # its path; the file itself is among the files
}
_UNSEALED = (
    models.BooleanField,
    models.IntegerField,
    models.FloatField,
    models.DateField,
    models.TimeField,
    EncryptedText,
)


def spelling(field: Any) -> Spelling:
    """How a field's values are written and read. Raises Refusal for a kind that nobody has thought of."""
    while field.is_relation:
        field = field.target_field
    for kind in type(field).__mro__:
        if kind in _SPELLINGS:
            return _SPELLINGS[kind]
    sentence = _("Nobody has said how a %(kind)s is written into an archive: gateway/archives/lines.py.")
    raise Refusal(sentence % {"kind": type(field).__name__}, code="kind")


class Table:
    """One model's rows, going out or coming in."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = str(model._meta.db_table)
        self.fields = moving.fields_of(model)
        self.strange: list[str] = []  # cells that no key here fits
        self._columns = {field.column: (field, *spelling(field)) for field in self.fields}
        self._indexes = rekeying.indexes(model)
        self._seals = rekeying.Seals() if model is Seal else None

    def line(self, row: models.Model) -> bytes:
        """A row as it goes out."""
        said: dict[str, Any] = {}
        sealed: list[list[Any]] = []
        for column, (field, write, _read) in self._columns.items():
            value = getattr(row, field.attname)
            if column in self._indexes:
                said[column] = bool(value)
                if value and value != self._index(column, row):
                    self.strange.append(f"{self.name}.{column} #{row.pk}")
            elif value is None:
                said[column] = None
            elif isinstance(field, _UNSEALED):
                said[column] = write(value)
            else:
                names = rekeying.contexts(self.model, column, row)
                plain, found, strange = rekeying.opened(write(value), names)
                said[column] = plain
                sealed += [[column, *each] for each in found]
                if strange:
                    self.strange.append(f"{self.name}.{column} #{row.pk}")
        if self._seals is not None:
            said["mac"] = self._seals.hold(row)  # type: ignore[arg-type]
            del said["previous"]
        if sealed:
            said[""] = sealed
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    def row(self, line: bytes) -> models.Model:
        """A row as it comes in. Raises ValueError, KeyError, TypeError for a line that isn't one of this table."""
        said = json.loads(line)
        for column, path, name in said.pop("", []):
            said[column] = rekeying.closed(said[column], [[path, name]])
        values: dict[str, Any] = {}
        for column, (field, _write, read) in self._columns.items():
            if column in self._indexes:
                continue
            value = said.pop(column, None) if self._seals is not None and column == "previous" else said.pop(column)
            values[field.attname] = value if value is None else read(value)
        row = self.model(**values)
        for column in self._indexes:
            setattr(row, self._columns[column][0].attname, self._index(column, row) if said.pop(column) else "")
        if said:
            raise ValueError(f"unknown columns: {', '.join(said)}")
        if self._seals is not None:
            self._seals.again(row, values["mac"])  # type: ignore[arg-type]
        return row

    def _index(self, column: str, row: models.Model) -> str:
        """What a blind index says under this installation's key."""
        source, make = self._indexes[column]
        return make(getattr(row, source) or "")

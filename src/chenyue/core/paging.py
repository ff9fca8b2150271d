"""Lists that stay quick on their millionth row: keyset paging, and counts that stop at a cap."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

M = TypeVar("M", bound=Model)
COUNT_CAP = 1000
LARGEST, YEARS = 2**63, range(1900, 9000)  # what a cursor may hold that was made here


@dataclass(frozen=True)
class Order:
    """A total order: a column (a dotted path is allowed in Django's way) and the key that breaks ties."""

    column: str
    key: str = "pk"
    descending: bool = True
    attribute: str = ""  # where a row carries the column's value; default: the column's name


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page. `next` and `previous` are cursors for the query string, empty at the ends."""

    rows: list[M]
    next: str = ""
    previous: str = ""
    count: int = 0  # at most COUNT_CAP; `capped` says that there are more
    capped: bool = False


def _encode(row: Model, order: Order, backwards: bool) -> str:
    value = getattr(row, order.attribute or order.column)
    raw = json.dumps([value.isoformat() if isinstance(value, datetime) else value, row.pk, backwards])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, int, bool] | None:
    """The position a cursor names; None for one that was tampered with (the first page is shown)."""
    try:
        value, key, backwards = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        usable = isinstance(value, datetime) and value.tzinfo and value.year in YEARS
        if not (usable or (type(value) is int and abs(value) < LARGEST)) or abs(int(key)) >= LARGEST:
            return None
        return value, int(key), bool(backwards)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        return None


def _is_moment(rows: QuerySet[M], order: Order) -> bool:
    """Whether the column of this order holds moments, and not numbers."""
    model, name = rows.model, order.column
    while "__" in name:
        relation, name = name.split("__", 1)
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
    return name != "pk" and isinstance(model._meta.get_field(name), DateTimeField)


def keyset(
    rows: QuerySet[M],
    order: Order,
    cursor: str,
    size: int,
    *,
    branches: Sequence[Q] = (),
    columns: Callable[[QuerySet[M]], QuerySet[Any]] = lambda rows: rows,
) -> Page[Any]:
    """One page of `rows` in one statement, whatever the page's depth. The count is left to `capped`.

    `branches`: filters of which each row passes one, such as the categories of a group. Each of them is walked in
    its own index and the beginnings are put together; for "one of these" a database sorts all that it finds.
    `columns` says what is read of each row of the page.
    """
    position = _decode(cursor) if cursor else None
    if position is not None and isinstance(position[0], datetime) is not _is_moment(rows, order):
        position = None  # a cursor of another list
    backwards = position is not None and position[2]
    falling = order.descending is not backwards
    if position is not None:
        side = "lt" if falling else "gt"
        value, key, _ = position
        rows = rows.filter(
            Q(**{f"{order.column}__{side}": value}) | Q(**{order.column: value, f"{order.key}__{side}": key}),
            # Said once more in the plain form, so that the index gives the starting point.
            **{f"{order.column}__{side}e": value},
        )
    sign = "-" if falling else ""
    ordered = f"{sign}{order.column}", f"{sign}{order.key}"
    rows = rows.order_by(*ordered)
    if len(branches) > 1:  # each beginning has passed all filters of `rows`
        rows = rows.model._default_manager.filter(pk__in=_beginnings(rows, branches, size + 1)).order_by(*ordered)
    found = list(columns(rows)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_next = more if not backwards else True
    has_previous = position is not None if not backwards else more
    return Page(
        found,
        next=_encode(found[-1], order, backwards=False) if has_next else "",
        previous=_encode(found[0], order, backwards=True) if has_previous else "",
    )


def _beginnings(rows: QuerySet[M], branches: Sequence[Q], count: int) -> RawSQL:
    """The keys of the first so many rows of each branch, in the order of `rows`."""
    parts: list[str] = []
    parameters: list[Any] = []
    for branch in branches:
        try:
            sql, values = rows.filter(branch).values("pk")[:count].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) AS b{len(parts)}")  # noqa: S608 – Django's own SQL
        parameters.extend(values)
    return RawSQL(" UNION ALL ".join(parts or ["SELECT -1"]), parameters, output_field=BigIntegerField())  # noqa: S611


def capped(counted: Mapping[str, QuerySet[Any]], cap: int = COUNT_CAP) -> dict[str, int]:
    """Count several querysets in one statement, each up to `cap` + 1 (so that "more than" can be said)."""
    parts: list[str] = []
    parameters: list[Any] = []
    empty: list[str] = []
    for name, rows in counted.items():
        try:
            sql, values = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
        except EmptyResultSet:  # a filter that nothing can pass
            empty.append(name)
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 – Django's own SQL
        parameters.extend(values)
    counts = dict.fromkeys(empty, 0)
    names = [name for name in counted if name not in counts]
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts), parameters)
            counts.update(zip(names, cursor.fetchone(), strict=True))
    return {name: counts[name] for name in counted}


def ids_in_order(rows: Sequence[M], ids: Sequence[int]) -> list[M]:
    """Rows in the order of `ids`; those that are missing are left out."""
    by_id = {row.pk: row for row in rows}
    return [by_id[i] for i in ids if i in by_id]

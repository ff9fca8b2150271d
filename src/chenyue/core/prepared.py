"""Queries that every page asks, put into SQL once.

Making SQL of a queryset costs Django several times what a small query costs the database. A prepared query is made
once for each shape that it can have, and afterwards asked with new values only:

    @prepared
    def _by_number(levels: tuple[str, ...], *, number: Any) -> QuerySet[Case]:
        return Case.objects.filter(sensitivity__in=levels, number=number)

    rows = _by_number(("normal",), number="2026-1122-0007")

What comes before the star is the shape: it becomes part of the statement, must be hashable, and may take few values.
What comes after it are values: while the query is built each is a stand-in, so that nothing may be decided by them.
The rows are what the queryset would give: model instances with what is selected beside them, or tuples.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache, update_wrapper
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, QuerySet, prefetch_related_objects
from django.db.models import query as django_query
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

R = TypeVar("R")
SHAPES = 256  # of one query; whose scopes differ, whose statements do


class Slot(Expression):
    """The place of a value in a prepared query."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A mark; the slot itself stands for the value until the query is asked."""
        return "%s", [self]


class _Statement:
    """One shape of a query: its SQL, and how its rows become what the queryset would give."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.sql = ""
        self.given: tuple[Any, ...] = ()
        self.compiler = compiler = rows.query.get_compiler(connection=connection, using=connection.alias)
        self.prefetches = rows._prefetch_related_lookups  # type: ignore[attr-defined]
        self.kind = rows._iterable_class
        if self.kind not in (ModelIterable, ValuesListIterable, FlatValuesListIterable):
            raise TypeError("a prepared query gives model instances or tuples")
        try:
            self.sql, self.given = compiler.as_sql()
        except EmptyResultSet:  # a shape that nothing can pass, such as no scope at all
            return
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        self.converters = [(at, found[0], found[1]) for at, found in compiler.get_converters(columns).items()]
        if self.kind is ModelIterable:
            self._learn_model()

    def _learn_model(self) -> None:
        known, select = self.compiler.klass_info, self.compiler.select
        fields = known["select_fields"]
        self.own = slice(fields[0], fields[-1] + 1)
        self.names = [column[0].target.attname for column in select[self.own]]
        self.model = known["model"]
        populators: Any = django_query.get_related_populators  # type: ignore[attr-defined]  # not in the stubs
        self.related = populators(known, select, connection.alias)
        self.annotations = list((self.compiler.annotation_col_map or {}).items())

    def ask(self, values: dict[str, Any]) -> list[Any]:
        """The rows for these values."""
        if not self.sql:
            return []
        bound = [_plain(values[value.name]) if isinstance(value, Slot) else value for value in self.given]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, bound)
            found = cursor.fetchall()
        if not found:
            return []
        rows = list(self._converted(found)) if self.converters else found
        if self.kind is FlatValuesListIterable:
            return [row[0] for row in rows]
        if self.kind is ValuesListIterable:
            return [tuple(row) for row in rows]
        result = [self._instance(row) for row in rows]
        if self.prefetches:
            prefetch_related_objects(result, *self.prefetches)
        return result

    def _converted(self, rows: Any) -> Iterator[list[Any]]:
        here: Any = connection
        for row in map(list, rows):
            for at, converters, expression in self.converters:
                value: Any = row[at]
                for convert in converters:
                    value = convert(value, expression, here)
                row[at] = value
            yield row

    def _instance(self, row: Any) -> Any:
        found = self.model.from_db(connection.alias, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, found)
        for name, at in self.annotations:
            setattr(found, name, row[at])
        return found


def _plain(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


class Prepared(Generic[R]):
    """A query by its shape and values; see the top of this file."""

    def __init__(self, build: Callable[..., Any]) -> None:
        update_wrapper(self, build)
        self._build = build
        self._made = lru_cache(maxsize=SHAPES)(self._make)

    def _make(self, vendor: str, shape: tuple[Any, ...], names: tuple[str, ...]) -> _Statement:
        return _Statement(self._build(*shape, **{name: Slot(name) for name in names}))

    def __call__(self, *shape: Any, **values: Any) -> list[R]:
        """The rows; one statement."""
        return self._made(connection.vendor, shape, tuple(values)).ask(values)

    def first(self, *shape: Any, **values: Any) -> R | None:
        """The first row, or None; the query itself should stop at one."""
        rows = self(*shape, **values)
        return rows[0] if rows else None


def prepared(build: Callable[..., QuerySet[Any, R]]) -> Prepared[R]:
    """Make a function that builds a queryset into a prepared query."""
    return Prepared(build)

"""A whole office from one database to another: from SQLite on one machine to PostgreSQL.

Rows are copied as they are, by the models: what one database calls true or now, the other writes in its own way.
All in one transaction on each side, so that the copy is of one moment and is whole or absent. Then every row is
read back from both and compared, and the timeline is proved where it has arrived.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Collate, Length
from django.db.models.sql import InsertQuery
from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal

HERE, THERE = "default", "moved_to"
VALUES = 20_000  # of one statement; PostgreSQL takes 65,535
Tell = Callable[[str], None]


@dataclass
class Moved:
    """What was copied: rows by table, and cells that the other database would refuse."""

    rows: dict[str, int] = field(default_factory=dict)
    too_long: list[str] = field(default_factory=list)


def move(tell: Tell, make_tables: Callable[[], None]) -> Moved:
    """Copy everything from HERE to THERE, an empty database. Raises Refusal, and leaves THERE without rows then.

    `make_tables` makes them there, in a process whose own database that is: migrations write into their own.
    """
    if connections[THERE].vendor != "postgresql":
        raise Refusal(_("An office can be moved to PostgreSQL only."), code="vendor")
    if pending():
        raise Refusal(_("The tables here are older than this version. Start it once, then move."), code="pending")
    if not _free():
        raise Refusal(_("The other database isn't empty. Make a new one."), code="not_empty")
    moved = Moved(too_long=list(_too_long()))
    if moved.too_long:
        return moved
    tell(_("Making the tables …"))
    make_tables()
    with transaction.atomic(using=HERE), transaction.atomic(using=THERE):  # nobody writes here meanwhile
        _user_triggers("DISABLE")
        _empty()
        for model in tables():
            moved.rows[model._meta.db_table] = put(model, rows_of(model), THERE)
            tell(f"{model._meta.db_table}: {moved.rows[model._meta.db_table]}")
        numbers_go_on(tables(), THERE)
        for model in tables():
            if _digest(model, HERE) != _digest(model, THERE):
                sentence = _("The rows of %(table)s are not the same there. Nothing was moved.")
                raise Refusal(sentence % {"table": model._meta.db_table}, code="differs")
        _run("SET CONSTRAINTS ALL IMMEDIATE")  # now, not at the end: a fault is named while it can be undone
        _user_triggers("ENABLE")
    return moved


def _free() -> bool:
    """Whether nothing is there yet, or only the tables of a move that failed."""
    names = connections[THERE].introspection.table_names()
    people = apps.get_model("people", "Member")
    return not names or (people._meta.db_table in names and not people._base_manager.using(THERE).exists())


def tables() -> list[type[models.Model]]:
    """All models that have a table of their own, those between two others too."""
    every = apps.get_models(include_auto_created=True, include_swapped=False)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def unknown_tables() -> list[str]:
    """Tables here that no model knows and that aren't made anew: they stay behind."""
    known = {model._meta.db_table for model in tables()} | {"django_migrations"}
    found = connections[HERE].introspection.table_names()
    return [name for name in found if name not in known and not name.startswith("cases_search")]


def pending() -> bool:
    """Whether the tables here are older than this version."""
    executor = MigrationExecutor(connections[HERE])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def fields_of(model: type[models.Model]) -> list[Any]:
    """The columns that hold what was written into them."""
    return [f for f in model._meta.concrete_fields if not getattr(f, "generated", False)]


def rows_of(model: type[models.Model], database: str = HERE) -> Iterator[models.Model]:
    """All rows, streamed, in an order that both databases know: text by its code points."""
    key: Any = model._meta.pk
    while key.is_relation:
        key = key.target_field
    by_text = isinstance(key, models.CharField | models.TextField) and connections[database].vendor == "postgresql"
    rows = model._base_manager.using(database).order_by(Collate("pk", "C") if by_text else "pk")
    return iter(rows.iterator(chunk_size=2000))


def put(model: type[models.Model], rows: Iterable[models.Model], database: str) -> int:
    """Write rows, as many at once as a statement takes; returns how many there were."""
    fields, count = fields_of(model), 0
    batch: list[models.Model] = []
    size = max(1, VALUES // len(fields))
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            _insert(database, model, fields, batch)
            count, batch = count + len(batch), []
    if batch:
        _insert(database, model, fields, batch)
    return count + len(batch)


def _insert(database: str, model: type[models.Model], fields: list[Any], rows: list[models.Model]) -> None:
    """As stored: no field says its own "now" again."""
    query = InsertQuery(model)
    query.insert_values(fields, rows, raw=True)
    query.get_compiler(using=database).execute_sql()


def _digest(model: type[models.Model], database: str) -> tuple[int, str]:
    """How many rows, and a fingerprint over all that they say."""
    fields, digest, count = fields_of(model), hashlib.sha256(), 0
    for row in rows_of(model, database):
        digest.update(repr([_plain(f.value_from_object(row)) for f in fields]).encode())
        count += 1
    return count, digest.hexdigest()


def _plain(value: Any) -> Any:
    """A value in one spelling: keys of JSON sorted, bytes as bytes."""
    if isinstance(value, dict):
        return sorted((str(k), repr(_plain(v))) for k, v in value.items())
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, memoryview):
        return bytes(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _too_long() -> Iterator[str]:
    """SQLite holds words longer than their column; PostgreSQL refuses them."""
    for model in tables():
        for column in fields_of(model):
            if isinstance(column, models.CharField) and column.max_length:
                name = f"{column.attname}__length"
                rows = model._base_manager.annotate(**{name: Length(column.attname)})
                for pk in rows.filter(**{f"{name}__gt": column.max_length}).values_list("pk", flat=True)[:5]:
                    yield f"{model._meta.db_table}.{column.attname} #{pk}"


def _run(*statements: str) -> None:
    with connections[THERE].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _quoted() -> list[str]:
    return [connections[THERE].ops.quote_name(model._meta.db_table) for model in tables()]


def _user_triggers(act: str) -> None:
    _run(*(f"ALTER TABLE {name} {act} TRIGGER USER" for name in _quoted()))


def _empty() -> None:
    """What the migrations put into new tables is here already, perhaps changed."""
    _run(f"TRUNCATE {', '.join(_quoted())}")


def numbers_go_on(models_: list[type[models.Model]], database: str) -> None:
    """New rows get numbers after those that were put there."""
    with connections[database].cursor() as cursor:
        for statement in connections[database].ops.sequence_reset_sql(no_style(), models_):
            cursor.execute(statement)

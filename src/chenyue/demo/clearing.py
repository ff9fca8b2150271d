"""Throwing a demo office away: all its tables, made anew by the migrations."""

from django.core.management import call_command
from django.db import connection

from chenyue.core import office, snapshots
from chenyue.core.errors import Refusal


def clear() -> None:
    """Drop every table and migrate again. Refuses unless the office says that it is a demonstration."""
    if not office.get("demo"):
        raise Refusal("Only a demo office can be thrown away.")
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for name in _tables():
            cascade = " CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)}{cascade}")
    snapshots.forget_all()
    call_command("migrate", verbosity=0, interactive=False)


def _tables() -> list[str]:
    """Tables to drop; those that keep a word index go with the table that they serve."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        if connection.vendor != "sqlite":
            return names
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
        virtual = [row[0] for row in cursor.fetchall()]
    return virtual + [n for n in names if n not in virtual and not any(n.startswith(f"{v}_") for v in virtual)]

"""The search index: a virtual table on SQLite, a tsvector with a GIN index on PostgreSQL."""

from typing import Any

from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    from chenyue.cases import search

    connection = schema_editor.connection
    version = () if connection.vendor == "postgresql" else tuple(connection.Database.sqlite_version_info)
    for statement in search.create(connection.vendor, version):
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    from chenyue.cases import search

    schema_editor.execute(f"DROP TABLE {search.TABLE}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]

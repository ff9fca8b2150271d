"""What the new indexes hold is weighed, so that SQLite takes each where it serves; one that misled it goes."""

from typing import Any

from django.db import migrations

NEW = ("case_category_day", "case_open_estate", "case_open_community", "case_open_category")


def weigh(apps: Any, schema_editor: Any) -> None:
    """PostgreSQL does it by itself."""
    if schema_editor.connection.vendor == "sqlite":
        for name in NEW:
            schema_editor.execute(f"ANALYZE {name}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_appeal_parts")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_open_seen"),
        migrations.RunPython(weigh, migrations.RunPython.noop),
    ]

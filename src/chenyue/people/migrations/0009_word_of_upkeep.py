"""Who looks after the machine and its backups, in an office that had its roles before."""

from typing import Any

from django.db import migrations

from chenyue.people.upgrading import hand_out

WORDS = {"admin": ["upkeep.manage"]}


def forwards(apps: Any, schema_editor: Any) -> None:
    """A word that nobody was given yet goes to the default roles."""
    hand_out(apps.get_model("people", "Role"), WORDS)


class Migration(migrations.Migration):
    dependencies = [("people", "0008_phone_codes")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

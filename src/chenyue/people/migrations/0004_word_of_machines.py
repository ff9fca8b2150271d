"""Who manages tokens and webhooks in an office that had its roles before."""

from typing import Any

from django.db import migrations

from chenyue.people.upgrading import hand_out


def forwards(apps: Any, schema_editor: Any) -> None:
    """A word that nobody was given yet goes to the default role."""
    hand_out(apps.get_model("people", "Role"), {"admin": ["machine.manage"]})


class Migration(migrations.Migration):
    dependencies = [("people", "0003_words_of_stewards_and_works")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

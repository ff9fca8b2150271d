"""Who decides about small pains and publishes, in an office that had its roles before."""

from typing import Any

from django.db import migrations

from chenyue.people.upgrading import add_role, hand_out

WORDS = {
    "dispatcher": ["bulletin.write"],
    "unit_officer": ["bulletin.write"],
    "unit_head": ["bulletin.write"],
    "director": ["insight.manage", "bulletin.write", "bulletin.release"],
}
EDITOR = ["bulletin.write", "bulletin.release", "insight.see"]


def forwards(apps: Any, schema_editor: Any) -> None:
    """Words that nobody was given yet go to the default roles."""
    roles = apps.get_model("people", "Role")
    hand_out(roles, WORDS)
    add_role(roles, "bulletin_editor", "采编", EDITOR)


class Migration(migrations.Migration):
    dependencies = [("people", "0006_words_of_volunteering")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

"""Who runs mediation, mediates and is invited, in an office that had its roles before."""

from typing import Any

from django.db import migrations

from chenyue.people.upgrading import add_role, hand_out

WORDS = {
    "dispatcher": ["mediation.see", "mediation.manage"],
    "unit_officer": ["mediation.attend"],
    "unit_head": ["mediation.attend"],
    "director": ["mediation.see", "mediation.manage", "mediation.attend"],
}
MEDIATOR = ["case.see", "case.file", "case.work", "contact.see", "mediation.conduct"]


def forwards(apps: Any, schema_editor: Any) -> None:
    """Words that nobody was given yet go to the default roles."""
    roles = apps.get_model("people", "Role")
    hand_out(roles, WORDS)
    add_role(roles, "mediator", "调解员", MEDIATOR)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_word_of_machines")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

"""Who organises volunteering, certifies hours and keeps credits, in an office that had its roles before."""

from typing import Any

from django.db import migrations

from chenyue.people.upgrading import add_role, hand_out

WORDS = {
    "receptionist": ["volunteering.serve"],
    "dispatcher": ["volunteering.see", "volunteering.serve"],
    "unit_officer": ["volunteering.serve", "volunteering.organise"],
    "unit_head": ["volunteering.serve", "volunteering.organise", "volunteering.certify"],
    "director": [
        "volunteering.see", "volunteering.serve", "volunteering.organise", "volunteering.certify",
        "volunteering.credits", "volunteering.contracts",
    ],
    "auditor": ["volunteering.see"],
}  # fmt: skip
KEEPER = [
    "contact.see", "volunteering.see", "volunteering.serve", "volunteering.organise", "volunteering.certify",
    "volunteering.credits", "volunteering.contracts",
]  # fmt: skip


def forwards(apps: Any, schema_editor: Any) -> None:
    """Words that nobody was given yet go to the default roles."""
    roles = apps.get_model("people", "Role")
    hand_out(roles, WORDS)
    add_role(roles, "volunteer_keeper", "志愿服务专员", KEEPER)


class Migration(migrations.Migration):
    dependencies = [("people", "0005_words_of_mediation")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

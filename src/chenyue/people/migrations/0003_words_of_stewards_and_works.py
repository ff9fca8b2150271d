"""Who runs reception, stewards, works, drafts and the hotline in an office that had its roles before."""

from typing import Any

from django.db import migrations

from chenyue.people.upgrading import add_role, hand_out

WORDS = {
    "receptionist": ["reception.serve", "works.record"],
    "dispatcher": ["reception.serve", "draft.ask", "steward.manage", "works.record", "hotline.import"],
    "unit_officer": ["draft.ask", "works.answer"],
    "unit_head": ["draft.ask", "works.answer"],
    "director": [
        "reception.serve", "reception.roster", "reception.venues", "triage.choose", "draft.ask",
        "steward.serve", "steward.manage", "works.record", "works.answer", "works.manage",
        "hotline.import",
    ],
    "steward": ["steward.serve"],
    "admin": ["reception.venues", "triage.choose"],
}  # fmt: skip
MANAGER = ["case.see", "case.file", "contact.see", "works.record", "works.answer", "works.manage"]


def forwards(apps: Any, schema_editor: Any) -> None:
    """Words that nobody was given yet go to the default roles."""
    roles = apps.get_model("people", "Role")
    hand_out(roles, WORDS)
    add_role(roles, "works_manager", "改造专班", MANAGER)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_identity_of_who_asks")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

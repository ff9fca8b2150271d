"""Triggers that refuse changes to the ledgers, and let holdings follow moves."""

from django.db import migrations

from chenyue.volunteering import triggers


class Migration(migrations.Migration):
    dependencies = [("volunteering", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: triggers.install(editor.connection),
            lambda apps, editor: triggers.remove(editor.connection),
        )
    ]

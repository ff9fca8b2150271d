"""Triggers that refuse changes to entries and seals, and let the heads follow new entries."""

from django.db import migrations

from chenyue.timeline import triggers


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: triggers.install(editor.connection),
            lambda apps, editor: triggers.remove(editor.connection),
        )
    ]

"""Words that were said stand beside an entry, where they can be blanked; the entry commits to them."""

from django.db import migrations, models

from chenyue.timeline import triggers


class Migration(migrations.Migration):
    dependencies = [("timeline", "0002_triggers")]
    operations = [
        migrations.AddField("entry", "said", models.JSONField(default=None, null=True)),
        migrations.RunPython(
            lambda apps, editor: triggers.allow_forgetting(editor.connection),
            lambda apps, editor: triggers.refuse_forgetting(editor.connection),
        ),
    ]

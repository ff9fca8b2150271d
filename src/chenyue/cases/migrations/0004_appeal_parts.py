"""An appeal may quote a part of another one: a further matter of the same message."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_open_indexes")]
    operations = [
        migrations.AddField(
            model_name="appeal",
            name="part_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="cases.appeal",
            ),
        ),
        migrations.AddField(model_name="appeal", name="part_lines", field=models.JSONField(blank=True, default=list)),
    ]

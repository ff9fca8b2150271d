"""The rates' first definitions: the default rule of an office."""

import json
from pathlib import Path

from django.db import migrations

RATES = Path(__file__).resolve().parent.parent / "data" / "rates.json"


def seed(apps, schema_editor):
    definition = apps.get_model("followup", "RateDefinition")
    for row in json.loads(RATES.read_text(encoding="utf-8")):
        definition.objects.get_or_create(code=row["code"], version=row["version"], defaults=row)


class Migration(migrations.Migration):
    dependencies = [("followup", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

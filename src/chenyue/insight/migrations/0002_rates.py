"""First definitions of the further figures, beside those of the three rates."""

import json
from pathlib import Path
from typing import Any

from django.db import migrations

RATES = Path(__file__).resolve().parent.parent / "data" / "rates.json"


def seed(apps: Any, schema_editor: Any) -> None:
    """Definitions that aren't there yet."""
    definition = apps.get_model("followup", "RateDefinition")
    for row in json.loads(RATES.read_text(encoding="utf-8")):
        definition.objects.get_or_create(code=row["code"], version=row["version"], defaults=row)


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial"), ("followup", "0002_rates")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

"""The rules of joint decisions that ship with the product: `data/rules.json`, law as data."""

import json
from pathlib import Path

from django.db import migrations

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "rules.json"


def load(apps, schema_editor):
    rule = apps.get_model("works", "ThresholdRule")
    for row in json.loads(SHIPPED.read_text(encoding="utf-8")):
        key = {"code": row.pop("code"), "version": row.pop("version")}
        rule.objects.get_or_create(**key, defaults=row)


class Migration(migrations.Migration):
    dependencies = [("works", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

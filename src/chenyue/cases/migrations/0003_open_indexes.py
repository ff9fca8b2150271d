"""Indexes of the open cases by where and what, and of a category by its days."""

from django.db import migrations, models

IS_OPEN = models.Q(state__in=["received", "assigned", "handling", "waiting"])
OPEN_INDEXES = {
    "case_open_seen": ["sensitivity", "accused_unit"],
    "case_open_estate": ["estate", "received_at"],
    "case_open_community": ["community", "received_at"],
    "case_open_category": ["category", "received_at"],
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_search")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_open"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["category", "-received_at", "-id"], name="case_category_day"),
        ),
        *(
            migrations.AddIndex(model_name="case", index=models.Index(condition=IS_OPEN, fields=fields, name=name))
            for name, fields in OPEN_INDEXES.items()
        ),
    ]

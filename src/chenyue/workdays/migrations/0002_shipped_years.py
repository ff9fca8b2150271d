"""The years that ship with the product, and the usual hours of work."""

from django.db import migrations

from chenyue.workdays import calendar, years


def load(apps, schema_editor):
    year, day, hours = (apps.get_model("workdays", name) for name in ("Year", "DayException", "WorkingHours"))
    for file in sorted(years.SHIPPED.glob("*.csv")):
        table = years.read(file.read_text(encoding="utf-8"))
        year.objects.create(year=table.year, source=table.source)
        day.objects.bulk_create(day(day=row.day, kind=row.kind, name=row.name) for row in table.days)
    hours.objects.bulk_create(hours(starts=a, ends=b) for a, b in calendar.DEFAULT_HOURS)


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

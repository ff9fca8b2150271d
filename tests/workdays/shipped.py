"""The calendar that ships, built without a database, and moments to try on it."""

from datetime import datetime

from hypothesis import strategies as st

from chenyue.workdays import years
from chenyue.workdays.calendar import Calendar

TABLES = {table.year: table for f in years.SHIPPED.glob("*.csv") for table in [years.read(f.read_text("utf-8"))]}
CALENDAR = Calendar(
    holidays=frozenset(d.day for t in TABLES.values() for d in t.days if d.kind == "holiday"),
    make_ups=frozenset(d.day for t in TABLES.values() for d in t.days if d.kind == "make_up"),
    known_years=frozenset(TABLES),
    names={d.day: d.name for t in TABLES.values() for d in t.days},
)
ZONE = CALENDAR.zone
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 1)).map(lambda m: m.replace(tzinfo=ZONE, microsecond=0))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)

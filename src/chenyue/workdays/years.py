"""Year tables: CSV files with the columns `day,kind,name,source`, one row for each day that differs.

`kind` is `holiday` (a weekday off) or `make_up` (a weekend day worked); `source`, given once, names
the notice that the table follows.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal

SHIPPED = Path(__file__).with_name("data")


@dataclass(frozen=True)
class DayRow:
    """One day that differs from Monday–Friday."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True)
class YearTable:
    """One year's days, checked."""

    year: int
    source: str
    days: tuple[DayRow, ...]

    @property
    def workdays(self) -> int:
        """How many days of this year are worked."""
        first = date(self.year, 1, 1)
        length = (date(self.year + 1, 1, 1) - first).days
        weekdays = sum((first + timedelta(days=i)).weekday() < 5 for i in range(length))
        return weekdays + sum(1 if row.kind == "make_up" else -1 for row in self.days)


def read(text: str) -> YearTable:
    """The table in the text of such a file."""
    plain = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return check(csv.DictReader(io.StringIO(plain)))


def check(rows: Iterable[Mapping[str, str]]) -> YearTable:
    """Rows as typed → a year's table; refuses the first row that can't be right, by its number."""
    days: dict[date, DayRow] = {}
    source = ""
    for number, row in enumerate(rows, start=2):
        found = _day(number, row)
        source = source or (row.get("source") or "").strip()
        if found.day in days:
            raise Refusal(_("Row %(row)d: %(day)s is there twice.") % {"row": number, "day": found.day})
        if not (found.kind == "holiday" and found.day.weekday() >= 5):  # a weekend is off anyway
            days[found.day] = found
    years = {day.year for day in days}
    if len(years) != 1:
        raise Refusal(_("A year table has the days of exactly one year."))
    return YearTable(years.pop(), source, tuple(days[d] for d in sorted(days)))


def _day(number: int, row: Mapping[str, str]) -> DayRow:
    kind = (row.get("kind") or "").strip()
    try:
        day = date.fromisoformat((row.get("day") or "").strip().replace("/", "-"))
    except ValueError:
        raise Refusal(_("Row %(row)d: write the day as 2026-10-01.") % {"row": number}) from None
    if kind not in ("holiday", "make_up"):
        raise Refusal(_("Row %(row)d: the kind is holiday or make_up.") % {"row": number})
    if kind == "make_up" and day.weekday() < 5:
        raise Refusal(
            _("Row %(row)d: %(day)s is a weekday; a make-up workday falls on a weekend.") % {"row": number, "day": day}
        )
    return DayRow(day, kind, (row.get("name") or "").strip()[:40])

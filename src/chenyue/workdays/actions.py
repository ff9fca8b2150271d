"""Changing the working calendar. Promises already made keep their moments; new ones follow it."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import events, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.workdays import years
from chenyue.workdays.events import CalendarChanged
from chenyue.workdays.models import DayException, WorkingHours, Year


@transaction.atomic
def import_year(
    *, rows: Iterable[Mapping[str, str]], by: Actor, at: datetime, provisional: bool = False
) -> years.YearTable:
    """Put a year's table in place of what was known of it; see `years` for the columns."""
    table = years.check(rows)
    Year.objects.update_or_create(year=table.year, defaults={"source": table.source[:200], "provisional": provisional})
    DayException.objects.filter(day__year=table.year).delete()
    DayException.objects.bulk_create(DayException(day=r.day, kind=r.kind, name=r.name) for r in table.days)
    data = {"year": table.year, "workdays": table.workdays, "source": table.source, "provisional": provisional}
    _changed("year", data, by, at)
    return table


@transaction.atomic
def set_day(*, day: date, kind: str, by: Actor, at: datetime, name: str = "") -> None:
    """Mark one day as `holiday` or `make_up`, or with an empty kind as an ordinary day again."""
    if kind == DayException.Kind.MAKE_UP and day.weekday() < 5:
        raise Refusal(_("A make-up workday falls on a weekend."), field="day")
    if kind == DayException.Kind.HOLIDAY and day.weekday() >= 5:
        raise Refusal(_("This day is a weekend and off anyway."), field="day")
    if kind:
        DayException.objects.update_or_create(day=day, defaults={"kind": kind, "name": name.strip()[:40]})
    else:
        DayException.objects.filter(day=day).delete()
    _changed("day", {"day": day.isoformat(), "kind": kind, "name": name}, by, at)


@transaction.atomic
def set_hours(*, stretches: Sequence[tuple[time, time]], by: Actor, at: datetime) -> None:
    """Set the hours of work of every working day; stretches in order, without overlap."""
    flat = [moment for stretch in stretches for moment in stretch]
    if not flat or any(a >= b for a, b in itertools.pairwise(flat)):
        raise Refusal(_("Each stretch of working hours begins before it ends and after the one before it."))
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(WorkingHours(starts=a, ends=b) for a, b in stretches)
    _changed("hours", {"hours": [f"{a:%H:%M}–{b:%H:%M}" for a, b in stretches]}, by, at)


def _changed(what: str, data: dict[str, object], by: Actor, at: datetime) -> None:
    snapshots.bump("calendar")
    events.emit(CalendarChanged(what, data, by, at))

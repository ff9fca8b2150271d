"""Reading the working calendar."""

from datetime import datetime

from django.utils import timezone

from chenyue.core.snapshots import Snapshot
from chenyue.workdays.calendar import DEFAULT_HOURS, Calendar
from chenyue.workdays.models import DayException, WorkingHours, Year

NOTICE_MONTH = 11  # the State Council's notice for a year comes in the November before it


def _load() -> Calendar:
    days = list(DayException.objects.values_list("day", "kind", "name"))
    return Calendar(
        holidays=frozenset(d for d, kind, _ in days if kind == DayException.Kind.HOLIDAY),
        make_ups=frozenset(d for d, kind, _ in days if kind == DayException.Kind.MAKE_UP),
        known_years=frozenset(Year.objects.filter(provisional=False).values_list("year", flat=True)),
        hours=tuple(WorkingHours.objects.values_list("starts", "ends")) or DEFAULT_HOURS,
        names={d: name for d, _, name in days if name},
    )


_calendar = Snapshot("calendar", _load)


def calendar() -> Calendar:
    """The office's working calendar, as of now."""
    return _calendar.get()


def missing_years(at: datetime) -> list[int]:
    """Years that should be known at `at` and aren't: this one, and from November the next."""
    today = timezone.localtime(at).date()
    wanted = [today.year, today.year + 1] if today.month >= NOTICE_MONTH else [today.year]
    return [year for year in wanted if year not in calendar().known_years]

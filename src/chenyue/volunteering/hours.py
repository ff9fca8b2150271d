"""Reading the ledger of hours: facts, which redeeming and expiry never touch. Minutes, whole."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear

from chenyue.volunteering.models import Activity, HourEntry, Volunteer


@dataclass(frozen=True)
class Totals:
    """Of the whole office, without anybody's name: minutes, people with hours, entries that stand."""

    minutes: int
    people: int
    entries: int


def totals(volunteer: Volunteer | int) -> int:
    """All minutes of a volunteer; counter-entries take theirs away. One statement."""
    return _sum(HourEntry.objects.filter(volunteer=volunteer))


def totals_of(volunteers: Iterable[int]) -> dict[int, int]:
    """The same for many, by id. One statement."""
    rows = HourEntry.objects.filter(volunteer__in=list(volunteers)).order_by()
    return dict(rows.values_list("volunteer").annotate(minutes=Sum("minutes")))


def between(volunteer: Volunteer | int, first: date, last: date) -> int:
    """Minutes served from one day to another, both counted."""
    return _sum(HourEntry.objects.filter(volunteer=volunteer, served_on__range=(first, last)))


def of_day(volunteer: Volunteer | int, day: date) -> int:
    """Minutes of one day."""
    return between(volunteer, day, day)


def by_year(volunteer: Volunteer | int) -> list[tuple[int, int]]:
    """Year and minutes, the newest first. One statement."""
    rows = HourEntry.objects.filter(volunteer=volunteer).order_by().annotate(year=ExtractYear("served_on"))
    found = rows.values_list("year").annotate(minutes=Sum("minutes"))
    return sorted(((int(year), int(minutes)) for year, minutes in found), reverse=True)


def entries(
    volunteer: Volunteer | int, *, first: date | None = None, last: date | None = None, limit: int | None = None
) -> list[HourEntry]:
    """Entries with their activity and what takes them back, the newest day first. One statement."""
    rows = listed(HourEntry.objects.filter(volunteer=volunteer))
    if first:
        rows = rows.filter(served_on__gte=first)
    if last:
        rows = rows.filter(served_on__lte=last)
    rows = rows.order_by("-served_on", "-pk")
    return list(rows[:limit] if limit else rows)


def standing(volunteer: Volunteer | int, first: date, last: date) -> list[HourEntry]:
    """Entries of these days that count, without those wholly taken back, in the order of days."""
    found = entries(volunteer, first=first, last=last)
    by_original = {row.reverses_id: row for row in found if row.reverses_id}
    kept = []
    for row in found:
        if row.reverses_id is None:
            back = by_original.get(row.pk)
            row.left = row.minutes + (back.minutes if back else 0)  # type: ignore[attr-defined]
            if row.left:  # type: ignore[attr-defined]
                kept.append(row)
    return kept[::-1]


def of_activity(activity: Activity | int) -> int:
    """All minutes served at an activity."""
    return _sum(HourEntry.objects.filter(activity=activity))


def public_totals(days: tuple[date, date] | None = None) -> Totals:
    """What everybody may read. One statement."""
    rows = HourEntry.objects.all()
    if days:
        rows = rows.filter(served_on__range=days)
    found = rows.aggregate(minutes=Sum("minutes"), people=Count("volunteer", distinct=True), entries=Count("pk"))
    return Totals(found["minutes"] or 0, found["people"], found["entries"])


def listed(rows: QuerySet[HourEntry]) -> QuerySet[HourEntry]:
    """With what a line of the ledger shows."""
    return rows.select_related("activity", "volunteer__resident", "claim", "reversed_by", "by")


def _sum(rows: QuerySet[HourEntry]) -> int:
    return rows.aggregate(minutes=Sum("minutes"))["minutes"] or 0


def taken_back(entry_ids: Collection[int]) -> dict[int, int]:
    """Minutes taken back from each of these entries (below zero). One statement."""
    rows = HourEntry.objects.filter(reverses__in=list(entry_ids))
    return dict(rows.values_list("reverses_id", "minutes"))

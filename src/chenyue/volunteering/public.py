"""What everybody reads of activities, without signing in: never a name, never who comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import NotFound, Sentence
from chenyue.places.models import Kind, Place
from chenyue.volunteering import fitting
from chenyue.volunteering.lifecycle import ActivityKind, ActivityState
from chenyue.volunteering.matching.offers import point
from chenyue.volunteering.matching.score import metres
from chenyue.volunteering.models import Activity, ActivityPhoto

SHOWN = (ActivityState.OPEN, ActivityState.DONE, ActivityState.CANCELLED)
MOST = 60
WHEN: dict[str, Sentence] = {
    "": _("any day"), "today": _("today"), "week": _("within seven days"), "weekend": _("on a weekend"),
}  # fmt: skip
LONG: dict[str, Sentence] = {"": _("any length"), "60": _("up to one hour"), "120": _("up to two hours")}


@dataclass(frozen=True)
class Wish:
    """What somebody looks for: what can I do near me in one hour?"""

    when: str = ""
    long: str = ""
    kind: str = ""
    community: int | None = None
    near: int | None = None

    @classmethod
    def read(cls, given: Any, near: int | None) -> "Wish":
        """From an address; what makes no sense is left out."""
        community = given.get("community", "")
        return cls(
            when=given.get("when", "") if given.get("when", "") in WHEN else "",
            long=given.get("long", "") if given.get("long", "") in LONG else "",
            kind=given.get("kind", "") if given.get("kind", "") in ActivityKind.values else "",
            community=int(community) if community.isascii() and community.isdigit() and len(community) < 10 else None,
            near=near,
        )


@dataclass(frozen=True)
class Line:
    """An activity on the list; `way` in metres where both places are known."""

    row: Activity
    free: int
    way: int | None
    over: bool


def coming(wish: Wish, at: datetime) -> list[Line]:
    """Open activities that lie ahead: the nearest first if somebody says where they are, else the soonest.

    Two statements at most; `MOST` rows at most.
    """
    rows = Activity.objects.filter(state=ActivityState.OPEN, starts_at__gt=at).select_related("place", "unit")
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    if wish.community:
        rows = rows.filter(community=wish.community)
    here = point(Place.objects.filter(pk=wish.near).first()) if wish.near else None
    found = [row for row in _in_time(rows, wish, at).order_by("starts_at", "pk")[: MOST * 5] if _fits(row, wish)]
    lines = [
        Line(row, max(0, row.capacity - row.going), _way(here, row), fitting.over(row, at)) for row in found
    ]  # fmt: skip
    if here is not None:
        lines.sort(key=lambda line: (line.way is None, line.way or 0, line.row.starts_at, line.row.pk))
    return lines[:MOST]


def _in_time(rows: QuerySet[Activity], wish: Wish, at: datetime) -> QuerySet[Activity]:
    if wish.when == "today":
        midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return rows.filter(starts_at__lt=midnight)
    return rows.filter(starts_at__lt=at + timedelta(days=7)) if wish.when == "week" else rows


def _fits(row: Activity, wish: Wish) -> bool:
    if wish.when == "weekend" and timezone.localtime(row.starts_at).weekday() < 5:
        return False
    span = (row.ends_at - row.starts_at).total_seconds() / 60
    return not wish.long or span <= int(wish.long)


def _way(here: Any, row: Activity) -> int | None:
    there = point(row.place)
    return metres(here, there) if here and there else None


def one(number: str) -> Activity:
    """An activity that everybody may read. Raises NotFound, for drafts too."""
    rows = Activity.objects.filter(state__in=SHOWN).select_related("place", "unit")
    row = rows.filter(number=number.strip().upper()[:20]).first()
    if row is None:
        raise NotFound
    return row


def photo(row: Activity, pk: int) -> ActivityPhoto:
    """A photograph that everybody may see. Raises NotFound."""
    found = ActivityPhoto.objects.filter(activity=row, pk=pk, public=True, removed_at=None).first()
    if found is None:
        raise NotFound
    return found


def communities() -> list[tuple[int, str]]:
    """For the filter."""
    return list(Place.objects.filter(kind=Kind.COMMUNITY, active=True).order_by("pk").values_list("pk", "name"))

"""Where people are received, as papers that hang for months say it: weekly hours, not days."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from chenyue.places.models import Place
from chenyue.reception.models import Opening, Venue

SHOWN = 2  # venues on a paper


def venues(building_ids: Sequence[int], at: datetime) -> dict[int, list[str]]:
    """For each building up to two venues with hours and address: the point at its own works first. Three statements."""
    day = timezone.localtime(at).date()
    now = Q(until=None) | Q(until__gte=day)
    openings = Prefetch("openings", Opening.objects.filter(now).order_by("starts", "pk"))
    rows = Venue.objects.filter(now, active=True).select_related("place").prefetch_related(openings)
    found = [venue for venue in rows if venue.openings.all()]
    estates = dict(Place.objects.filter(pk__in=building_ids).values_list("pk", "estate_id"))
    return {pk: [_line(v) for v in _near(found, estates.get(pk))[:SHOWN]] for pk in building_ids}


def _near(found: Sequence[Venue], estate: int | None) -> list[Venue]:
    """Points at works are for their own estate; rooms are for everybody."""
    own = [v for v in found if v.kind == Venue.Kind.ON_SITE and estate and v.place and _estate(v.place) == estate]
    return own + [v for v in found if v.kind == Venue.Kind.ROOM]


def _estate(place: Place) -> int:
    return place.estate_id or place.pk


def _line(venue: Venue) -> str:
    hours = "；".join(f"{o.days} {o.starts:%H:%M}–{o.ends:%H:%M}" for o in venue.openings.all())
    return f"{venue.name}：{hours}" + (f"\n{venue.address}" if venue.address else "")

"""On-site points for whoever asks by the works they belong to; see `chenyue.works.links.venues_by`."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from chenyue.reception import queries
from chenyue.reception.models import Sitting, Venue

NEXT = 3  # sittings of each point


def points_of(names: Sequence[str], places: Sequence[int], at: datetime) -> list[tuple[Venue, list[Sitting]]]:
    """On-site points that name one of these works, or stand in one of these places without naming any; with the
    sittings that come next. Two statements."""
    today = timezone.localtime(at).date()
    named, there = Q(works__in=names), Q(works="", place__in=places) | Q(works="", place__estate__in=places)
    rows = Venue.objects.filter(named | there, kind=Venue.Kind.ON_SITE, active=True)
    venues = list(rows.filter(Q(until=None) | Q(until__gte=today)).order_by("order", "pk"))
    coming: dict[int, list[Sitting]] = {venue.pk: [] for venue in venues}
    for sitting in queries.next_sittings(at, venues=coming, limit=NEXT * max(1, len(coming))) if coming else []:
        coming[sitting.venue_id].append(sitting)
    return [(venue, coming[venue.pk][:NEXT]) for venue in venues]

"""Who receives today, where and when, and how long one waits now: for home and for doors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import cos, hypot, radians
from typing import cast

from django.core.cache import cache
from django.utils import timezone

from chenyue.places.models import Place
from chenyue.reception import booking, queries
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import Sitting
from chenyue.reception.queue.queries import Forecast

KEPT = 15  # seconds that the board stays in memory; it is asked for by every first view
AHEAD = timedelta(days=7)
WALK = 12.0  # minutes for a kilometre: what a farther venue must save in waiting


@dataclass(frozen=True)
class Row:
    """One sitting on the board."""

    sitting: Sitting
    names: list[str]
    lead: str
    wait: Forecast

    @property
    def running(self) -> bool:
        """Whether people are being received now."""
        return self.sitting.state == SittingState.OPEN

    @property
    def cancelled(self) -> bool:
        return self.sitting.state == SittingState.CANCELLED


@dataclass(frozen=True)
class Board:
    """The sittings of today that aren't over, or those of the next day that has any."""

    rows: list[Row]
    day: date | None
    today: bool


def board(at: datetime) -> Board:
    """The board, from memory for some seconds; no statement then. Else four, and two for each sitting that runs."""
    found = cache.get("reception.board")
    if found is None or found[0] > at or at - found[0] > timedelta(seconds=KEPT):
        found = (at, _read(at))
        cache.set("reception.board", found, KEPT)
    return cast(Board, found[1])


def _read(at: datetime) -> Board:
    day = timezone.localtime(at).date()
    rows = queries.sittings_between(day, day + AHEAD).filter(ends_at__gt=at, venue__active=True)
    shown = rows.exclude(state=SittingState.CLOSED)
    found = [s for s in shown if s.day == day or s.state != SittingState.CANCELLED]
    if not found:
        return Board([], None, False)
    first = found[0].day
    return Board([_row(s, at) for s in found if s.day == first], first, first == day)


def _row(sitting: Sitting, at: datetime) -> Row:
    told = queries.as_published(sitting) if sitting.published_at else None
    wait = booking.expected(sitting, at)
    return Row(sitting, told.names if told else [], told.lead if told else "", wait)


@dataclass(frozen=True)
class Advice:
    """Where somebody at a place is heard soonest: the best sitting, and another venue's if there is one."""

    best: Row
    other: Row | None


def advice(place_id: int | None, at: datetime) -> Advice | None:
    """The sitting at which somebody who sets out from a place now is heard first: the way, the opening, and the wait.

    None if nothing is planned. At most two statements beside the board's.
    """
    rows = [r for r in board(at).rows if not r.cancelled and (r.wait.accepts or not r.running)]
    if not rows:
        return None
    spots = _spots({place_id or 0, *(r.sitting.venue.place_id or 0 for r in rows)})
    own = spots.get(place_id or 0)

    def heard(row: Row) -> float:
        way = _minutes(own, spots.get(row.sitting.venue.place_id or 0))
        begins = max(0.0, (row.sitting.starts_at - at).total_seconds() / 60)
        return max(begins, way) + row.wait.high

    ranked = sorted(rows, key=lambda r: (heard(r), r.sitting.pk))
    other = next((r for r in ranked[1:] if r.sitting.venue_id != ranked[0].sitting.venue_id), None)
    return Advice(ranked[0], other)


Spot = tuple[float, float]


def _spots(place_ids: set[int]) -> dict[int, Spot]:
    """Latitude and longitude of places; of a home or building without its own, those of its estate."""
    rows = Place.objects.filter(pk__in=place_ids).values_list(
        "pk", "latitude", "longitude", "estate__latitude", "estate__longitude"
    )
    found = {}
    for pk, latitude, longitude, estate_latitude, estate_longitude in rows:
        north, east = (latitude, longitude) if latitude is not None else (estate_latitude, estate_longitude)
        if north is not None and east is not None:
            found[pk] = (north, east)
    return found


def _minutes(one: Spot | None, other: Spot | None) -> float:
    """The way on foot as the crow flies; 0 where a place isn't known."""
    if one is None or other is None:
        return 0.0
    north = (one[0] - other[0]) * 111.2
    east = (one[1] - other[1]) * 111.2 * cos(radians(one[0]))
    return hypot(north, east) * WALK

"""A sitting with its venue, made by hand: what the tests of the queue stand on."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cast import SHANGHAI, Cast
from chenyue.reception.models import Sitting, Venue
from chenyue.reception.queue import actions

SEVEN = datetime(2026, 11, 24, 7, 0, tzinfo=SHANGHAI)  # a Tuesday morning


def minutes(count: float, after: datetime = SEVEN) -> datetime:
    """A moment so many minutes after the sitting begins."""
    return after + timedelta(minutes=count)


def venue(name: str = "便民接待室", **more: Any) -> Venue:
    """A room with two windows."""
    token = f"test-{name}"
    given = {"letter": "A", "windows": 2, "capacity": 30, "feed_token": f"{token}-feed", "screen_token": token}
    return Venue.objects.get_or_create(name=name, defaults=given | more)[0]


def sitting(starts_at: datetime = SEVEN, where: Venue | None = None, **more: Any) -> Sitting:
    """A planned sitting of ninety minutes."""
    where = where or venue()
    ends_at = starts_at + timedelta(minutes=90)
    given = {"day": timezone.localtime(starts_at).date(), "ends_at": ends_at, "capacity": where.capacity}
    return Sitting.objects.create(venue=where, starts_at=starts_at, **(given | more))


def opened(cast: Cast, at: datetime = SEVEN, **more: Any) -> Sitting:
    """A sitting that 李 has opened."""
    return actions.open_sitting(sitting=sitting(at, **more), by=cast.li.actor(), at=at)


def ticket(cast: Cast, where: Sitting, after: float = 0, **more: Any) -> Any:
    """A walk-in so many minutes after seven."""
    return actions.take_ticket(sitting=where, by=cast.li.actor(), at=minutes(after), **more)

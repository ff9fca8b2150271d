"""Venues and their hours, as tests of reception need them."""

from datetime import date, time
from typing import Any

from chenyue.core.ids import token

MORNING, EVENING = (time(7), time(8, 30)), (time(19), time(20, 30))
EVERY_DAY = list(range(7))


def venue(name: str = "接待室", **more: Any) -> Any:
    """A venue of this name, with tokens of its own."""
    from chenyue.reception.models import Venue

    return Venue.objects.create(name=name, feed_token=token(), screen_token=token(), **more)


def opening(place: Any, hours: tuple[time, time] = MORNING, weekdays: list[int] | None = None, **more: Any) -> Any:
    """A weekly opening, on every day unless said."""
    from chenyue.reception.models import Opening

    days = EVERY_DAY if weekdays is None else weekdays
    return Opening.objects.create(
        venue=place, weekdays=days, starts=hours[0], ends=hours[1], **{"since": date(2026, 1, 1)} | more
    )


def room(name: str = "接待室", **more: Any) -> Any:
    """A room that receives each day in the morning and in the evening, public holidays too."""
    place = venue(name, **more)
    opening(place, MORNING, on_holidays=True)
    opening(place, EVENING, on_holidays=True)
    return place


def person(member: Any, **more: Any) -> Any:
    """A member of the roster."""
    from chenyue.reception.models import RosterPerson

    return RosterPerson.objects.create(member=member, feed_token=token(), **more)


def ticket(sitting: Any, at: Any, number: int = 1) -> Any:
    """A place in the queue of a sitting."""
    from chenyue.reception.models import Ticket

    label = f"{sitting.venue.letter}{number:03d}"
    return Ticket.objects.create(sitting=sitting, number=number, label=label, token=token(), line_at=at, created_at=at)

"""The table of doors, for venues and the roster. Each row makes what it needs."""

from typing import Any

from house.doors import NOTHING, Door, everybody, only, posted

NO_FEED = {"token": "nothing-like-this"}


def room(world: Any) -> Any:
    """A venue that receives each morning."""
    from chenyue.reception.models import Venue
    from reception import venue_rows

    return Venue.objects.filter(name="接待室").first() or venue_rows.room()


def hours(world: Any) -> dict[str, Any]:
    place = room(world)
    return {"venue": place.pk, "pk": place.openings.order_by("pk")[0].pk}


def venue(world: Any) -> dict[str, Any]:
    return {"pk": room(world).pk}


def feed(world: Any) -> dict[str, Any]:
    return {"token": room(world).feed_token}


KEEPS = ("zhao", "admin")  # who looks after venues

VENUES: dict[str, Door | list[Door]] = {
    "reception:venues": [Door(only(*KEEPS)), posted(only(*KEEPS, status=422))],
    "reception:venue-new": [Door(only(*KEEPS)), posted(only(*KEEPS, status=422))],
    "reception:venue": [Door(only(*KEEPS), venue), Door(only(*KEEPS, status=404), NOTHING)],
    "reception:opening-new": Door(only(*KEEPS), lambda w: {"venue": room(w).pk}),
    "reception:opening": Door(only(*KEEPS), hours),
    "reception:venue-act": posted(only(*KEEPS, status=404), NOTHING | {"what": "day"}),
    "reception:venue-feed": [Door(everybody(200), feed), Door(everybody(404), NO_FEED)],
    "reception:person-feed": Door(everybody(404), NO_FEED),
}
ROSTER: dict[str, Door | list[Door]] = VENUES

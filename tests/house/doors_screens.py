"""The table of doors, for screens, kiosk, booking and tickets: whoever has the link, and nobody without it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from house.doors import NO_TOKEN, NOTHING, Door, everybody, once, only, posted

KEEPS = ("zhao", "admin")  # who looks after venues


def wall(world: Any) -> dict[str, Any]:
    """The link of the screens of a room that receives at this moment."""
    return {"token": open_now(world).venue.screen_token}


def open_now(world: Any) -> Any:
    from chenyue.reception.models import Sitting
    from reception.queue_stage import opened, venue

    found = Sitting.objects.filter(venue__name="叫号屏前", state="open").select_related("venue").first()
    return found or opened(world.cast, timezone.now() - timedelta(minutes=1), where=venue("叫号屏前"))


def later(world: Any) -> Any:
    """A sitting that can be booked."""
    from chenyue.reception.models import Sitting
    from reception.queue_stage import sitting, venue

    found = Sitting.objects.filter(venue__name="预约处").first()
    return found or sitting(timezone.now() + timedelta(days=1), venue("预约处"))


def holder(world: Any) -> dict[str, Any]:
    """The link of a ticket."""
    from chenyue.core.actors import Actor
    from chenyue.reception import booking

    where, by, at = later(world), Actor("resident"), timezone.now()
    slot = booking.offer(where.pk, at).free[0].at
    person = booking.Person(world.cast.chen.name, world.cast.chen.phone)
    return {"token": booking.book(sitting=where, slot=slot, person=person, by=by, at=at).token}


def entry(world: Any) -> dict[str, Any]:
    """The link of an entry of a waiting list."""
    from chenyue.core.ids import token
    from chenyue.reception.models import WaitEntry

    found = WaitEntry.objects.create(sitting=later(world), token=token(), created_at=timezone.now())
    return {"token": found.token}


def key(world: Any) -> dict[str, Any]:
    from chenyue.reception import live

    return {"key": live.key_of_screen(open_now(world).venue)}


def sealed(world: Any) -> dict[str, Any]:
    from chenyue.reception import arriving
    from reception.queue_stage import actions

    where, by = open_now(world), world.cast.li.actor()
    ticket = actions.take_ticket(sitting=where, by=by, at=timezone.now())
    return wall(world) | {"sealed": arriving.seal(ticket, own=True)}


SCREENS: dict[str, Door | list[Door]] = {
    "reception:sittings": Door(everybody(200)),
    "reception:book": [
        Door(everybody(200), lambda w: {"pk": later(w).pk}),
        posted(everybody(422), lambda w: {"pk": later(w).pk}),
        Door(everybody(404), NOTHING),
    ],
    "reception:waiting": [
        Door(everybody(200), entry),
        posted(everybody(303), entry, once),
        Door(everybody(404), NO_TOKEN),
    ],
    "reception:ticket": [Door(everybody(200), holder), Door(everybody(404), NO_TOKEN)],
    "reception:ticket-act": [
        posted(everybody(303), lambda w: holder(w) | {"name": "leave"}, once),
        posted(everybody(404), NO_TOKEN | {"name": "leave"}, once),
        Door(everybody(405), NO_TOKEN | {"name": "leave"}),
    ],
    "reception:now": [Door(everybody(200), data=key), Door(everybody(404), data={"key": "made-up"})],
    "reception:screen": [Door(everybody(200), wall), Door(everybody(404), NO_TOKEN)],
    "reception:kiosk": [
        Door(everybody(200), wall),
        posted(everybody(303), wall, once),
        Door(everybody(404), NO_TOKEN),
        posted(everybody(404), NO_TOKEN, once),
    ],
    "reception:kiosk-arrive": [
        Door(everybody(200), wall),
        posted(everybody(422), wall),
        Door(everybody(404), NO_TOKEN),
    ],
    "reception:kiosk-ticket": [
        Door(everybody(200), sealed),
        Door(everybody(303), lambda w: wall(w) | {"sealed": "made-up"}),
        Door(everybody(404), NO_TOKEN | {"sealed": "made-up"}),
    ],
    "reception:screen-links": [
        Door(only(*KEEPS), lambda w: {"pk": open_now(w).venue.pk}),
        posted(only(*KEEPS, status=303), lambda w: {"pk": open_now(w).venue.pk}, once),
        Door(only(*KEEPS, status=404), NOTHING),
    ],
}

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
PLANS = ("zhao",)  # who plans
SEES = ("li", "zhao")  # who keeps the queue sees the roster; so does who takes turns


def turn(world: Any) -> Any:
    """A published turn of 李 tomorrow."""
    from datetime import timedelta

    from django.utils import timezone

    from chenyue.reception import venues
    from chenyue.reception.models import RosterPerson, Shift, Sitting
    from reception import venue_rows

    found = Shift.objects.filter(person__member=world.cast.li).first()
    if found is None:
        place, at = room(world), timezone.now()
        day = timezone.localdate() + timedelta(days=1)
        venues.ensure_sittings(day, day, at)
        person = RosterPerson.objects.filter(member=world.cast.li).first() or venue_rows.person(world.cast.li)
        Sitting.objects.filter(venue=place, day=day).update(published_at=at)
        found = Shift.objects.create(sitting=Sitting.objects.filter(venue=place, day=day)[0], person=person)
    return found


def shift(world: Any) -> dict[str, Any]:
    return {"pk": turn(world).pk}


def plan(world: Any) -> dict[str, Any]:
    """A draft for tomorrow, changed by hand."""
    from django.utils import timezone

    from chenyue.reception.models import Plan
    from chenyue.reception.rostering import planning

    row = Plan.objects.first()
    if row is None:
        day = turn(world).sitting.day
        row = planning.by_hand(first=day, last=day, by=world.cast.zhao.actor(), at=timezone.now())
    return {"pk": row.pk}


def cell(world: Any) -> dict[str, Any]:
    return plan(world) | {"sitting": turn(world).sitting_id}


def swap(world: Any) -> dict[str, Any]:
    """李 asks 赵 to take the turn."""
    from django.utils import timezone

    from chenyue.reception.models import RosterPerson, Swap
    from reception import venue_rows

    row = Swap.objects.first()
    if row is None:
        zhao = RosterPerson.objects.filter(member=world.cast.zhao).first() or venue_rows.person(world.cast.zhao)
        asked = {"asked_by": world.cast.li, "asked_at": timezone.now()}
        row = Swap.objects.create(shift=turn(world), other=zhao, **asked)
    return {"pk": row.pk}


def who(world: Any) -> dict[str, Any]:
    return {"pk": turn(world).person_id}


TURNS: dict[str, Door | list[Door]] = {
    "reception:roster": Door(only(*SEES)),
    "reception:board": Door(only(*SEES)),
    "reception:roster-excel": Door(only(*SEES)),
    "reception:plans": [Door(only(*PLANS)), posted(only(*PLANS, status=422))],
    "reception:plan": [Door(only(*PLANS), plan), Door(only(*PLANS, status=404), NOTHING)],
    "reception:plan-act": posted(only(*PLANS, status=404), NOTHING | {"what": "stop"}),
    "reception:where": Door(only(*PLANS), plan),
    "reception:turn": posted(only(*PLANS, status=404), NOTHING),
    "reception:plan-sitting": Door(only(*PLANS), cell),
    "reception:roster-people": [Door(only(*SEES)), posted(only(*PLANS, status=422))],
    "reception:roster-person-new": Door(only(*PLANS)),
    "reception:roster-person": Door(only(*PLANS), who),
    "reception:roster-rules": Door(only(*PLANS)),
    "reception:my-turns": Door(only(*SEES)),
    "reception:leave": posted(only(*SEES, status=404)),  # neither takes turns
    "reception:wish": posted(only(*SEES, status=404)),
    "reception:mine-act": posted(only(*SEES, status=404), NOTHING | {"what": "leave"}),
    "reception:swaps": Door(only(*PLANS)),
    "reception:swap-act": posted(only(*SEES, status=404), NOTHING | {"what": "agree"}),
    "reception:turn-page": [Door(only(*SEES), shift), Door(only(*SEES, status=404), NOTHING)],
    "reception:swap": Door(only(*SEES), shift),
    "reception:turn-act": posted(only(*SEES, status=404), NOTHING | {"what": "absent"}),
}
ROSTER: dict[str, Door | list[Door]] = VENUES | TURNS

"""Changing places. Every change bumps the gazetteer and is told by an event, which wiring records."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import events, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.places import planting, rules
from chenyue.places.events import PlaceChanged
from chenyue.places.importing import ImportReport, import_places, template
from chenyue.places.models import Alias, Kind, Place

__all__ = ["ImportReport", "add_alias", "add_place", "change_place", "deactivate_place", "import_places"]
__all__ += ["reactivate_place", "remove_alias", "rename_place", "seed_demo", "template"]

DEMO = Path(__file__).with_name("data") / "demo_places.csv"
CHANGEABLE = frozenset({"homes", "built_year", "latitude", "longitude"})


@transaction.atomic
def add_place(
    *,
    kind: str,
    name: str,
    parent: Place | None,
    by: Actor,
    at: datetime,
    aliases: Iterable[str] = (),
    entrances: Iterable[str] = (),
    village: bool = False,
    **details: Any,
) -> Place:
    """Add a place, with `homes`, `built_year`, `latitude` and `longitude` as details.

    A building may bring its entrances by name. Refuses a name that its parent has already.
    """
    rules.check_parent(kind, parent)
    name = rules.check_name(name)
    _refuse_twin(kind, name, parent)
    place = planting.derive(Place(kind=kind, name=name, village=village, **_known(details)), parent)
    doors = [planting.derive(Place(kind=Kind.ENTRANCE, name=rules.check_name(e)), place) for e in entrances]
    if doors and kind != Kind.BUILDING:
        raise Refusal(_("Only a building has entrances."), field="entrances")
    planting.insert([place, *doors])
    Alias.objects.bulk_create(Alias(place=place, text=rules.check_name(a)) for a in dict.fromkeys(aliases))
    _changed(place, "added", by, at)
    return place


@transaction.atomic
def rename_place(*, place: Place, name: str, by: Actor, at: datetime) -> Place:
    """Give a place another name, and all places inside their new full names."""
    place = _locked(place)
    name = rules.check_name(name)
    if name == place.name:
        return place
    _refuse_twin(place.kind, name, place.parent)
    before, place.name = place.full_name, name
    planting.spell([planting.derive(place, place.parent)])
    place.save(update_fields=["name", "full_name", "initials"])
    planting.rename_below(place)
    _changed(place, "renamed", by, at, before=before, after=place.full_name)
    return place


@transaction.atomic
def change_place(*, place: Place, by: Actor, at: datetime, **details: Any) -> Place:
    """Change the number of homes, the year or the position."""
    place = _locked(place)
    for name, value in _known(details).items():
        setattr(place, name, value)
    place.save(update_fields=list(details))
    _changed(place, "changed", by, at, **details)
    return place


@transaction.atomic
def add_alias(*, place: Place, text: str, by: Actor, at: datetime) -> Alias:
    """Add what people also call a place; refuses one that another place beside it has already."""
    text = rules.check_name(text)
    twin = Alias.objects.filter(text=text, place__parent=place.parent_id).select_related("place").first()
    if twin and twin.place_id != place.pk:
        raise Refusal(
            _("“%(alias)s” is already what people call %(place)s.") % {"alias": text, "place": twin.place.full_name},
            field="text",
        )
    alias, fresh = Alias.objects.get_or_create(place=place, text=text)
    if fresh:
        _changed(place, "alias", by, at, added=text)
    return alias


@transaction.atomic
def remove_alias(*, place: Place, text: str, by: Actor, at: datetime) -> None:
    """Take an alias away; nothing happens if the place has none of that text."""
    if Alias.objects.filter(place=place, text=text).delete()[0]:
        _changed(place, "alias", by, at, removed=text)


@transaction.atomic
def deactivate_place(*, place: Place, by: Actor, at: datetime) -> int:
    """Let a place and all inside it disappear from searches; what was filed there keeps it. How many."""
    return _switch(_locked(place), False, by, at)


@transaction.atomic
def reactivate_place(*, place: Place, by: Actor, at: datetime) -> int:
    """Bring a place and all inside it back; refuses while the place it lies in is inactive."""
    place = _locked(place)
    if place.parent and not place.parent.active:
        raise Refusal(_("First bring back %(place)s, in which it lies.") % {"place": place.parent.full_name})
    return _switch(place, True, by, at)


def _switch(place: Place, active: bool, by: Actor, at: datetime) -> int:
    level, found = [place.pk], []
    while level:
        found += level
        level = list(Place.objects.filter(parent__in=level).values_list("pk", flat=True))
    Place.objects.filter(pk__in=found).update(active=active)
    _changed(place, "reactivated" if active else "deactivated", by, at, places=len(found))
    return len(found)


def seed_demo(*, by: Actor, at: datetime) -> ImportReport:
    """The fictional sub-district 晨光街道, for a demo office."""
    return import_places(DEMO.read_bytes(), DEMO.name, by=by, at=at)


def _locked(place: Place) -> Place:
    Place.objects.select_for_update().get(pk=place.pk)
    return Place.objects.select_related("parent", "community", "estate", "building").get(pk=place.pk)


def _known(details: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(details) - CHANGEABLE:
        raise TypeError(f"a place has no {', '.join(sorted(unknown))}")
    return details


def _refuse_twin(kind: str, name: str, parent: Place | None) -> None:
    if Place.objects.filter(kind=kind, name=name, parent=parent).exists():
        raise Refusal(_("There is already a place of this name here."), field="name")


def _changed(place: Place, change: str, by: Actor, at: datetime, **data: Any) -> None:
    snapshots.bump("places")
    events.emit(PlaceChanged(place.pk, change, by, at, {"name": place.full_name, **data}))

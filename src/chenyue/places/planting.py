"""Putting places into the tree: one at a time or thousands, with the columns that follow from the parent."""

import secrets
from collections.abc import Collection, Iterable

from chenyue.core import text as texts
from chenyue.core.ids import READABLE
from chenyue.places import rules
from chenyue.places.models import Kind, Place

CODE_LENGTH = 6  # 22^6 ≈ 113 million door codes: they tell a place, not a secret
ORDER = (Kind.COMMUNITY, Kind.ESTATE, Kind.ROAD, Kind.SPOT, Kind.BUILDING, Kind.ENTRANCE, Kind.HOME)


def new_code(taken: set[str]) -> str:
    """A door code that isn't among `taken`; adds it there."""
    while (code := "".join(secrets.choice(READABLE) for _ in range(CODE_LENGTH))) in taken:
        pass
    taken.add(code)
    return code


def derive(place: Place, parent: Place | None) -> Place:
    """Fill in what follows from name and parent: full name, the places it lies in. `spell` gives the initials."""
    place.parent = parent
    place.full_name = rules.full_name(place.kind, place.name, parent)
    place.community = _above(parent, Kind.COMMUNITY, "community")
    place.estate = _above(parent, Kind.ESTATE, "estate")
    place.building = _above(parent, Kind.BUILDING, "building")
    place.village = parent.village if parent else place.village
    return place


def spell(places: Collection[Place]) -> None:
    """Give places the initials of their full names."""
    for place, letters in zip(places, texts.initials_of(place.full_name for place in places), strict=True):
        place.initials = letters[:60]


def _above(parent: Place | None, kind: Kind, column: str) -> Place | None:
    if parent is None:
        return None
    return parent if parent.kind == kind else getattr(parent, column)


def insert(places: Iterable[Place]) -> None:
    """Insert new places, parents before children, each with its own door code."""
    places = list(places)
    spell(places)
    taken = set(Place.objects.values_list("code", flat=True)) if places else set()
    for kind in ORDER:
        level = [place for place in places if place.kind == kind]
        for place in level:
            place.code = new_code(taken)
        Place.objects.bulk_create(level, batch_size=500)


def rename_below(place: Place) -> int:
    """Give everything inside a renamed place its new full name; how many were changed."""
    changed: list[Place] = []
    parents = {place.pk: place}
    while parents:
        children = list(Place.objects.filter(parent__in=parents).select_related("community", "estate", "building"))
        for child in children:
            derive(child, parents[child.parent_id])  # type: ignore[index]
        changed += children
        parents = {child.pk: child for child in children}
    spell(changed)
    Place.objects.bulk_update(changed, ["full_name", "initials", "village"], batch_size=500)
    return len(changed)

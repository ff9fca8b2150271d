"""Which members hear of something: by permission word and scope, in one statement, never by role."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from chenyue.cases.models import Case
from chenyue.cases.rules import places_of
from chenyue.core.prepared import prepared
from chenyue.people.models import Grant
from chenyue.people.rules import covers


@dataclass
class Listeners:
    """Members with a permission word over the whole office, and within single units."""

    office: dict[str, set[int]] = field(default_factory=dict)
    units: dict[tuple[int, str], set[int]] = field(default_factory=dict)

    def over_all(self, *words: str) -> set[int]:
        """Members who hold any of the words for the whole office."""
        return set().union(*(self.office.get(word, set()) for word in words))

    def within(self, unit_ids: Collection[int | None], *words: str) -> set[int]:
        """Members who hold any of the words just within these units."""
        return set().union(*(self.units.get((unit, word), set()) for unit in unit_ids if unit for word in words))


def of(case: Case, unit_ids: Collection[int | None] = ()) -> Listeners:
    """Who may hear of this case: scopes that reach its place and its sensitivity; never the accused unit's members."""
    units, places = {pk for pk in unit_ids if pk}, places_of(case)
    values = {f"unit{n}": pk for n, pk in enumerate(units)} | {f"place{n}": pk for n, pk in enumerate(places)}
    found = Listeners()
    for member, unit, own, closeness, words in _grants(len(units), len(places), **values):
        if not covers(closeness, case.sensitivity) or (case.accused_unit_id and own == case.accused_unit_id):
            continue
        for word in words:
            if unit:
                found.units.setdefault((unit, word), set()).add(member)
            else:
                found.office.setdefault(word, set()).add(member)
    return found


@prepared
def _grants(units: int, places: int, **given: Any) -> QuerySet[Grant, Any]:
    """Grants over everything, or over one of so many units and places."""
    own, here = Q(unit=None), Q(place=None)
    for n in range(units):
        own |= Q(unit_id=given[f"unit{n}"])
    for n in range(places):
        here |= Q(place_id=given[f"place{n}"])
    rows = Grant.objects.filter(own, here, member__is_active=True)
    return rows.values_list("member_id", "unit_id", "member__unit_id", "sensitivity", "role__permissions")

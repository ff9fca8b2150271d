"""Who can be named as the officer of a case."""

from chenyue.catalogue.queries import catalogue
from chenyue.people.models import Member
from chenyue.people.queries import scopes


def own_units(member: Member) -> set[int]:
    """Units for which the member works; any, where a scope has no unit."""
    found = scopes(member, "case.work")
    everywhere = any(scope.unit_id is None for scope in found)
    return {unit.id for unit in catalogue().units} if everywhere else {s.unit_id for s in found if s.unit_id}


def of(member: Member, units: set[int]) -> list[Member]:
    """Active members of those of these units for which the member works. One statement."""
    rows = Member.objects.filter(is_active=True, unit_id__in=own_units(member) & units).select_related("unit")
    return list(rows.order_by("unit_id", "name"))

"""Whose figures a member sees: the whole office's, or those of their units and communities."""

from dataclasses import dataclass

from chenyue.insight.lifecycle import Axis
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.people.scope import scopes

SEE = "insight.see"


@dataclass(frozen=True)
class Reach:
    """What somebody sees: everything, or only these keys of these axes."""

    whole: bool
    units: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()

    def axes(self) -> list[Axis]:
        """By what they may split figures."""
        if self.whole:
            return [Axis.COMMUNITY, Axis.CATEGORY, Axis.CHANNEL, Axis.LEAD]
        return [axis for axis, keys in ((Axis.COMMUNITY, self.communities), (Axis.LEAD, self.units)) if keys]

    def keys(self, axis: str) -> tuple[str, ...] | None:
        """The keys they see of an axis; None: all."""
        if self.whole:
            return None
        return {Axis.COMMUNITY: self.communities, Axis.LEAD: self.units}.get(Axis(axis), ())

    def home(self) -> tuple[Axis, str]:
        """Where their page begins: the office, or the first of their own."""
        if self.whole:
            return Axis.ALL, ""
        return (Axis.LEAD, self.units[0]) if self.units else (Axis.COMMUNITY, (self.communities or ("",))[0])


def reach(member: Member) -> Reach:
    """What this member sees of the figures."""
    if may(member, SEE, unit_ids=(), place_ids=()):
        return Reach(True)
    found = scopes(member, SEE)
    # A grant within a unit and a place at once sees less than either: its lists do, its counts can't be told apart.
    units = {str(scope.unit_id) for scope in found if scope.unit_id and not scope.place_id}
    places = {str(scope.place_id) for scope in found if scope.place_id and not scope.unit_id}
    return Reach(False, tuple(sorted(units)), tuple(sorted(places)))

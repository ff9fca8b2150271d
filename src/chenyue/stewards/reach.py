"""Which buildings a member looks after: by grants that carry `steward.serve`. Scopes hold the places."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import text
from chenyue.core.errors import NotFound, Refusal
from chenyue.people.rules import may
from chenyue.people.scope import scopes
from chenyue.places.gazetteer import PlaceInfo
from chenyue.places.models import Kind
from chenyue.places.queries import gazetteer

WORD = "steward.serve"
ROOM = 20  # characters


def buildings(member: Any) -> list[PlaceInfo]:
    """The active buildings a member looks after, in the order of the office's places; all for an unbounded grant."""
    held = scopes(member, WORD)
    outer = {scope.place_id for scope in held}
    if None in outer:
        found = [place for place in gazetteer().places.values() if place.kind == Kind.BUILDING]
    else:
        found = [place for place in gazetteer().places.values() if place.kind == Kind.BUILDING and _in(place, outer)]
    return sorted((p for p in found if p.active), key=lambda p: (p.community_id or 0, p.estate_id or 0, p.id))


def _in(place: PlaceInfo, outer: set[int | None]) -> bool:
    return bool({place.id, place.estate_id, place.community_id} & outer)


def serves(member: Any, building_id: int) -> bool:
    """Whether a member looks after this building."""
    place = gazetteer().get(building_id)
    if place is None or place.kind != Kind.BUILDING:
        return False
    inside = {place.id, place.estate_id or place.id, place.community_id or place.id}
    return may(member, WORD, place_ids=inside)


def require(member: Any, building_id: int) -> PlaceInfo:
    """The building, if the member looks after it. Raises NotFound: whether it exists isn't told."""
    place = gazetteer().get(building_id)
    if place is None or not serves(member, building_id):
        raise NotFound
    return place


def everywhere(member: Any) -> bool:
    """Whether a member looks after the whole office."""
    return any(scope.place_id is None for scope in scopes(member, WORD))


def room_of(typed: str) -> str:
    """A home as it is kept: `401室` and `401` are one. Raises Refusal at `room` if there is none."""
    room = "".join(text.clean(typed).split()).removesuffix("室")
    if not room:
        raise Refusal(_("Write the home, such as 401."), field="room", code="no_room")
    if len(room) > ROOM:
        raise Refusal(_("Write the home in 20 characters or less."), field="room", code="long_room")
    return room

"""Where a case is: its place and what lies above it, read from the gazetteer in memory."""

from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Case
from chenyue.core.errors import Refusal
from chenyue.places.models import Kind, Place
from chenyue.places.queries import gazetteer


def put_at(case: Case, place_id: int | None) -> None:
    """Set the place and what lies above it; refuses a place that doesn't exist."""
    case.place_id = place_id
    case.community_id = case.estate_id = case.building_id = None
    if place_id is None:
        return
    info = gazetteer().get(place_id) or Place.objects.filter(pk=place_id).first()  # homes aren't in memory
    if info is None:
        raise Refusal(_("This place does not exist. Choose one from the list."), field="place_id", code="place")
    case.community_id = place_id if info.kind == Kind.COMMUNITY else info.community_id
    case.estate_id = place_id if info.kind == Kind.ESTATE else info.estate_id
    case.building_id = place_id if info.kind == Kind.BUILDING else info.building_id


def within(inner: int, outer: int) -> bool:
    """Whether one place lies in another (or is it)."""
    info = gazetteer().get(inner)
    return inner == outer or (info is not None and outer in (info.building_id, info.estate_id, info.community_id))

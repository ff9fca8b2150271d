"""What may lie in what, and what a place may be called. Pure."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import text as texts
from chenyue.core.errors import Refusal
from chenyue.places.models import Kind, Place

PARENTS = {
    Kind.COMMUNITY: (),
    Kind.ESTATE: (Kind.COMMUNITY,),
    Kind.BUILDING: (Kind.ESTATE,),
    Kind.ENTRANCE: (Kind.BUILDING,),
    Kind.HOME: (Kind.ENTRANCE, Kind.BUILDING),
    Kind.ROAD: (Kind.COMMUNITY,),
    Kind.SPOT: (Kind.COMMUNITY,),
}
NAMED_ALONE = (Kind.COMMUNITY, Kind.ESTATE, Kind.ROAD, Kind.SPOT)  # their full name is their name


def check_parent(kind: str, parent: Place | None) -> None:
    """Refuse a place that would lie where its kind can't."""
    allowed = PARENTS[Kind(kind)]
    if (parent.kind if parent else None) not in (allowed or (None,)):
        wanted = " / ".join(str(k.label) for k in allowed) or _("nothing")
        raise Refusal(
            _("A place of kind “%(kind)s” lies in: %(parents)s.") % {"kind": Kind(kind).label, "parents": wanted},
            field="parent",
        )


def check_name(name: str, longest: int = 60) -> str:
    """A name fit for storing; refuses an empty or endless one."""
    name = " ".join(texts.clean(name).split())
    if not name:
        raise Refusal(_("Give the place a name."), field="name")
    if len(name) > longest:
        raise Refusal(_("This name is longer than %(longest)d characters.") % {"longest": longest}, field="name")
    return name


def full_name(kind: str, name: str, parent: Place | None) -> str:
    """What people read: `金桂苑3幢2单元` for an entrance, the name alone for an estate or a road."""
    return name if kind in NAMED_ALONE or parent is None else parent.full_name + name

"""Which papers on doors have become wrong: who answers changed after they were printed."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.places.models import Kind, Place
from chenyue.stewards import queries
from chenyue.stewards.models import PrintJob, Term
from chenyue.stewards.on_paper import ROLES

WHOLE = "0"  # chosen for the whole office


def changed(kind: str, building_ids: Collection[int]) -> list[int]:
    """Those of these buildings whose paper of this kind was never printed or is older than a change. Two statements."""
    printed: dict[int, datetime] = {}
    rows = PrintJob.objects.filter(kind=kind).exclude(state="failed").order_by("made_at", "pk")
    for buildings, at in rows.values_list("buildings", "made_at"):
        printed |= dict.fromkeys(buildings, at)
    terms = Term.objects.filter(building_id__in=building_ids, role__in=ROLES).values("building_id").order_by()
    found = terms.annotate(begun=Max("made_at"), ended=Max("ended_at"))
    last = {row["building_id"]: max(row["begun"], row["ended"] or row["begun"]) for row in found}
    return [pk for pk in building_ids if pk not in printed or (pk in last and last[pk] > printed[pk])]


def choices() -> list[tuple[str, str]]:
    """The whole office, each community and each estate, with the number of their buildings. Two statements."""
    buildings = queries.buildings()
    counts = Counter(pk for place in buildings for pk in (place.community_id, place.estate_id) if pk)
    rows = Place.objects.filter(pk__in=counts, kind__in=(Kind.COMMUNITY, Kind.ESTATE))
    places = sorted(rows, key=lambda place: (place.community_id or place.pk, place.kind == Kind.ESTATE, place.pk))
    found = [(WHOLE, _counted(_("The whole office"), len(buildings)))]
    for place in places:
        indent = "　" if place.kind == Kind.ESTATE else ""
        found.append((str(place.pk), indent + _counted(place.full_name, counts[place.pk])))
    return found


def _counted(name: str, count: int) -> str:
    blanks = {"place": name, "count": count}
    return ngettext("%(place)s (%(count)d building)", "%(place)s (%(count)d buildings)", count) % blanks

"""Finding whose book to open: by volunteer number, whole telephone number or whole name."""

from django.db.models import Q

from chenyue.people import personal
from chenyue.people.models import Resident

MOST = 20


def find(typed: str) -> list[Resident]:
    """Residents with this number, telephone or name; found by blind index. One statement."""
    wanted = Q(volunteer__number=typed.strip().upper())
    if index := personal.phone_index(typed):
        wanted |= Q(phone_index=index)
    if index := personal.name_index(personal.name(typed)):
        wanted |= Q(name_index=index)
    rows = Resident.objects.filter(wanted, erased_at=None).select_related("volunteer")
    return list(rows.order_by("pk")[:MOST])

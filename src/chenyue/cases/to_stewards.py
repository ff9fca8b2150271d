"""Stewards hear of fresh appeals in their buildings: by a tick, so that filing costs nothing more."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.models import Appeal
from chenyue.core.models import Counter
from chenyue.core.ticks import every
from chenyue.notify.actions import notice
from chenyue.people.models import Member, Sensitivity
from chenyue.people.rules import may
from chenyue.places.queries import gazetteer
from chenyue.stewards.queries import Answering, answering

CURSOR = "stewards:appeals"  # the last appeal that was looked at
OVERLAP = 50  # looked at once more: of two that are filed at once, the earlier may be seen later
BATCH = 500
FRESH = timedelta(days=2)  # what is brought in afterwards (a hotline's list of last month) rings nobody


@every(60, "cases.to_stewards")
def tell_stewards(at: datetime) -> int:
    """Tell who answers for a building of what was filed there since the last turn; how many lines.

    The first turn of an office begins with what is filed from then on. What is kept more closely than usual, or was
    taken down by the steward in person, is not told; a line is put once for each appeal.
    """
    last = Appeal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    row, fresh = Counter.objects.get_or_create(name=CURSOR, defaults={"value": last})
    if fresh:
        return 0
    rows = Appeal.objects.filter(pk__gt=row.value - OVERLAP, pk__lte=last)
    rows = rows.filter(case__building__isnull=False, withdrawn_at=None)
    rows = rows.filter(case__sensitivity=Sensitivity.NORMAL, received_at__gt=at - FRESH)
    names = ("pk", "case__building_id", "case__number", "case__building__full_name", "case__title", "taken_by_id")
    found = list(rows.order_by("pk").values_list(*names)[:BATCH])
    who = answering([building for _pk, building, *_rest in found], timezone.localtime(at).date())
    allowed = _may_see(found, who)
    told = 0
    for pk, building, number, place, title, taken_by in found:
        steward = who.get(building)
        if steward and steward.member_id != taken_by and (steward.member_id, building) in allowed:
            text = _("New at %(place)s: %(title)s") % {"place": place, "title": title}
            notice([steward.member_id or 0], text, reverse("desk:case", args=[number]), f"steward.appeal:{pk}", at)
            told += 1
    upto = found[-1][0] if len(found) == BATCH else last
    Counter.objects.filter(pk=row.pk, value__lt=upto).update(value=upto)
    return told


def _may_see(found: list[Any], who: dict[int, Answering]) -> set[tuple[int | None, int]]:
    """Which of these stewards see the cases of which building: the office may have given them another role."""
    wanted = {(who[row[1]].member_id, row[1]) for row in found if row[1] in who}
    members = {m.pk: m for m in Member.objects.filter(pk__in=[pk for pk, _b in wanted if pk], is_active=True)}
    return {(pk, b) for pk, b in wanted if pk in members and may(members[pk], "case.see", place_ids=_around(b))}


def _around(building: int) -> list[int]:
    return [place for place in gazetteer().ancestors(building).values() if place]

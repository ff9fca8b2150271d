"""Who wrote by WeCom is forgotten: with the resident, or half a year after their last word once all is closed."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from chenyue.cases.lifecycle import ENDED
from chenyue.core import keeping
from chenyue.core.ticks import every
from chenyue.gateway.models_wecom import WecomGuest, WecomTalk
from chenyue.people.models import Resident

GUESTS = "gateway.wecom_guests"
BATCH = 500


def forget(resident: Resident) -> int:
    """Those who wrote an appeal of this resident: their address and what they are called go; how many."""
    wrote = WecomTalk.objects.filter(appeal__reporter=resident)
    wrote.update(words="", told="", media=[])
    return WecomGuest.objects.filter(talks__in=wrote).update(address="", called="", place=None)


@every(24 * 3600, "gateway.wecom.forgetting")
def sweep(at: datetime) -> int:
    """Addresses that nobody needs any more. Whoever writes again is known again."""
    rows = _old(keeping.before(GUESTS, at)).filter(~Exists(_open()))
    old = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    gone = WecomGuest.objects.filter(pk__in=old).update(address="", called="", place=None)
    return keeping.told(GUESTS, gone, at)


def _old(before: datetime) -> "QuerySet[WecomGuest]":
    return WecomGuest.objects.filter(heard_at__lt=before).exclude(address="")


def _open() -> "QuerySet[WecomTalk]":
    return WecomTalk.objects.filter(guest=OuterRef("pk")).exclude(appeal__case__state__in=[s.value for s in ENDED])


def _look(before: datetime, at: datetime) -> keeping.Found:
    rows = _old(before)
    return keeping.counted(rows.filter(~Exists(_open())), "heard_at", rows.filter(Exists(_open())).count())


keeping.register(GUESTS, days=180, least=30, look=_look)

"""Who wrote by WeCom is forgotten: with the resident, or half a year after their last word once all is closed."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from chenyue.cases.lifecycle import ENDED
from chenyue.core.ticks import every
from chenyue.gateway.models_wecom import WecomGuest, WecomTalk
from chenyue.people.models import Resident

AFTER = timedelta(days=180)
BATCH = 500


def forget(resident: Resident) -> int:
    """Those who wrote an appeal of this resident: their address and what they are called go; how many."""
    wrote = WecomTalk.objects.filter(appeal__reporter=resident)
    wrote.update(words="", told="", media=[])
    return WecomGuest.objects.filter(talks__in=wrote).update(address="", called="", place=None)


@every(24 * 3600, "gateway.wecom.forgetting")
def sweep(at: datetime) -> int:
    """Addresses that nobody needs any more. Whoever writes again is known again."""
    open_ = WecomTalk.objects.filter(guest=OuterRef("pk")).exclude(appeal__case__state__in=[s.value for s in ENDED])
    rows = WecomGuest.objects.filter(heard_at__lt=at - AFTER).exclude(address="").filter(~Exists(open_))
    old = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return WecomGuest.objects.filter(pk__in=old).update(address="", called="", place=None)

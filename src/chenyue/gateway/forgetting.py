"""What the gateway forgets with a resident whose data is deleted. Connected in wiring."""

from typing import Any

from chenyue.gateway.models import HotlineItem
from chenyue.gateway.models_mail import MailIn
from chenyue.gateway.wecom import forgetting as wecom
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident


def on_erased(event: ResidentErased) -> None:
    """The rows of hotline tables that told of them go; that an order came, and under which number, stays."""
    HotlineItem.objects.filter(appeal__reporter=event.resident).update(told="{}")
    wecom.forget(event.resident)
    MailIn.objects.filter(appeal__reporter=event.resident).update(sender="", sentence="")


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """The orders of the hotline that came about them, for their copy (PIPL 45)."""
    rows = HotlineItem.objects.filter(appeal__reporter=resident).order_by("pk")
    return [
        {"number": row.number, "table": row.batch.filename, "told": row.told} for row in rows.select_related("batch")
    ]

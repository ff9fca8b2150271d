"""What the queue needn't remember: names that somebody only said to be called by."""

from datetime import datetime, timedelta

from chenyue.core import ticks
from chenyue.reception.models import Ticket

DAY = 24 * 3600
KEEP_NAMES = timedelta(days=30)  # long enough for a question about the day; whoever left a number is a resident
SLACK = timedelta(days=30)  # so long, nobody may have run the ticks


@ticks.every(DAY, "reception.names")
def forget_names(at: datetime) -> int:
    """Empty the names and addresses on old tickets that belong to no known resident; how many."""
    until = at - KEEP_NAMES
    old = Ticket.objects.filter(resident=None, sitting__ends_at__gt=until - SLACK, sitting__ends_at__lte=until)
    rows = [t.pk for t in old.only("pk", "called_as", "email") if t.called_as or t.email]
    return Ticket.objects.filter(pk__in=rows).update(called_as="", email="") if rows else 0

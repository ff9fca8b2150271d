"""What the queue needn't remember: names that somebody only said to be called by."""

from datetime import datetime

from django.db.models import Q, QuerySet

from chenyue.core import keeping, ticks
from chenyue.reception.models import Ticket

DAY = 24 * 3600
NAMES = "reception.names"  # a month is long enough for a question about the day; whoever left a number is a resident


def _old(until: datetime) -> "QuerySet[Ticket]":
    return Ticket.objects.filter(~Q(called_as="", email=""), resident=None, sitting__ends_at__lte=until)


keeping.register(NAMES, days=30, least=7, look=lambda before, at: keeping.counted(_old(before), "sitting__ends_at"))


@ticks.every(DAY, "reception.names")
def forget_names(at: datetime) -> int:
    """Empty the names and addresses on old tickets that belong to no known resident; how many."""
    until = keeping.before(NAMES, at)
    rows = list(_old(until).values_list("pk", flat=True))
    gone = Ticket.objects.filter(pk__in=rows).update(called_as="", email="") if rows else 0
    return keeping.told(NAMES, gone, at)

"""Regular clean-up of rows without domain."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from chenyue.core import limits, ticks
from chenyue.core.models import IdempotencyKey

DAY = 24 * 3600
KEEP_KEYS = timedelta(days=30)  # a retry later than that isn't a retry


@ticks.every(DAY, "core.clean")
def clean(at: datetime) -> dict[str, int]:
    """Drop idempotency keys older than 30 days, and sessions and counted windows that have ended."""
    keys, _ = IdempotencyKey.objects.filter(created_at__lt=at - KEEP_KEYS).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return {"keys": keys, "sessions": sessions, "tallies": limits.sweep(at)}

"""Regular clean-up of rows without domain."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from chenyue.core import limits, ticks
from chenyue.core.models import IdempotencyKey

DAY = 24 * 3600
SAMPLE = 1000  # rows of each index that are looked at
EVERY_TABLE = 0x10002  # those that have grown tenfold or were never weighed, not only what this connection has read
KEEP_KEYS = timedelta(days=30)  # a retry later than that isn't a retry


@ticks.every(DAY, "core.weigh")
def weigh(at: datetime) -> dict[str, int]:
    """Let SQLite learn anew what its indexes hold, where much has changed; PostgreSQL does it by itself.

    Without weights it guesses, and takes an index that must be sorted for one that need not.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
            cursor.execute(f"PRAGMA optimize = {EVERY_TABLE}")
    return {}


@ticks.every(DAY, "core.clean")
def clean(at: datetime) -> dict[str, int]:
    """Drop idempotency keys older than 30 days, and sessions and counted windows that have ended."""
    keys, _ = IdempotencyKey.objects.filter(created_at__lt=at - KEEP_KEYS).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return {"keys": keys, "sessions": sessions, "tallies": limits.sweep(at)}

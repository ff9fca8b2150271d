"""Regular clean-up of rows without domain."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection

from chenyue.core import limits, ticks
from chenyue.core.models import IdempotencyKey

DAY = 24 * 3600
# Rows of each index that are looked at. Of a thousand, an index of eight states seems to hold 500 cases for each, and
# less than one of a hundred and fifty categories: then all closed cases are read for those of one category.
SAMPLE = 20_000
KEEP_KEYS = timedelta(days=30)  # a retry later than that isn't a retry


@ticks.every(DAY, "core.weigh")
def weigh(at: datetime) -> dict[str, int]:
    """Let SQLite learn anew what its indexes hold; PostgreSQL does it by itself.

    Without weights it guesses, and takes an index that must be sorted for one that need not. Table by table, each in
    some milliseconds: nobody else writes meanwhile.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
    return {}


@ticks.every(DAY, "core.clean")
def clean(at: datetime) -> dict[str, int]:
    """Drop idempotency keys older than 30 days, and sessions and counted windows that have ended."""
    keys, _ = IdempotencyKey.objects.filter(created_at__lt=at - KEEP_KEYS).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return {"keys": keys, "sessions": sessions, "tallies": limits.sweep(at)}

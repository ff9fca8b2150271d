"""Seals of the ledger: a keyed hash over all postings from one to another, and over the seal before.

The key isn't in the database: who rewrites history there can't seal it again. Read by plain SQL, since a million
postings are to be proved within a minute.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from chenyue.core import carried
from chenyue.volunteering.models import LedgerSeal, Posting

MOST = 50_000  # postings under one seal: a broken one then says where


def _instant(column: str) -> str:
    if connection.vendor == "sqlite":
        return f"+{column}"  # as an expression, it comes as it is stored
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


def _day(column: str) -> str:
    return f"+{column}" if connection.vendor == "sqlite" else f"to_char({column}, 'YYYY-MM-DD')"


def _sql() -> str:
    return (
        "SELECT p.id, p.kind, p.key, p.by, p.second_id, p.reference, p.reason, p.rule_id, p.reverses_id, "  # noqa: S608
        f"m.id, m.lot_id, m.source_id, m.target_id, m.amount, {_instant('p.at')}, "
        f"l.rule_id, l.entry_id, l.resident_id, {_day('l.earned_on')}, {_day('l.expires_on')}, l.amount, l.minutes "
        "FROM volunteering_posting p LEFT JOIN volunteering_move m ON m.posting_id = p.id "
        "LEFT JOIN volunteering_lot l ON l.id = m.lot_id WHERE p.id BETWEEN %s AND %s ORDER BY p.id, m.id"
    )


def _rows(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(), [first, last])
        while found := cursor.fetchmany(5000):
            yield from found


def fingerprint(first: int, last: int, previous: str) -> tuple[int, str]:
    """How many postings there are from one to another, and the hash over them, their moves and lots."""
    digest, count, at = hashlib.sha256(previous.encode()), 0, None
    for row in _rows(first, last):
        if row[0] != at:
            at, count = row[0], count + 1
        moment = row[14] if len(row[14]) > 19 else f"{row[14]}.000000"
        digest.update(repr((*row[:14], moment, *row[15:])).encode())
    return count, carried.fingerprint("ledger", f"{first}:{last}:{count}:{digest.hexdigest()}")


def settled() -> int:
    """The last posting below which none can appear any more: on PostgreSQL, writers may still hold smaller numbers."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE volunteering_posting IN SHARE MODE")
        return Posting.objects.aggregate(last=Max("pk"))["last"] or 0


def seal(at: datetime) -> int:
    """Seal all postings since the last seal; how many."""
    before = LedgerSeal.objects.order_by("-last").first()
    first, end, sealed = (before.last + 1 if before else 1), settled(), 0
    previous = before.hash if before else ""
    while first <= end:
        last = min(end, first + MOST - 1)
        count, made = fingerprint(first, last, previous)
        LedgerSeal.objects.create(first=first, last=last, count=count, previous=previous, hash=made, at=at)
        first, previous, sealed = last + 1, made, sealed + count
    return sealed

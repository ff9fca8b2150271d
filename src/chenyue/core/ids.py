"""Numbers and tokens: what people read out, and what only the holder knows."""

import secrets
from datetime import datetime
from typing import TypeVar

from django.db import connection
from django.utils import timezone

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: what is read out over the telephone must come back right.
READABLE = "3467ACDEFGHJKMNPQRTWXY"
RECEIPT_LENGTH = 12  # 22^12 ≈ 1.3e16 codes; guessing is throttled besides


def next_value(counter: str) -> int:
    """Add one to a named counter and return it, in one statement on both databases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (name, value) VALUES (%s, 1) "
            "ON CONFLICT (name) DO UPDATE SET value = core_counter.value + 1 RETURNING value",
            [counter],
        )
        return int(cursor.fetchone()[0])


def dated_number(kind: str, at: datetime, prefix: str = "") -> str:
    """The next number of a day, such as `2026-1122-0007`, counted from 1 for each kind and day."""
    day = timezone.localtime(at).strftime("%Y-%m%d")
    return f"{prefix}{day}-{next_value(f'{kind}:{day}'):04d}"


def receipt_code() -> str:
    """A receipt code such as `ACDE-FGHJ-KMNP`: the key to one's own appeal."""
    raw = "".join(secrets.choice(READABLE) for _ in range(RECEIPT_LENGTH))
    return "-".join(raw[i : i + 4] for i in range(0, RECEIPT_LENGTH, 4))


N = TypeVar("N", int, None)
FIGURES = 18  # of a number that every database takes


def whole(typed: str | int | None, otherwise: N) -> int | N:
    """The whole number that an address or a hidden field carries; `otherwise` for whatever else stands there.

    `isdigit` alone is true of ² and of five thousand nines, with which `int` fails.
    """
    text = "" if typed is None else str(typed)
    if 0 < len(text) <= FIGURES and text.isascii() and text.isdigit():
        return int(text)
    return otherwise


def read_receipt(typed: str) -> str:
    """The stored form of a code as a person types it: any case, spaces or dashes anywhere."""
    raw = "".join(c for c in typed.upper() if c.isalnum())
    return "-".join(raw[i : i + 4] for i in range(0, len(raw), 4))


def token() -> str:
    """An unguessable token for a link (192 bits)."""
    return secrets.token_urlsafe(24)

"""What an entry's hash is made of. Pure, and the same on both databases.

PostgreSQL's jsonb writes numbers in its own way (1e22 comes back as an integer) and refuses NUL,
so data is brought into one form before it is stored and hashed.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

_NOT_FOR_TEXT = dict.fromkeys([0, *range(0xD800, 0xE000)])  # NUL and lone surrogates


def plain(value: Any) -> Any:
    """`value` as JSON gives it back after a round trip; TypeError for what JSON can't carry."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise TypeError("not a number that JSON knows")
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(k).translate(_NOT_FOR_TEXT): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(v) for v in items]
    return str(value).translate(_NOT_FOR_TEXT)


def moment(at: datetime) -> str:
    """A moment in one spelling: UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(value: Any) -> bytes:
    """JSON in one spelling: keys sorted, no spaces, UTF-8."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def entry_hash(entry: Any) -> str:
    """The hash of an entry over all that it says and the hash of the one before it."""
    return hashlib.sha256(
        canonical(
            [
                entry.subject,
                entry.position,
                entry.verb,
                entry.actor_kind,
                entry.actor_key,
                entry.actor_label,
                moment(entry.at),
                entry.data,
                entry.visible_to,
                entry.previous,
            ]
        )
    ).hexdigest()

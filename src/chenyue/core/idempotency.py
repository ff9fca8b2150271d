"""One request, one effect: a retry after a lost answer finds its first result.

Each write carries a key: a hidden field in forms (`{% once %}`), the `Idempotency-Key` header in the
API, the message's own id in channels.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import rows
from chenyue.core.errors import Refusal
from chenyue.core.models import IdempotencyKey

MAX_KEY = 80


def digest(content: Any) -> str:
    """A fingerprint of what was sent, to tell a retry from a key used for something else."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def no_key() -> Refusal:
    """For a form that came without a key, or with one that no form of ours has."""
    return Refusal(_("This form has no valid key. Reload the page and send it again."), code="no_key")


def key_reused() -> Refusal:
    """For a key that was used for something else."""
    return Refusal(_("This form was already sent with other content."), code="key_reused")


def run_once(
    *, scope: str, key: str, at: datetime, act: Callable[[], dict[str, Any]], content: Any = None, request: str = ""
) -> tuple[dict[str, Any], bool]:
    """Run `act` unless this key was used before; return its JSON result and whether it ran now.

    The key's row and the act commit together. A key used for different content is refused. `request` is a
    fingerprint of the door and of who knocked, kept for `known`.
    """
    if not key or len(key) > MAX_KEY:
        raise no_key()
    fingerprint = "" if content is None else digest(content)
    with transaction.atomic():
        pk = _claim(scope, key, (fingerprint, request), at)
        if pk is None:
            row = IdempotencyKey.objects.get(scope=scope, key=key)
            if row.digest != fingerprint:
                raise key_reused()
            return row.result, False
        result = act()
        if result:  # the row holds an empty one already
            rows.update(IdempotencyKey(pk=pk, result=result), ["result"])
        return result, True


def known(key: str, request: str) -> bool:
    """Whether a form with this key has had its effect at this door, for this person. One statement."""
    return IdempotencyKey.objects.filter(key=key, request=request).exclude(request="").exists()


def found(scope: str, key: str) -> dict[str, Any] | None:
    """What the write with this key gave; None if there was none. One statement."""
    return IdempotencyKey.objects.filter(scope=scope, key=key).values_list("result", flat=True).first()


def _claim(scope: str, key: str, prints: tuple[str, str], at: datetime) -> int | None:
    """Insert the key's row unless there is one, in one statement; it waits for another that is being written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_idempotencykey (scope, key, digest, request, result, created_at) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (scope, key) DO NOTHING RETURNING id",
            [scope, key, *prints, "{}", connection.ops.adapt_datetimefield_value(at)],
        )
        row = cursor.fetchone()
    return row[0] if row else None

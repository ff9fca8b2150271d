"""One request, one effect: a retry after a lost answer finds its first result.

Each write carries a key: a hidden field in forms (`{% once %}`), the `Idempotency-Key` header in the
API, the message's own id in channels.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.core.models import IdempotencyKey

MAX_KEY = 80


def digest(content: Any) -> str:
    """A fingerprint of what was sent, to tell a retry from a key used for something else."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def run_once(
    *, scope: str, key: str, at: datetime, act: Callable[[], dict[str, Any]], content: Any = None
) -> tuple[dict[str, Any], bool]:
    """Run `act` unless this key was used before; return its JSON result and whether it ran now.

    The key's row and the act commit together. A key used for different content is refused.
    """
    if not key or len(key) > MAX_KEY:
        raise Refusal(_("This form has no valid key. Reload the page and send it again."), code="no_key")
    fingerprint = "" if content is None else digest(content)
    with transaction.atomic():
        row, fresh = IdempotencyKey.objects.get_or_create(
            scope=scope, key=key, defaults={"created_at": at, "digest": fingerprint}
        )
        if not fresh:
            if row.digest != fingerprint:
                raise Refusal(_("This form was already sent with other content."), code="key_reused")
            return row.result, False
        row.result = act()
        row.save(update_fields=["result"])
        return row.result, True

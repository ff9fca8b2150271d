"""With CHENYUE_TWICE=1 every form that a test sends is sent twice: what `house.test_twice` can't walk is proved so.

The second sending has the same key, as after a lost answer; it must write nothing, and be no refusal. What it did is
taken back, so that the test goes on as if there had been one.
"""

import copy
import threading
from typing import Any

from django.db import connection, transaction
from django.test import Client

from house.journal import written
from house.twice import AGAIN

KEYS = ("idempotency_key", "HTTP_IDEMPOTENCY_KEY")
_busy = threading.local()


def install() -> None:
    """From now on `Client.post` sends a form again that has just had its first effect."""
    sends = Client.post

    def post(self: Client, path: str, data: Any = None, *args: Any, **more: Any) -> Any:
        if not _watched(data, more):
            return sends(self, path, data, *args, **more)
        _busy.on = True
        try:
            with written() as first:
                answer = sends(self, path, data, *args, **more)
            name = answer.resolver_match.view_name if getattr(answer, "resolver_match", None) else ""
            if first and answer.status_code < 400 and name not in AGAIN:
                _again(self, name, lambda: sends(self, path, data, *args, **more), data)
        finally:
            _busy.on = False
        return answer

    Client.post = post  # type: ignore[method-assign]


def _watched(data: Any, more: dict[str, Any]) -> bool:
    """Not where a test counts statements, follows the answer, or works on threads; only what carries a key."""
    keyed = KEYS[1] in more or (isinstance(data, dict) and bool(data.get(KEYS[0])))
    alone = threading.current_thread() is threading.main_thread() and not getattr(_busy, "on", False)
    return keyed and alone and not more.get("follow") and not connection.force_debug_cursor


def _again(client: Client, name: str, send: Any, data: Any) -> None:
    cookies = copy.deepcopy(client.cookies)
    for value in data.values() if isinstance(data, dict) else ():
        for one in value if isinstance(value, list | tuple) else [value]:
            if hasattr(one, "seek"):
                one.seek(0)
    with transaction.atomic():
        with written() as second:
            answer = send()
        transaction.set_rollback(True)
    client.cookies = cookies
    assert not second, f"{name}: sent twice with the same key, the second sending writes {sorted(set(second))}"
    assert answer.status_code < 400, f"{name}: sent twice with the same key, then answered {answer.status_code}"

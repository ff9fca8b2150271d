"""At the door of each event stream: whose office it is for. Streams don't pass Django's middleware."""

import asyncio
from typing import Any

from chenyue.city import register
from chenyue.core.server import Scope
from chenyue.core.whose import settle


async def enter(scope: Scope) -> bool:
    """Work with the data of the office that was asked for, for the rest of this stream; False if there is none."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    office = await asyncio.to_thread(_find, host)
    if office is None or not office.is_open:
        return False
    settle(office.schema)
    return True


def _find(host: str) -> register.Listed | None:
    from django.db import close_old_connections

    close_old_connections()
    try:
        found: Any = register.by_host(host)
        return found  # type: ignore[no-any-return]
    finally:
        close_old_connections()

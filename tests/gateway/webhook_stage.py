"""The other side of a webhook: a server of ours on this machine that answers as it is told, and a verifier of its own.

The verifier is written after the specification, without a line of ours: what it takes, others take.
"""

import base64
import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.utils import timezone

from cast import Cast
from chenyue.gateway.models_machines import Webhook
from chenyue.gateway.webhooks import keeping
from chenyue.gateway.webhooks.events import EVENTS
from chenyue.people.models import Member


def verified(secret: str, headers: dict[str, str], body: bytes, now: float, tolerance: int = 300) -> bool:
    """Whether a message is genuine, as the specification tells receivers to look."""
    key = base64.b64decode(secret.split("_", 1)[1])
    stamp = headers["webhook-timestamp"]
    if abs(now - int(stamp)) > tolerance:
        return False
    message = b".".join([headers["webhook-id"].encode(), stamp.encode(), body])
    wanted = base64.standard_b64encode(hmac.digest(key, message, hashlib.sha256))
    given = [part.split(",", 1) for part in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(wanted, text.encode()) for version, text in given)


class Other:
    """What arrived there, and what it answers: a status, or `hang` seconds, or a redirect."""

    def __init__(self) -> None:
        self.arrived: list[tuple[dict[str, str], bytes]] = []
        self.status, self.headers, self.hang, self.body = 204, dict[str, str](), 0.0, b""
        self.address = ""


@contextmanager
def other_side() -> Iterator[Other]:
    """A server on 127.0.0.1."""
    found = Other()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            found.arrived.append(({k.lower(): v for k, v in self.headers.items()}, body))
            if found.hang:
                time.sleep(found.hang)
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)

        do_GET = do_POST

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def offered(cast: Cast, owner: Member, address: str, at: datetime | None = None, **more: Any) -> Webhook:
    """A webhook that the administrator offers."""
    given: dict[str, Any] = {"name": "市平台", "purpose": "", "events": list(EVENTS)} | more
    return keeping.offer(**given, owner=owner, address=address, by=cast.admin.actor(), at=at or timezone.now())


def connected(cast: Cast, owner: Member, address: str, **more: Any) -> tuple[Webhook, str]:
    """A webhook that its owner has taken, and its secret."""
    row = offered(cast, owner, address, **more)
    secret = keeping.take(webhook=row, by=owner.actor(), at=timezone.now())
    row.refresh_from_db()
    return row, secret

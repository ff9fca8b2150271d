"""Asking a service outside, guarded: only the address that an administrator set, and never more than was asked for.

https, or plain http on this very machine; no redirects, no proxies of the surroundings, a deadline for the whole
answer, and a limit on its size. httpx is loaded when it is first needed.
"""

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal

LOOPBACK = ("127.0.0.1", "::1", "localhost")
MOST = 64 * 1024  # bytes of an answer
CONNECT = 5.0  # seconds


@dataclass(frozen=True)
class Service:
    """Where to ask: the whole address, a secret for the `Authorization` header, and seconds for the whole answer."""

    address: str
    key: str = ""
    seconds: float = 15.0


def checked(address: str) -> str:
    """The address if it may be asked. Raises Refusal (no field) with the reason."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port  # a port out of range is found out here
    except ValueError as error:
        raise Refusal(_("This is not an address, such as https://example.org/v1."), code="address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise Refusal(_("This is not an address, such as https://example.org/v1."), code="address")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Refusal(_("Leave out names, passwords and what follows ? or #. The key has a field of its own."))
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Refusal(_("Only https, or http on this very machine (127.0.0.1)."), code="plain")
    return address.strip().rstrip("/")


def post(service: Service, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send JSON to the service and read a JSON object. Raises Refusal with what went wrong, without its words."""
    import httpx

    address = checked(service.address) + path
    headers = {"Accept": "application/json", "User-Agent": "Chenyue"}
    if service.key:
        headers["Authorization"] = f"Bearer {service.key}"
    limits = httpx.Timeout(service.seconds, connect=min(CONNECT, service.seconds))
    try:
        with (
            httpx.Client(timeout=limits, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", address, json=body, headers=headers) as answer,
        ):
            found = _read(answer, time.monotonic() + service.seconds)
    except httpx.TimeoutException as error:
        raise Refusal(_("The service didn't answer in time."), code="late") from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Refusal(_("The service can't be reached."), code="unreachable") from error
    return _parsed(found)


def _read(answer: Any, until: float) -> bytes:
    """The body, if it is one: the status first, then no more than is allowed."""
    if answer.status_code in (401, 403):
        raise Refusal(_("The service refuses the key."), code="key")
    if answer.status_code != 200:
        raise Refusal(_("The service answers with error %(code)s.") % {"code": answer.status_code}, code="status")
    if "json" not in answer.headers.get("content-type", "").lower():
        raise Refusal(_("The service's answer is no JSON."), code="form")
    found = b""
    for piece in answer.iter_bytes(8192):
        found += piece
        if len(found) > MOST:
            raise Refusal(_("The service's answer is too long."), code="long")
        if time.monotonic() > until:
            raise Refusal(_("The service didn't answer in time."), code="late")
    return found


def _parsed(found: bytes) -> dict[str, Any]:
    try:
        value = json.loads(found)
    except (ValueError, RecursionError) as error:
        raise Refusal(_("The service's answer is no JSON."), code="form") from error
    if not isinstance(value, dict):
        raise Refusal(_("The service's answer is no JSON."), code="form")
    return value

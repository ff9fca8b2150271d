"""Calling a machine outside over HTTP, guarded against being led to machines inside (SSRF).

Only https and only public addresses, unless the operator of this installation named the host in
`CHENYUE_OUTBOUND_HOSTS`: those may be inside, and may speak plain http. The name is resolved once, every address it
has must be allowed, and the connection goes to the very address that was looked at, so that a name that changes its
mind (DNS rebinding) gains nothing. No redirects, no proxies of the surroundings, a deadline for the whole answer, a
limit on its size. What comes back, whatever its status, is the caller's to judge.
"""

import ipaddress
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal, Sentence

MOST = 256 * 1024  # bytes of an answer
CONNECT = 5.0  # seconds
PORTS = {"http": 80, "https": 443}
# Addresses that wrap an IPv4 address: NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380).
WRAPPED = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


class NotCalled(Refusal):
    """The call brought no answer. `code`: address, guard, late, unreachable, long."""


@dataclass(frozen=True)
class Answer:
    """What came back. Names of headers are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty if it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def named() -> frozenset[str]:
    """Hosts, or host:port, that the operator of this installation lets be called wherever they are."""
    return frozenset(host.strip().lower() for host in settings.OUTBOUND_HOSTS if host.strip())


def checked(address: str) -> SplitResult:
    """The parts of an address that may be called as far as can be seen without asking for its name.

    Raises NotCalled with the reason; for forms, before it is kept.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as error:
        raise NotCalled(_("This is not an address, such as https://example.org/v1."), code="address") from error
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or not host or port == 0 or len(address) > 2000 or not _plain(address):
        raise NotCalled(_("This is not an address, such as https://example.org/v1."), code="address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotCalled(_("An address has no names, passwords or # in it."), code="address")
    if _is_named(parts):
        return parts
    if parts.scheme == "http":
        raise NotCalled(_inside(_("Only https."), parts), code="guard")
    literal = _literal(host)
    if literal is not None and not public(literal):
        raise NotCalled(_inside(_("This address is inside a network."), parts), code="guard")
    if literal is None and ("." not in host or host.endswith((".localhost", ".local"))):
        raise NotCalled(_inside(_("This address is inside a network."), parts), code="guard")
    return parts


def base(host: str) -> str:
    """The address of a machine named on a settings page: https, or http where the operator named it with its port."""
    return f"{'http' if host.lower() in named() and ':' in host else 'https'}://{host}"


def _plain(address: str) -> bool:
    return all(" " < c < "\x7f" for c in address.strip()) and "\\" not in address


def _inside(why: Sentence, parts: SplitResult) -> str:
    allow = _("Whoever runs this machine can allow it: CHENYUE_OUTBOUND_HOSTS=%(host)s") % {"host": _netloc(parts)}
    return f"{why} {allow}"


def _netloc(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def _is_named(parts: SplitResult) -> bool:
    host = (parts.hostname or "").rstrip(".")
    shown = f"[{host}]" if ":" in host else host
    return bool({shown, f"{shown}:{parts.port or PORTS[parts.scheme]}"} & named())


def trusted(parts: SplitResult) -> bool:
    """Whether the operator named this host."""
    return _is_named(parts)


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:  # 127.1, 0x7f.1 and 2130706433 are addresses to the system, if to nobody else
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError, UnicodeError):
        return None


def public(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the open network: not private, not of this machine, not wrapping another."""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return public(found.ipv4_mapped)
        if any(found in net for net in WRAPPED):
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def resolve(parts: SplitResult) -> str:
    """The address to connect to. Raises NotCalled if the name has none, or one that isn't public."""
    port = parts.port or PORTS[parts.scheme]
    try:
        rows = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotCalled(_("This name isn't known in the network."), code="unreachable") from error
    found = [str(row[4][0]).partition("%")[0] for row in rows]
    if not found:
        raise NotCalled(_("This name isn't known in the network."), code="unreachable")
    if not _is_named(parts) and not all(public(ipaddress.ip_address(one)) for one in found):
        raise NotCalled(_inside(_("This address is inside a network."), parts), code="guard")
    return found[0]


def call(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = 15.0,
    most: int = MOST,
) -> Answer:
    """Send one request and read its answer, at most `most` bytes within `seconds`. Raises NotCalled."""
    import httpx

    parts = checked(address)
    there = resolve(parts)
    until = time.monotonic() + seconds
    url = httpx.URL(address.strip())
    sent = {"User-Agent": "Chenyue", "Accept-Encoding": "identity"}
    sent |= {name: value for name, value in (headers or {}).items() if name.lower() != "host"}
    sent["Host"] = _netloc(parts)
    limits = httpx.Timeout(seconds, connect=min(CONNECT, seconds))
    try:
        with (
            httpx.Client(timeout=limits, follow_redirects=False, trust_env=False) as client,
            client.stream(
                method, url.copy_with(host=there), content=body or None, headers=sent,
                extensions={"sni_hostname": url.host},
            ) as answer,
        ):  # fmt: skip
            return Answer(answer.status_code, _read(answer, most, until), dict(answer.headers))
    except httpx.TimeoutException as error:
        raise NotCalled(_("The service didn't answer in time."), code="late") from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError, OSError) as error:
        raise NotCalled(_("The service can't be reached."), code="unreachable") from error


def _read(answer: Any, most: int, until: float) -> bytes:
    found = b""
    for piece in answer.iter_raw(8192):
        found += piece
        if len(found) > most:
            raise NotCalled(_("The service's answer is too long."), code="long")
        if time.monotonic() > until:
            raise NotCalled(_("The service didn't answer in time."), code="late")
    return found


def post_json(address: str, value: Mapping[str, Any], **more: Any) -> Answer:
    """`call` with a JSON object."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"} | dict(more.pop("headers", None) or {})
    return call("POST", address, body=body, headers=headers, **more)

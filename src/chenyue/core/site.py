"""The address of this office's pages, whole: for paper, codes and letters.

A request says by which name it was asked for, and anybody may make it say anything. So a whole address is made
of the office's own setting; without one, of a name that this machine certainly has.
"""

import socket
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from chenyue.core import office

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def base() -> str:
    """The address that the office has given; "" while it has given none."""
    return str(office.get("site_address")).rstrip("/")


def whole(request: HttpRequest, path: str) -> str:
    """The whole address of a page as residents reach it."""
    return (base() or f"{request.scheme}://{_host(request)}") + path


def asked_for(request: HttpRequest) -> str:
    """The address by which the asker came here, to be shown to that person only: it may be made up."""
    return f"{request.scheme}://{request.get_host()}"


def own(request: HttpRequest, given: str, otherwise: str) -> str:
    """An address of this office that was handed in, such as `next`; `otherwise` for whatever is none."""
    whole_or_path = given.startswith(("/", "http://", "https://"))  # a bare word would be taken for the name of a page
    hosts, secure = {request.get_host()}, request.is_secure()
    return given if whole_or_path and url_has_allowed_host_and_scheme(given, hosts, require_https=secure) else otherwise


def _host(request: HttpRequest) -> str:
    """The name that was asked for if it is surely ours; else the address at which the connection arrived."""
    host = request.get_host()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if "*" not in settings.ALLOWED_HOSTS or _ours(name.strip("[]").lower(), str(request.META.get("SERVER_NAME", ""))):
        return host
    arrived, port = str(request.META["SERVER_NAME"]), str(request.META.get("SERVER_PORT", ""))
    arrived = f"[{arrived}]" if ":" in arrived else arrived
    return arrived if port in ("", "80", "443") else f"{arrived}:{port}"


def _ours(name: str, arrived: str) -> bool:
    return name == arrived or (name in LOOPBACK and arrived in LOOPBACK) or name in _machine()


@cache
def _machine() -> frozenset[str]:
    """Names that this machine gives itself."""
    own = socket.gethostname().lower()
    return frozenset({own, f"{own}.local"})

"""The browser a resident uses, by a cookie of its own: to tell one from another, never to find out who it is."""

import secrets
from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from chenyue.core import cookies, crypto

COOKIE = cookies.named("chenyue_device")
LASTS = 365 * 24 * 3600  # seconds
HELD = 6  # numbers that have been proved in one browser
A = TypeVar("A", bound=HttpResponseBase)


def device_of(request: HttpRequest) -> str:
    """The print of this browser (32 hex digits); "" if it has no mark yet."""
    held = _read(request)
    return crypto.blind_index(held[0], "device") if held else ""


def knows(request: HttpRequest, phone_index: str) -> bool:
    """Whether this number was proved in this browser before."""
    return bool(phone_index) and phone_index[:12] in _read(request)[1:]


def mark(request: HttpRequest, answer: A, phone_index: str = "") -> A:
    """Mark the browser, unless it is; with `phone_index`, as one in which that number was proved."""
    held = _read(request)
    token, *phones = held or [secrets.token_urlsafe(18)]
    if phone_index:
        short = phone_index[:12]
        phones = [short, *(phone for phone in phones if phone != short)][:HELD]
    if [token, *phones] != held:
        set_cookie(answer, COOKIE, signing.dumps([token, *phones], salt=COOKIE), LASTS)
    return answer


def set_cookie(answer: HttpResponseBase, name: str, value: str, lasts: int | None) -> None:
    """A cookie that no script reads and no other site sends; `lasts` seconds, None: until the browser is closed."""
    answer.set_cookie(name, value, max_age=lasts, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def _read(request: HttpRequest) -> list[str]:
    try:
        held = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LASTS)
    except signing.BadSignature:
        return []
    return [str(part) for part in held] if isinstance(held, list) else []

"""Middleware of the house: request ids, careful headers, and pages for what goes wrong."""

import codecs
import logging
import re
import time
import uuid
from collections.abc import Callable
from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from chenyue.core import again, logs, metrics, trouble

Next = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("chenyue.request")

_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Pages that only their holder may read again: never kept by a browser that others use.
HOLDERS = ("receipt", "token")
METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")  # a view that takes them all would answer TRACE, too
PERMISSIONS = "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=(), interest-cohort=()"


class RequestIds:
    """Gives each request an id (`X-Request-ID`, a safe incoming one is kept), and logs and counts it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        found = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        token = logs.request_id.set(found)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            view = request.resolver_match.view_name if request.resolver_match else ""
            view = getattr(request, "counted_as", view)  # of what is sealed, not even a figure is kept
            metrics.count(request.method or "", view, response.status_code, seconds)
            # The view's name, not the path: a path may hold a code that only its holder knows.
            log.info("%s %s %d %.0f ms", request.method, view or "-", response.status_code, seconds * 1000)
        finally:
            logs.request_id.reset(token)
        response["X-Request-ID"] = found
        return response


class Headers:
    """Headers of every page that aren't Django's: what it may use, and who may keep it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            response: HttpResponse = HttpResponseNotAllowed(METHODS, content_type="text/plain")
        else:
            response = trouble.page(400) if _strangely_written(request) else self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store" if _only_for_one(request) else "private, no-cache"
        patch_vary_headers(response, ["HX-Request"])
        return response


def _strangely_written(request: HttpRequest) -> bool:
    """A form in another encoding than UTF-8: no browser sends one, and some make text of it that nothing can store.

    Django refuses it of forms without files by itself.
    """
    written = request.encoding if request.content_type == "multipart/form-data" else None
    return bool(written) and codecs.lookup(str(written)).name != "utf-8"


def _only_for_one(request: HttpRequest) -> bool:
    match = request.resolver_match
    if settings.SESSION_COOKIE_NAME in request.COOKIES or (match and any(name in match.kwargs for name in HOLDERS)):
        return True
    session = getattr(request, "session", None)
    return bool(session and session.modified)


class Policy(CSPMiddleware):
    """django-csp's header, put together once: no page of ours has another policy or a nonce."""

    def process_request(self, request: HttpRequest) -> None:
        """No nonces: nothing is inline."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The policy, unless a view has set its own."""
        if HEADER not in response:
            response.headers[HEADER] = _policy()
        return response


@cache
def _policy() -> str:
    return str(build_policy())


class Refusals:
    """Turns a refusal that no view caught, a full disk and a database that is away into pages.

    And what was done already and is refused to its retry, into a page that says so.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return again.done_already(request, response.status_code) or response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this for what a view raised; None lets it make a 500."""
        response = trouble.answer(request, error)
        if response is not None and response.status_code >= 500:
            log.error("answered %d: %s", response.status_code, error)
        return response

"""How residents' pages answer: never kept by anyone on the way, never found by search engines."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def personal(view: View) -> View:
    """A page behind a code or token: not cached, not indexed.

    Its address goes to no other site by the policy of all pages (`same-origin`). A stricter one would make
    browsers send forms with `Origin: null`, which the guard against forged requests refuses.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def fresh(view: View) -> View:
    """A public page: browsers may keep it but ask again each time (WeChat keeps pages for days otherwise)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache, private")
        return response

    return wrapped

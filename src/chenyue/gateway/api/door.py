"""The door of the API: loads it at the first call, and sees to it that each answer is one that programs read.

No session and no cookie is looked at. Nothing of Ninja is imported before somebody calls: a web process of an
office without programs stays as small as it is.
"""

import logging
from functools import cache
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RoutePattern
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from chenyue.core import trouble
from chenyue.core.errors import Refusal
from chenyue.gateway.api import pages
from chenyue.gateway.api.problems import problem, refused

log = logging.getLogger("chenyue.api")
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
UNREADABLE = (MultiPartParserError, UnicodeError)
BODIES = ("application/json", "multipart/form-data")
PAGES = {"v1/openapi.json": pages.openapi, "v1/docs": pages.docs}


@cache
def resolver() -> URLResolver:
    """What is behind `v1/`, built at the first call."""
    from chenyue.gateway.api.build import api

    patterns, *_namespaces = api().urls
    return URLResolver(RoutePattern("v1/"), patterns)


@csrf_exempt
@sensitive_post_parameters()
def door(request: HttpRequest, rest: str) -> HttpResponseBase:
    """One call, and its answer, whatever happens."""
    response: HttpResponseBase
    if rest in PAGES:
        response = _answer(request, rest)
    else:  # a program says which language it reads by Accept-Language, as programs do
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = _answer(request, rest)
        response["Content-Language"] = language
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Authorization", "Accept-Language"])
    return response


def _answer(request: HttpRequest, rest: str) -> HttpResponseBase:
    try:
        if rest in PAGES:
            return PAGES[rest](request)
        return _called(request, rest)
    except Refusal as refusal:
        return refused(refusal)
    except Http404:
        return problem(404, _("This does not exist, or it is not for you."), "not_found")
    except TOO_BIG:
        return problem(413, _("This is too much at once."), "too_large")
    except UNREADABLE:
        return problem(400, _("This call can't be read."), "unreadable")
    except Exception as error:
        return _fault(error)


def _called(request: HttpRequest, rest: str) -> HttpResponseBase:
    """What the operation answers. Raises what goes wrong before it is reached."""
    if "\x00" in rest or "%00" in request.META.get("QUERY_STRING", ""):
        return problem(400, _("This call can't be read."), "unreadable")
    try:
        match = resolver().resolve(rest)
    except Resolver404:
        return problem(404, _("This does not exist, or it is not for you."), "not_found")
    if request.method not in ("GET", "HEAD") and not _readable(request):
        return problem(415, _("Send application/json, or multipart/form-data with files."), "media_type")
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if response.status_code == 405:
        allow = response.headers.get("Allow", "")
        response = problem(405, _("This method isn't possible here."), "method")
        response["Allow"] = allow
    return response


def _readable(request: HttpRequest) -> bool:
    """Whether a body has a type that is read here. Reading it now says 413 before anything else is done."""
    if request.content_type == "multipart/form-data":
        _posted: Any = request.POST
        return True
    return not request.body or request.content_type in BODIES


def _fault(error: Exception) -> HttpResponse:
    """A full disk, a database that is away, or a fault of ours: said, logged, and no page of HTML."""
    if trouble.is_full(error):
        log.error("answered 507: %s", error)
        return problem(507, _("The disk of the server is full. Try again later."), "full")
    if trouble.is_away(error):
        log.error("answered 503: %s", error)
        return problem(503, _("The database is away for a moment. Try again; nothing is done twice."), "away")
    log.exception("a call failed")
    return problem(500, _("This went wrong here. It is written down, and somebody will look at it."), "fault")

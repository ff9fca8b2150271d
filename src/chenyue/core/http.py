"""Habits of views: 303 after a post, a page or its part, one effect per form, who is asking, stored files."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.crypto import blind_index
from chenyue.core.errors import Refusal
from chenyue.core.idempotency import found, run_once
from chenyue.core.kept_files import Opened

KEY = "idempotency_key"
# Of no content: a form that sends itself again after a flood brings another answer.
SKIPPED = frozenset({"csrfmiddlewaretoken", KEY, "proof_task", "proof", "proof_round"})
A = TypeVar("A", bound=HttpResponseBase)


def see_other(to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """303: the work is done, look there. `to` is a URL, a URL name with its arguments, or an object."""
    return HttpResponseRedirect(resolve_url(to, *args, **kwargs), status=303)


def page_or_part(
    request: HttpRequest, template: str, part: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The whole page, or `page.html#part` of it when htmx asks for a swap. Varies by that header."""
    htmx = getattr(request, "htmx", None)
    only_part = htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    response = render(request, f"{template}#{part}" if only_part else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def actor(request: HttpRequest) -> Actor:
    """Who is asking: the signed-in member, or a resident without account."""
    if request.user.is_authenticated:
        return request.user.actor()
    return Actor("resident")


def form_key(request: HttpRequest | None) -> str:
    """The key for the form about to be shown: the posted one while its effect has not happened, else a new one."""
    if request is None or getattr(request, "fresh_key", False):
        return ids.token()
    return request.POST.get(KEY) or ids.token()


def once(
    request: HttpRequest,
    scope: str,
    act: Callable[[], dict[str, Any]],
    content: Any = None,
    *,
    at: datetime | None = None,
) -> tuple[dict[str, Any], bool]:
    """Run `act` once for the form's `{% once %}` key; gives its JSON result and whether it ran now.

    The scope is the door and the person. Raises Refusal if the key is missing or was used for other content.
    """
    try:
        return run_once(
            scope=_scope(request, scope),
            key=request.POST.get(KEY, ""),
            at=at or timezone.now(),
            act=act,
            content=content,
            request=asked(request),
        )
    except Refusal as refusal:
        if refusal.code in ("key_reused", "no_key"):
            request.fresh_key = True  # type: ignore[attr-defined]  # the form that is shown again gets a new one
        raise


def _scope(request: HttpRequest, scope: str) -> str:
    who = actor(request)
    return f"{scope}:{who.kind}:{who.key}"[:80]


def again(request: HttpRequest, scope: str) -> bool:
    """Whether this form had its effect before: a retry isn't counted against limits. One statement."""
    return found(_scope(request, scope), request.POST.get(KEY, "")) is not None


def sent(request: HttpRequest) -> dict[str, Any]:
    """What the form carried, for telling a retry from a key used for something else."""
    words = {name: request.POST.getlist(name) for name in request.POST if name not in SKIPPED}
    return words | {name: [(f.name, f.size) for f in request.FILES.getlist(name)] for name in request.FILES}


def asked(request: HttpRequest) -> str:
    """A keyed fingerprint of the door and of who knocks; nothing of what was sent, which may be sealed one day."""
    who = actor(request)
    return blind_index(f"{request.path} {who.kind} {who.key}", "request")


def personal(answer: A) -> A:
    """A page behind a code, or of what is sealed: nobody on the way keeps it, no search engine finds it."""
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def served(found: Opened) -> FileResponse:
    """A stored file with the type it was sniffed as; never run, never guessed by the browser."""
    inline = found.content_type.startswith("image/") or found.content_type == "application/pdf"
    answer = FileResponse(found.file, content_type=found.content_type, filename=found.name, as_attachment=not inline)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer

"""What views share: the moment, acting once, answering a refusal in its form or above the page, choosing the status."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from chenyue.core import http
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.forms import refused
from chenyue.core.http import sent as sent


def now() -> datetime:
    """The moment of this request: read once in a view, passed on to the action."""
    return timezone.now()


def posted(request: HttpRequest) -> Any:
    """What a form was sent with: None for a form that is shown first, an empty form sent is still sent."""
    return request.POST if request.method == "POST" else None


def acted(request: HttpRequest, scope: str, act: Callable[[], Any], said: Any = "") -> bool:
    """Run `act` once for a button without fields; what is refused is said above the page that follows."""

    def run() -> dict[str, Any]:
        act()
        return {}

    try:
        http.once(request, scope, run, sent(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return False
    if said:
        messages.success(request, str(said))
    return True


def done(
    request: HttpRequest, scope: str, form: forms.Form, act: Callable[[], dict[str, Any] | None]
) -> dict[str, Any] | None:
    """Run `act` once for this form and return its result; None if it was refused (the form then says why).

    A stale form keeps what was typed: `form.conflict` makes `page` answer 409 with the same fields. A person who
    may not do it gets no form back, but the refusal itself.
    """
    try:
        result, _fresh = http.once(request, scope, lambda: act() or {}, sent(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        refused(form, refusal)
        form.conflict = isinstance(refusal, Conflict)  # type: ignore[attr-defined]
        return None
    return result


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, form: forms.Form | None = None
) -> HttpResponse:
    """The page; 422 with a form that has errors, 409 with one that came too late."""
    status = 200
    if form is not None:
        context = {"form": form} | context
        if form.is_bound and form.errors:
            status = 409 if getattr(form, "conflict", False) else 422
    return render(request, template, context, status=status)

"""One view, two doors: a resident's own page, and the same at the window."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from chenyue.core import acting, http
from chenyue.core.acting import now
from chenyue.core.errors import Refusal, Sentence
from chenyue.people.http import member_of, staff_only
from chenyue.people.models import Resident
from chenyue.people.resident_session import resident_only, the_resident
from chenyue.volunteering.own import Side, may_visit_until

View = Callable[..., HttpResponseBase]
OPENED = "volunteering.window"  # session: whom this member serves now, until when, through which door


def mine(view: View) -> View:
    """The view for the resident who has signed in."""

    @resident_only
    @wraps(view)
    def inside(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, Side(the_resident(request)), **kwargs)

    return inside


def at_window(view: View) -> View:
    """The view for whom a member serves; only residents opened by a search, which is on record, are shown."""

    @wraps(view)
    def inside(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        held = request.session.get(OPENED) or {}
        at = now()
        if held.get("resident") != pk or datetime.fromisoformat(held["until"]) <= at:
            messages.info(request, _("Find the person first: what is opened at the window is written down."))
            return http.see_other("volunteering:window")
        resident = Resident.objects.filter(pk=pk, erased_at=None).first()
        if resident is None:
            return http.see_other("volunteering:window")
        if held["until"] < may_visit_until(at).isoformat()[:16]:
            request.session[OPENED] = held | {"until": may_visit_until(at).isoformat()}
        return view(request, Side(resident, member_of(request), held["via"]), **kwargs)  # type: ignore[return-value]

    return staff_only("volunteering.serve")(inside)


def both(name: str, route: str, view: View) -> list[URLPattern]:
    """The two doors of a view: `me-<name>` and `window-<name>`."""
    return [
        path(f"volunteering/me/{route}", mine(view), name=f"me-{name}"),
        path(f"desk/volunteering/window/<int:pk>/{route}", at_window(view), name=f"window-{name}"),
    ]


def shown(
    request: HttpRequest, side: Side, template: str, tab: str, context: dict[str, Any], form: Any = None
) -> HttpResponse:
    """A page of either side."""
    context = {"side": side, "tab": tab, "here": "window", "at": now()} | context
    return http.personal(acting.page(request, f"volunteering/self/{template}.html", context, form=form))


def pressed(
    request: HttpRequest, side: Side, scope: str, act: Callable[[], Any], said: Sentence, back: str
) -> HttpResponse:
    """A button without fields: done once, said above the page that follows; so is what was refused."""
    acting.acted(request, side.scope(scope), act, said)
    return http.see_other(back)


def filled(
    request: HttpRequest, side: Side, scope: str, form: forms.Form, act: Callable[[], Any], said: Sentence, back: str
) -> HttpResponse | None:
    """A form that is valid: done once, then `back`; None where it was refused, and the form says why."""

    def run() -> dict[str, Any]:
        act()
        return {}

    if not form.is_valid():
        return None
    try:
        if acting.done(request, side.scope(scope), form, run) is None:
            return None
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return http.see_other(back)
    if said:
        messages.success(request, str(said))
    return http.see_other(back)

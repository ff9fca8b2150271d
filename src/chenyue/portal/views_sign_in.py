"""Residents sign in by a code on their telephone, and out again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core import floods, site
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import see_other
from chenyue.people import devices, phone_codes, resident_session
from chenyue.people.residents import consent_text
from chenyue.portal import signing_in
from chenyue.portal.answers import personal
from chenyue.portal.forms_sign_in import NameForm, PhoneForm, SmsCodeForm


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: a page of ours that was asked for, or the resident's own."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return site.own(request, url, "/volunteering/me/") if len(url) <= 500 else "/volunteering/me/"


def _step(name: str, request: HttpRequest) -> str:
    return f"{reverse(name)}?{urlencode({'next': _next(request)})}"


def _page(request: HttpRequest, template: str, form: Any, status: int = 0, **context: Any) -> HttpResponse:
    status = status or (422 if form.is_bound and form.errors else 200)
    context = {"form": form, "next": _next(request), "possible": signing_in.possible()} | context
    return render(request, f"portal/sign_in/{template}.html", context, status=status)


@personal
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """First: the number. Whoever is signed in goes on at once."""
    if request.method == "GET" and resident_session.resident_of(request):
        return see_other(_next(request))
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "phone", form)
    try:
        if why := floods.refuses(request, "portal.sign-in", timezone.now(), spends=True):
            raise why
        issued = signing_in.ask(request, form.cleaned_data["phone"])
    except Refusal as refusal:
        return _page(request, "phone", refused(form, refusal), refusal.status)
    answer = see_other(_step("portal:sign-in-code", request))
    devices.set_cookie(answer, phone_codes.COOKIE, issued.token, int(phone_codes.NAME_WITHIN.total_seconds()) + 300)
    return devices.mark(request, answer)


@personal
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Second: the code."""
    at = timezone.now()
    held = phone_codes.held(request, at)
    if held is None and request.method == "GET":
        return see_other(_step("portal:sign-in", request))
    if held is not None and held.proved_at:
        return see_other(_step("portal:sign-in-name", request))
    form = SmsCodeForm(request.POST if request.method == "POST" else None)
    token = request.COOKIES.get(phone_codes.COOKIE, "")
    context: dict[str, Any] = {"phone_end": held.phone[-4:] if held else "", "shown": ""}
    if held is not None and signing_in.shows_codes():
        context["shown"] = signing_in.shown(token)
    if not form.is_valid():
        return _page(request, "code", form, **context)
    try:
        phone_codes.prove(request, form.cleaned_data["code"], at=at)
    except Refusal as refusal:
        return _page(request, "code", refused(form, refusal), refusal.status, **context)
    return see_other(_step("portal:sign-in-name", request))


@personal
@sensitive_post_parameters("name")
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Third: the name, and what is kept. Who isn't known by it may become a new resident."""
    at = timezone.now()
    held = phone_codes.held(request, at)
    if held is None or not held.proved_at:
        return see_other(_step("portal:sign-in", request))
    form = NameForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"text": consent_text(phone_codes.PURPOSE)}
    if not form.is_valid():
        return _page(request, "name", form, **context)
    said = form.cleaned_data
    try:
        found = phone_codes.person(held, said["name"], at=at)
        if found is None and not said["new"]:
            return _page(request, "name", form, 422, unknown=said["name"], **context)
        answer = see_other(_next(request))
        return signing_in.enter(request, answer, held, found, name=said["name"], own=said["own"], at=at)
    except Refusal as refusal:
        return _page(request, "name", refused(form, refusal), refusal.status, **context)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out here, or everywhere."""
    at, resident = timezone.now(), resident_session.resident_of(request)
    if resident is not None and request.POST.get("everywhere"):
        resident_session.leave_everywhere(resident, by=resident_session.resident_actor(resident), at=at)
    return resident_session.leave(request, see_other("portal:home"), at=at)

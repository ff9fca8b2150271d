"""Signing in and out, and one's own account."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core import qr, site
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import see_other
from chenyue.people import actions, factors, sessions, spraying
from chenyue.people.forms import Code, Confirm, Password, SignIn
from chenyue.people.http import signed_in, staff_only
from chenyue.people.models import Member


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: a page of ours, or the desk."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return site.own(request, url, resolve_url(settings.LOGIN_REDIRECT_URL))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """First step: name and password."""
    if request.method == "GET" and signed_in(request):
        return see_other(_next(request))
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = sessions.now()
        member = sessions.check_password(request, **form.cleaned_data, at=at)
        if member is None:
            form.add_error(None, _("The user name or the password is wrong."))
        elif member.second_factor:
            sessions.begin_second(request, member)
            return see_other(f"{reverse('people:second-step')}?{urlencode({'next': _next(request)})}")
        else:
            return _entered(request, member, at)
    status = 422 if form.errors else 200
    return render(request, "people/sign_in.html", {"form": form, "next": _next(request)}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Second step: a code of the app, or a recovery code."""
    member = sessions.pending(request)
    if member is None:
        return see_other("people:sign-in")
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = sessions.now()
        if sessions.check_code(request, member, form.cleaned_data["code"], at):
            return _entered(request, member, at, factor=True)
        form.add_error("code", _("This code doesn't fit. Wait for the next one and try again."))
    status = 422 if form.errors else 200
    return render(request, "people/second_step.html", {"form": form, "next": _next(request)}, status=status)


def _entered(request: HttpRequest, member: Member, at: datetime, *, factor: bool = False) -> HttpResponse:
    """Signed in: on to the page that was asked for, in a browser that knows this member from now on."""
    sessions.enter(request, member, at, factor=factor)
    return spraying.remember(request, see_other(_next(request)), member.username)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    sessions.leave(request, sessions.now())
    messages.success(request, _("You are signed out."))
    answer = see_other("people:sign-in")
    # Pages and pictures that the browser kept; not its storage, where drafts wait that were never sent (ADR 24).
    answer["Clear-Site-Data"] = '"cache"'
    return answer


@staff_only()
def account(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    member: Any = request.user
    grants = member.grants.select_related("role", "unit", "place")
    codes = factors.left(member) if member.second_factor else 0
    return render(request, "people/account.html", {"member": member, "grants": grants, "codes": codes})


@staff_only()
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the first one must be changed."""
    member: Any = request.user
    form = Password(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            if not _knows(request, old):
                raise Refusal(_("The present password is wrong."), field="old", code="wrong_password")
            actions.change_password(member=member, old=old, new=new, by=member.actor(), at=sessions.now())
        except Refusal as refusal:
            refused(form, refusal)
        else:
            sessions.keep(request, member)
            messages.success(request, _("Your password is changed. Your other sessions have ended."))
            return see_other("people:account")
    return render(request, "people/password.html", {"form": form}, status=422 if form.errors else 200)


@staff_only()
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set the second factor up: a picture for the app, then a code as proof."""
    member: Any = request.user
    if member.second_factor:
        return see_other("people:account")
    sealed = request.session.setdefault(sessions.SET_UP, factors.begin())
    form, device = Code(request.POST or None), factors.waiting(member, sealed)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            codes = factors.confirm(member=member, sealed=sealed, code=code, by=member.actor(), at=sessions.now())
        except Refusal as refusal:
            refused(form, refusal)
        else:
            del request.session[sessions.SET_UP]
            sessions.keep(request, member, factor=True)
            return render(request, "people/recovery_codes.html", {"codes": codes})
    context = {
        "form": form,
        "secret": factors.secret(device),
        "picture": qr.svg(factors.address(device), _("QR code for your app; the secret is written below it.")),
    }
    return render(request, "people/second_factor.html", context, status=422 if form.errors else 200)


@staff_only()
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Take the own second factor away; asks for the password."""
    form = _confirmed(request)
    if form.is_bound and form.is_valid():
        member: Any = request.user
        factors.remove(member=member, by=member.actor(), at=sessions.now())
        sessions.keep(request, member, factor=False)
        messages.success(request, _("The second factor is removed."))
        return see_other("people:account")
    return render(request, "people/remove_factor.html", {"form": form}, status=422 if form.errors else 200)


@staff_only()
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; asks for the password."""
    member: Any = request.user
    if not member.second_factor:
        return see_other("people:second-factor")
    form = _confirmed(request)
    if form.is_bound and form.is_valid():
        codes = factors.new_codes(member=member, by=member.actor(), at=sessions.now())
        return render(request, "people/recovery_codes.html", {"codes": codes})
    return render(request, "people/new_codes.html", {"form": form}, status=422 if form.errors else 200)


def _confirmed(request: HttpRequest) -> Confirm:
    """The form that asks for the password again before something grave."""
    form = Confirm(request.POST or None)
    if form.is_bound and form.is_valid() and not _knows(request, form.cleaned_data["password"]):
        form.add_error("password", _("The password is wrong."))
    return form


def _knows(request: HttpRequest, password: str) -> bool:
    """Whether the member knows their password; wrong ones count as at sign-in, and lock."""
    username = request.user.get_username()
    return sessions.check_password(request, username, password, sessions.now()) is not None

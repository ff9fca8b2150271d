"""Requests about personal data, and the consent texts."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chenyue.core import events
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import actor, once, see_other
from chenyue.people import actions, privacy, queries, residents
from chenyue.people.events import PeopleChanged
from chenyue.people.forms import ConsentForm, Decision, IdentityForm, RequestForm
from chenyue.people.http import staff_only
from chenyue.people.models import DataRequest

FORM = require_http_methods(["GET", "POST"])


@staff_only("privacy.handle")
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The register, those due first on top."""
    return render(request, "people/requests.html", {"requests": queries.request_list(), "tab": "requests"})


@staff_only("privacy.handle")
@FORM
def new_request(request: HttpRequest) -> HttpResponse:
    """Take a request. Whether the person is known is said only by what is then found in it."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, at, by = form.cleaned_data, timezone.now(), actor(request)

        def act() -> dict[str, Any]:
            resident = actions.register_resident(name=data["name"], phone=data["phone"], at=at, by=by)
            opened = actions.open_request(resident=resident, kind=data["kind"], words=data["words"], by=by, at=at)
            return {"request": opened.pk}

        try:
            result, _ran = once(request, "people.request", act, content=data, at=at)
            return see_other("people:request", result["request"])
        except Refusal as refusal:
            refused(form, refusal)
    context = {"form": form, "tab": "requests"}
    return render(request, "people/request_form.html", context, status=422 if form.errors else 200)


def _found(pk: int) -> DataRequest:
    rows = DataRequest.objects.select_related("resident", "taken_by", "decided_by", "identity_by")
    return get_object_or_404(rows, pk=pk)


@staff_only("privacy.handle")
@FORM
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request and its decision."""
    found = _found(pk)
    form = Decision(request.POST or None)
    if request.method == "POST" and form.is_valid():
        granted, reason = form.cleaned_data["granted"] == "yes", form.cleaned_data["reason"]
        at, by = timezone.now(), actor(request)

        def act() -> dict[str, Any]:
            actions.decide_request(request=found, granted=granted, reason=reason, by=by, at=at)
            return {"request": pk}

        try:
            once(request, f"people.decide:{pk}", act, content=[granted, reason], at=at)
            messages.success(request, _("Decided."))
            return see_other("people:request", pk)
        except Refusal as refusal:
            refused(form, refusal)
    return _show(request, found, form, IdentityForm())


def _show(request: HttpRequest, found: DataRequest, form: Decision, check: IdentityForm) -> HttpResponse:
    contact = residents.contact(found.resident)
    context = {"asked": found, "form": form, "check": check, "contact": contact, "tab": "requests"}
    return render(request, "people/request.html", context, status=422 if form.errors or check.errors else 200)


@staff_only("privacy.handle")
@require_POST
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how it was made sure that it is the person themselves."""
    found = _found(pk)
    check = IdentityForm(request.POST)
    if not check.is_valid():
        return _show(request, found, Decision(), check)
    at, by, how = timezone.now(), actor(request), check.cleaned_data["how"]

    def act() -> dict[str, Any]:
        actions.confirm_identity(request=found, how=how, by=by, at=at)
        return {}

    once(request, f"people.identity:{pk}", act, content=how, at=at)
    messages.success(request, _("Recorded. Now decide the request."))
    return see_other("people:request", pk)


@staff_only("privacy.handle")
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is kept about the person, as a file for them; making it is on the timeline."""
    kinds = [DataRequest.Kind.COPY, DataRequest.Kind.INSPECT]
    asked = DataRequest.objects.select_related("resident__home").exclude(state=DataRequest.State.REFUSED)
    found = get_object_or_404(asked, pk=pk, kind__in=kinds)
    privacy.need_identity(found)
    body = json.dumps(privacy.copy_of(found.resident), ensure_ascii=False, indent=2)
    subject = f"resident:{found.resident_id}"
    events.emit(PeopleChanged(subject, "people.copy_made", actor(request), timezone.now(), {"request": pk}))
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="data-{pk}.json"'
    answer["Cache-Control"] = "no-store, private"
    return answer


@staff_only("texts.edit")
@FORM
def consents(request: HttpRequest) -> HttpResponse:
    """What residents are asked to agree to; a change is a new version."""
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_consent_text(by=actor(request), at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Saved as a new version."))
            return see_other("people:consents")
        except Refusal as refusal:
            refused(form, refusal)
    context = {"texts": queries.consent_texts(), "form": form, "tab": "consents"}
    return render(request, "people/consents.html", context, status=422 if form.errors else 200)

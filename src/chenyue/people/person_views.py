"""The person behind a request about personal data: lock, consents, correction. Only ever reached by a request."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chenyue.core.errors import NotFound, Refusal
from chenyue.core.forms import refused
from chenyue.core.http import actor, once, see_other
from chenyue.people import privacy, residents
from chenyue.people.forms import CorrectForm
from chenyue.people.http import staff_only
from chenyue.people.models import Consent, DataRequest


def _asked(pk: int) -> DataRequest:
    return get_object_or_404(DataRequest.objects.select_related("resident"), pk=pk)


@staff_only("privacy.handle")
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person agreed to, and whether their data is in use."""
    asked = _asked(pk)
    given = Consent.objects.filter(resident=asked.resident).select_related("text").order_by("-given_at")
    contact = residents.contact(asked.resident)
    context = {"asked": asked, "who": asked.resident, "contact": contact, "consents": given, "tab": "requests"}
    return render(request, "people/person.html", context)


@staff_only("privacy.handle")
@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop using the person's data, or go on (PIPL 47)."""
    who, locked, by, at = _asked(pk).resident, request.POST.get("locked") == "1", actor(request), timezone.now()

    def act() -> dict[str, Any]:
        residents.lock_resident(resident=who, locked=locked, by=by, at=at)
        return {}

    once(request, f"people.lock:{pk}", act, content=locked, at=at)
    messages.success(request, _("Locked: it is stored, and not used any more.") if locked else _("In use again."))
    return see_other("people:person", pk)


@staff_only("privacy.handle")
@require_POST
def withdraw(request: HttpRequest, pk: int, purpose: str) -> HttpResponse:
    """Take a consent back in the person's name, as easily as it was given."""
    who, by, at = _asked(pk).resident, actor(request), timezone.now()

    def act() -> dict[str, Any]:
        if not residents.withdraw_consent(resident=who, purpose=purpose, by=by, at=at):
            raise NotFound
        return {}

    once(request, f"people.withdraw:{pk}:{purpose}", act, at=at)
    messages.success(request, _("Taken back."))
    return see_other("people:person", pk)


@staff_only("privacy.handle")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the data right that the person says is wrong; only for a request that asks for it and is open."""
    asked = _asked(pk)
    if asked.kind != DataRequest.Kind.CORRECT or asked.state != DataRequest.State.OPEN:
        raise NotFound
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, by, at = form.cleaned_data, actor(request), timezone.now()

        def act() -> dict[str, Any]:
            privacy.need_identity(asked)
            residents.correct_resident(resident=asked.resident, **data, by=by, at=at)
            return {}

        try:
            once(request, f"people.correct:{pk}", act, content=data, at=at)
            messages.success(request, _("Corrected. Now decide the request."))
            return see_other("people:request", pk)
        except Refusal as refusal:
            refused(form, refusal)
    contact = residents.contact(asked.resident)  # masked: to put right what is wrong, nobody has to read the rest
    context = {"asked": asked, "form": form, "contact": contact, "tab": "requests"}
    return render(request, "people/correct.html", context, status=422 if form.errors else 200)

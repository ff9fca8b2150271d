"""The home's own page of a visit: was it visited? It tells nothing but the day, and asks for no name."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.forms import Form, refused
from chenyue.core.http import once, see_other
from chenyue.portal import limits
from chenyue.portal.answers import personal
from chenyue.portal.views_follow import unknown
from chenyue.stewards import visiting
from chenyue.stewards.models import DoorVisit


class VisitedForm(Form):
    """Yes or no, and whatever else the home wants to say."""

    visited = forms.ChoiceField(
        label=_("Was your home visited that day?"),
        choices=[("yes", _("Yes, somebody came")), ("no", _("No, nobody came"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Anything you want to add"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@personal
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """Say it once. Codes that open nothing have one answer, and trying many of them ends soon."""
    found = visiting.by_code(token, timezone.now()) if limits.may_guess(request) else None
    if found is None:
        if limits.may_guess(request):
            limits.wrong_guess(request)
        return unknown(request)
    form = VisitedForm(request.POST or None)
    if form.is_valid() and said(request, form, found):
        return see_other("portal:visit", token)
    status = 422 if form.is_bound and form.errors else 200
    answered = found.confirmed_at or found.disputed_at
    context = {"visit": found, "form": form, "answered": answered, "staff": request.user.is_authenticated}
    return render(request, "portal/visit.html", context, status=status)


def said(request: HttpRequest, form: VisitedForm, found: DoorVisit) -> bool:
    """Keep the answer; False if it can't be taken, the form then says why."""
    by = Actor("member", user=request.user) if request.user.is_authenticated else Actor("resident")
    yes, words, at = form.cleaned_data["visited"] == "yes", form.cleaned_data["words"], timezone.now()

    def act() -> dict[str, bool]:
        visiting.confirm(visit=found, yes=yes, words=words, by=by, at=at)
        return {"yes": yes}

    try:
        once(request, f"portal.visit:{found.pk}", act, form.cleaned_data, at=at)
    except Refusal as refusal:
        refused(form, refusal)
        return False
    return True

"""Rules of credits: which hold, what is proposed, and proposing another."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.acting import acted, now, page, posted
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.volunteering import acts, conversion, ruling, seeing
from chenyue.volunteering import forms_ledger as forms
from chenyue.volunteering.views.ledger_shared import keeps, reader, small_form


@staff_only()
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, newest first; the one that holds today in front."""
    member, day = reader(request), acts.local_day(now())
    context = {
        "here": "rules", "rules": ruling.rules(), "holds": conversion.rule_of(day), "today": day,
        "keeps": keeps(request), "presets": ruling.presets(), "me": member.pk,
    }  # fmt: skip
    return page(request, "volunteering/ledger/rules.html", context)


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Propose a rule; `?preset=` fills the form with an example."""
    by, at = member_of(request).actor(), now()
    wanted = request.GET.get("preset", "")
    preset: dict[str, Any] = next((one["terms"] for one in ruling.presets() if one["code"] == wanted), {})
    first = {"starts_on": acts.local_day(at) + timedelta(days=1)}
    form = forms.RuleForm(posted(request), initial=first | forms.initial_rule(preset))

    def act() -> dict[str, Any]:
        return {"version": ruling.propose_rule(terms=form.terms(), by=by, at=at).version}

    return small_form(
        request, form, "rule-new", act, heading=_("Propose a rule"), back=reverse("volunteering:rules"),
        button=_("Propose"), here="rules", icon="send",
        explain=_("Another person approves it; from its day on it holds for what is served then, never for before."),
    )  # fmt: skip


@staff_only(seeing.CREDITS)
@require_POST
def approve(request: HttpRequest, version: int) -> HttpResponse:
    """The second person says yes."""
    row, by, at = ruling.rule_for(version), member_of(request).actor(), now()
    said = _("Approved: it holds from its day on.")
    acted(request, f"volunteering.rule-approve:{version}", lambda: ruling.approve_rule(rule=row, by=by, at=at), said)
    return see_other("volunteering:rules")


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, version: int) -> HttpResponse:
    """Take a proposal back, or refuse it."""
    row, member, at = ruling.rule_for(version), member_of(request), now()
    own = row.made_by_id == member.pk
    form = (forms.MaybeReasonForm if own else forms.ReasonForm)(posted(request))

    def act() -> dict[str, Any]:
        ruling.drop_rule(rule=row, reason=form.cleaned_data["reason"], by=member.actor(), at=at)
        return {}

    return small_form(
        request, form, f"rule-drop:{version}", act, back=reverse("volunteering:rules"), late=True, here="rules",
        heading=_("Take the proposal back") if own else _("Refuse"), icon="x",
        button=pgettext("proposal", "Take back") if own else _("Refuse"),
    )  # fmt: skip

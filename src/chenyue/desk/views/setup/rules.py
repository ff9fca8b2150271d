"""Set-up: routing rules in their order, and what they would have done with last month's cases."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.catalogue import ruling
from chenyue.catalogue.models import RoutingRule
from chenyue.catalogue.queries import rules as in_order
from chenyue.core.http import see_other
from chenyue.desk import trials
from chenyue.desk.forms.rules import RuleForm, TrialForm
from chenyue.desk.http import acted, done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member

DAYS = 30
ACTS = ("up", "down", "remove")


@staff_only("catalogue.edit")
def rules(request: HttpRequest) -> HttpResponse:
    """The first rule that fits wins. `?since=…&until=…` tries them on the cases of those days."""
    today = timezone.localdate(now())
    asked = {"since": today - timedelta(days=DAYS), "until": today} | request.GET.dict()
    form = TrialForm(asked)
    context: dict[str, Any] = {"rules": in_order(), "form": form, "tried": None}
    if "since" in request.GET and form.is_valid():
        context["tried"] = trials.tried(form.cleaned_data["since"], form.cleaned_data["until"])
    return render(request, "desk/setup/rules.html", context, status=200 if form.is_valid() else 422)


@staff_only("catalogue.edit")
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new rule at the end, or one that exists; `act=try` shows what it would have done and saves nothing."""
    query = RoutingRule.objects.select_related("category", "place", "lead")
    rule = get_object_or_404(query, pk=pk) if pk else None
    form, tried = RuleForm(request.POST or None, initial=RuleForm.of(rule) if rule else None), None
    if form.is_valid() and request.POST.get("act") == "try":
        today = timezone.localdate(now())
        tried = trials.tried(today - timedelta(days=DAYS), today, form.info(pk or 0))
    elif form.is_valid() and done(request, "desk.rule", form, lambda: save(form, rule, member_of(request))) is not None:
        messages.success(request, _("Saved. It holds for new cases; open ones keep their promises."))
        return see_other("desk:set-up-rules")
    return page(request, "desk/setup/rule.html", {"rule": rule, "tried": tried, "days": DAYS}, form=form)


def save(form: RuleForm, rule: RoutingRule | None, member: Member) -> dict[str, Any]:
    """Through the catalogue's own door."""
    return {"pk": ruling.save_rule(data=form.data_of_rule(), rule=rule, by=member.actor(), at=now()).pk}


@staff_only("catalogue.edit")
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One place up or down, or gone."""
    if act not in ACTS:
        raise Http404
    rule, by, at = get_object_or_404(RoutingRule, pk=pk), member_of(request).actor(), now()
    scope = f"desk.rule_{act}:{pk}"
    if act == "remove":
        said = _("“%(name)s” is gone. Cases it sent keep its name.") % {"name": rule.name}
        acted(request, scope, lambda: ruling.remove_rule(rule=rule, by=by, at=at), said)
    else:
        acted(request, scope, lambda: ruling.move_rule(rule=rule, up=act == "up", by=by, at=at))
    return see_other("desk:set-up-rules")

"""Proposals of re-assignment: asking, following, reading the reasons, carrying out all or some of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chenyue.core.acting import done, now, page
from chenyue.core.http import page_or_part, see_other
from chenyue.people.http import member_of, staff_only
from chenyue.stewards.forms_plan import AskForm
from chenyue.stewards.http import acted, posted, today
from chenyue.stewards.models import Plan
from chenyue.stewards.planning import asking, carrying_out, picture, showing

WORD = "steward.manage"


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """The proposals of late, and a form for one more."""
    first = {"reason": request.GET.get("reason", "balance"), "leaving": request.GET.getlist("leaving")}
    form = AskForm(posted(request), initial=first)
    if form.is_valid():
        by, at = member_of(request).actor(), now()
        found = done(
            request, "stewards.plan", form, lambda: {"pk": asking.ask(**form.cleaned_data, by=by, at=at).pk}
        )  # fmt: skip
        if found:
            return see_other("stewards:plan", found["pk"])
    rows = [(plan, showing.reason(plan)) for plan in showing.recent()]
    return page(request, "stewards/plans/list.html", {"rows": rows, "tab": "plans"}, form=form)


@staff_only(WORD)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: its progress, what it would change and why, and the loads; before and after on the plan."""
    row = get_object_or_404(Plan.objects.select_related("made_by", "applied_by"), pk=pk)
    ticked = numbers(request.GET.getlist("n"), row) if "part" in request.GET else None
    found = showing.shown(row, ticked)
    context: dict[str, Any] = {"plan": row, "shown": found, "tab": "plans", "pictures": picture.both(row, found)}
    if ticked is not None:
        context["part"] = showing.part(row, ticked, today())
    return page_or_part(request, "stewards/plans/plan.html", "progress", context)


def numbers(typed: list[str], row: Plan) -> set[int]:
    """The numbers of changes that were ticked; others are left out."""
    most = len(row.result.get("changes", ()))
    return {int(text) for text in typed if text.isdecimal() and len(text) < 6 and int(text) < most}


@staff_only(WORD)
@require_POST
def plan_act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Buttons of a proposal: carry out, stop, drop, work out once more, the way back."""
    row, by, at = get_object_or_404(Plan, pk=pk), member_of(request).actor(), now()
    chosen, to = numbers(request.POST.getlist("n"), row), {"pk": row.pk}
    doings: dict[str, Any] = {
        "stop": lambda: asking.stop(plan=row, by=by, at=at),
        "drop": lambda: asking.drop(plan=row, by=by, at=at),
        "again": lambda: asking.again(plan=row, by=by, at=at),
        "apply": lambda: carrying_out.apply(plan=row, chosen=chosen, by=by, at=at),
        "back": lambda: to.update(pk=carrying_out.back(plan=row, by=by, at=at).pk),
    }
    if what in doings and acted(request, f"stewards.plan.{what}", lambda: {"n": doings[what](), **to}):
        say(request, what, len(chosen))
    return see_other("stewards:plans") if what == "drop" else see_other("stewards:plan", to["pk"])


def say(request: HttpRequest, what: str, n: int) -> None:
    """What came of a button, in words."""
    if what == "apply":
        words = ngettext("%(n)d building has changed hands.", "%(n)d buildings have changed hands.", n) % {"n": n}
        messages.success(request, words)
    elif what == "stop":
        messages.success(request, _("It stops; the best so far is kept."))
    elif what == "drop":
        messages.success(request, _("The proposal is gone; everything stays as it is."))

"""Plans: asking for a roster, seeing it come, why it can't be, what helps, and publishing it."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core.http import page_or_part, see_other
from chenyue.people.http import staff_only
from chenyue.reception.forms_roster import AskForm, PublishForm
from chenyue.reception.http import acted, done, member_of, now, page, posted, today
from chenyue.reception.models import Plan
from chenyue.reception.rostering import grid as grids
from chenyue.reception.rostering import planning, publishing, showing
from chenyue.reception.rostering.seeing import acts

WORD = planning.WORD


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of late, and a form for one more."""
    at = now()
    first, last = grids.month((today(at).replace(day=1) + timedelta(days=32)).replace(day=1))
    form = AskForm(posted(request), initial={"first": first, "last": last})
    if form.is_valid():
        by, asked = member_of(request).actor(), form.cleaned_data

        def act() -> dict[str, Any]:
            days = {"first": asked["first"], "last": asked["last"], "by": by, "at": at}
            if asked["how"] == "hand":
                return {"pk": planning.by_hand(**days).pk}
            return {"pk": planning.ask(**days, replans=asked["how"] == "replan", seconds=asked["seconds"]).pk}

        if found := done(request, "roster.ask", form, act):
            return see_other("reception:plan", found["pk"])
    context = {"rows": showing.recent(), "lost": showing.needing(at)} | acts(request.user)
    return page(request, "reception/roster/plans.html", context, form=form)


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its progress, its quality, what it breaks, what it would change; publishing it."""
    row, at = get_object_or_404(Plan.objects.select_related("asked_by", "rules"), pk=pk), now()
    form = PublishForm(posted(request), initial={"version": row.version})
    if form.is_valid():
        by, details = member_of(request).actor(), form.cleaned_data

        def act() -> dict[str, Any]:
            found = publishing.publish(plan=row, by=by, at=at, **details)
            return {"turns": len(found.added) + found.kept}

        if done(request, "roster.publish", form, act):
            return see_other(f"{reverse('reception:roster')}?month={row.first:%Y-%m}")
        row.refresh_from_db()
    context = {"form": form, "plan": row, "shown": showing.plan(row, at)} | acts(request.user)
    if form.is_bound:
        return page(request, "reception/roster/plan.html", context, form=form)
    return page_or_part(request, "reception/roster/plan.html", "progress", context)


@staff_only(WORD)
@require_POST
def plan_act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Buttons of a plan: stop, drop, compute again, go on with a repair or with the best that could be done."""
    row, by, at = get_object_or_404(Plan, pk=pk), member_of(request).actor(), now()
    repair = request.POST.get("repair", "")
    doings: dict[str, Any] = {
        "stop": (lambda: planning.stop(plan=row, by=by, at=at), _("It stops; the best so far is kept.")),
        "drop": (lambda: planning.drop(plan=row, by=by, at=at), _("The draft is gone; what is published stays.")),
        "again": (lambda: planning.again(plan=row, by=by, at=at), ""),
        "accept": (
            lambda: planning.accept(plan=row, by=by, at=at, repair=int(repair[:6]) if repair.isdecimal() else None),
            _("Look the draft over, then publish it."),
        ),
    }
    if what in doings:
        doing, said = doings[what]
        acted(request, f"roster.{what}", lambda: {"done": bool(doing()) or True}, said)
    return see_other("reception:plans") if what == "drop" else see_other("reception:plan", row.pk)

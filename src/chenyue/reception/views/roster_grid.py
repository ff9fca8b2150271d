"""The month grid: who receives when; a draft is changed by dragging, or on the page of a sitting."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from chenyue.core import http as core_http
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.people.rules import may
from chenyue.reception.http import acted, member_of, now, sent, today
from chenyue.reception.models import Plan, Sitting
from chenyue.reception.rostering import choosing, planning
from chenyue.reception.rostering import grid as grids
from chenyue.reception.rostering.drafts import Judge
from chenyue.reception.rostering.seeing import acts, roster_only

WORD = planning.WORD


@roster_only
@require_GET
def roster(request: HttpRequest) -> HttpResponse:
    """The roster of a month; those who plan see the draft that is being made for it."""
    at, member = now(), member_of(request)
    first, last = grids.month(month_asked(request, today(at)))
    plan = grids.open_plan(first, last) if may(member, WORD) else None
    drafted = plan if plan and request.GET.get("show") != "standing" else None
    context = {"grid": grids.grid(first, last, at, plan=drafted, viewer=member.pk), "plan": plan}
    context |= around(first) | _loads(drafted, first) | acts(member)
    return render(request, "reception/roster/month.html", context)


def month_asked(request: HttpRequest, otherwise: date) -> date:
    """The month in `?month=2026-12`; what can't be read is this month."""
    try:
        asked = parse_date(f"{request.GET.get('month', '')}-01")
    except ValueError:
        asked = None
    return asked if asked and 2000 <= asked.year < 2100 else otherwise


def around(first: date) -> dict[str, Any]:
    """The months before and after."""
    return {"month": first, "previous": (first - timedelta(days=1)).replace(day=1), "next": first + timedelta(days=32)}


def _loads(plan: Plan | None, first: date) -> dict[str, Any]:
    """The people with their loads of the year, with what a plan drafts in place of what stands in its days."""
    if plan is None:
        return {}
    rows = choosing.loads(plan, first.year)
    return {"loads": rows, "most": max((row.account.weight for row in rows), default=0)}


@staff_only(WORD)
@require_GET
def where(request: HttpRequest, pk: int) -> JsonResponse:
    """While a name is dragged: for each sitting of the plan, which rules the name would break there."""
    plan = get_object_or_404(Plan, pk=pk)
    person, home = number(request.GET.get("person")), number(request.GET.get("from"))
    at = now()
    judge = Judge.of(plan, at)
    remove = [(person, home)] if home else []
    found = {
        sitting: [trouble.words for trouble in judge.change(remove, [(person, int(sitting))])]
        for sitting in judge.built.planned
        if int(sitting) != home and judge.built.sittings[sitting].starts_at > at
    }
    return JsonResponse({"sittings": found, "version": plan.version})


@staff_only(WORD)
@require_POST
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a name at a sitting, take it away, move or pin it. Answers with the grid to a script, else goes back."""
    plan, at = get_object_or_404(Plan, pk=pk), now()
    if not request.headers.get("HX-Request"):
        acted(request, "roster.turn", lambda: _turned(request, plan, at))
        return see_other(back_to(request, plan, number(request.POST.get("to")) or number(request.POST.get("from"))))
    refusal = None
    try:
        core_http.once(request, "roster.turn", lambda: _turned(request, plan, at), sent(request))
    except Refusal as said:
        refusal = said
    plan.refresh_from_db()
    first, last = grids.month(month_asked(request, plan.first))
    grid = grids.grid(first, last, at, plan=plan)
    context = {"grid": grid, "plan": plan, "refusal": refusal} | around(first) | _loads(plan, first)
    return render(request, "reception/roster/grid.html", context)


def _turned(request: HttpRequest, plan: Plan, at: datetime) -> dict[str, Any]:
    """Do what the form says to the draft."""
    by = member_of(request).actor()
    person, add, remove = (number(request.POST.get(name)) for name in ("person", "to", "from"))
    if request.POST.get("pin"):
        pinned = request.POST["pin"] == "1"
        planning.pin(plan=plan, person_id=person, sitting_id=remove, pinned=pinned, by=by, at=at)
    else:
        added, gone = ((person, add) if add else None), ((person, remove) if remove else None)
        version = number(request.POST.get("version")) or None
        planning.change(plan=plan, add=added, remove=gone, version=version, by=by, at=at)
    return {"done": True}


def back_to(request: HttpRequest, plan: Plan, sitting: int) -> str:
    """The page of the sitting that was changed."""
    return reverse("reception:plan-sitting", args=[plan.pk, sitting]) if sitting else reverse("reception:roster")


def number(typed: str | None) -> int:
    """A row's id as a form sent it; 0 for none or nonsense."""
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 12 else 0


@staff_only(WORD)
@require_GET
def plan_sitting(request: HttpRequest, pk: int, sitting: int) -> HttpResponse:
    """One sitting of a draft: who is there, and everybody who could be, with what it would break."""
    plan, row = get_object_or_404(Plan, pk=pk), get_object_or_404(Sitting.objects.select_related("venue"), pk=sitting)
    if not plan.first <= row.day <= plan.last:
        raise NotFound
    found = choosing.sitting(plan, row, now())
    return render(request, "reception/roster/plan_sitting.html", {"plan": plan, "sitting": row, "found": found})

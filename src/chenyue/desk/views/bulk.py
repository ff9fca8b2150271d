"""Acting on many cases at once: the ticked ones, or all that match; a result for each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from chenyue.cases import actions
from chenyue.cases import queries as cases
from chenyue.cases.filters import Context, Filters
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core.http import see_other
from chenyue.desk.forms.lists import BulkForm
from chenyue.desk.http import done, member_of, now
from chenyue.people.http import staff_only
from chenyue.people.models import Member

LIMIT = 500  # cases in one act: each is a case's own transaction of its own rules
KEPT = "desk.outcomes"  # of the last act, for its page


@staff_only("case.see")
def bulk(request: HttpRequest) -> HttpResponse:
    """POST acts and leads to the results, which GET shows."""
    if request.method != "POST":
        return render(request, "desk/outcomes.html", request.session.get(KEPT, {"outcomes": [], "query": ""}))
    member, form = member_of(request), BulkForm(request.POST)
    if form.is_valid():
        rows = chosen(request, member, form)
        found = done(request, "desk.bulk", form, lambda: acted(rows, form, member))
        if found is not None:
            request.session[KEPT] = found | {"query": form.cleaned_data["query"]}
            return see_other(reverse("desk:bulk"))
    for sentence in [str(e) for errors in form.errors.values() for e in errors]:
        messages.error(request, sentence)
    return see_other(reverse("desk:cases") + "?" + request.POST.get("query", ""))


def chosen(request: HttpRequest, member: Member, form: BulkForm) -> list[Case]:
    """The cases meant, at most `LIMIT`, among those the member may see."""
    rows = cases.visible(member)
    if form.cleaned_data["everything"]:
        filters = Filters.read(QueryDict(form.cleaned_data["query"]))
        return list(filters.apply(rows, Context(member, now())).order_by("-id")[:LIMIT])
    return list(rows.filter(number__in=request.POST.getlist("numbers")[:LIMIT]).order_by("-id"))


def acted(rows: list[Case], form: BulkForm, member: Member) -> dict[str, Any]:
    """Do it case by case; one refusal stops no other."""
    move = Move(form.cleaned_data["act"])
    details = {"words": form.cleaned_data["words"]} if move in (Move.REMIND, Move.SUPERVISE) else {}
    outcomes = actions.bulk_move(cases=rows, move=move, by=member.actor(), at=now(), **details)
    lines = [{"number": o.number, "ok": o.ok, "sentence": str(o.sentence)} for o in outcomes]
    good = sum(o.ok for o in outcomes)
    return {"outcomes": lines, "good": good, "bad": len(lines) - good, "act": str(form.LABELS[move.value])}

"""Acting on many cases at once: the ticked ones, or all that match; a result for each, and the way back if any."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.cases import actions
from chenyue.cases import queries as cases
from chenyue.cases.filters import Context, Filters
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core.http import see_other
from chenyue.desk import officers
from chenyue.desk.forms.lists import BulkForm, OfficerForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member

LIMIT = 500  # cases in one act: each is a case's own transaction of its own rules
MANY = 20  # cases from which on it is asked first
KEPT = "desk.outcomes"  # of the last act, for its page


@staff_only("case.see")
def bulk(request: HttpRequest) -> HttpResponse:
    """POST acts and leads to the results, which GET shows; naming an officer asks first who."""
    if request.method != "POST":
        return render(request, "desk/outcomes.html", request.session.get(KEPT, {"outcomes": [], "query": ""}))
    member, form = member_of(request), BulkForm(request.POST)
    if form.is_valid():
        rows = chosen(request, member, form)
        if form.cleaned_data["act"] == "officer":
            return name_officer(request, member, form, rows)
        if asks(form, rows):
            return sure(request, form, rows)
        found = done(request, "desk.bulk", form, lambda: acted(rows, form, member))
        if found is not None:
            return to_results(request, form, found)
    for sentence in [str(e) for errors in form.errors.values() for e in errors]:
        messages.error(request, sentence)
    return see_other(reverse("desk:cases") + "?" + request.POST.get("query", ""))


def asks(form: BulkForm, rows: list[Case]) -> bool:
    """Whether it is said first what can't be undone: for all that match, or for many."""
    return bool(rows) and not form.cleaned_data["sure"] and (form.cleaned_data["everything"] or len(rows) > MANY)


def sure(request: HttpRequest, form: BulkForm, rows: list[Case]) -> HttpResponse:
    """Which cases, what is done to them, and what of it nothing takes back; these very cases are acted on then."""
    act = form.cleaned_data["act"]
    context = {"posted": form.cleaned_data, "act": form.LABELS[act], "warning": form.FOR_GOOD[act]}
    context |= {"numbers": [case.number for case in rows], "limit": LIMIT}
    return render(request, "desk/bulk_sure.html", context)


def to_results(request: HttpRequest, form: BulkForm, found: dict[str, Any]) -> HttpResponse:
    """Keep the results for their page."""
    request.session[KEPT] = found | {"query": form.cleaned_data["query"]}
    return see_other(reverse("desk:bulk"))


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
    return results(outcomes, str(form.LABELS[move.value]))


def results(outcomes: list[actions.Outcome], act: str) -> dict[str, Any]:
    """The outcomes as the session keeps them."""
    lines = [{"number": o.number, "ok": o.ok, "sentence": str(o.sentence)} for o in outcomes]
    good = sum(o.ok for o in outcomes)
    return {"outcomes": lines, "good": good, "bad": len(lines) - good, "act": act}


def name_officer(request: HttpRequest, member: Member, form: BulkForm, rows: list[Case]) -> HttpResponse:
    """Ask who of one's own units sees to these cases; then name them, one case at a time."""
    people = officers.of(member, {case.lead_id for case in rows if case.lead_id})
    asked = OfficerForm(request.POST if "officer_id" in request.POST else None, people=people)
    if asked.is_valid():
        found = done(request, "desk.bulk-officer", asked, lambda: named(rows, asked.cleaned_data["officer_id"], member))
        if found is not None:
            return to_results(request, form, found)
    context = {"numbers": [case.number for case in rows], "posted": form.cleaned_data, "people": people}
    return page(request, "desk/bulk_officer.html", context, form=asked)


def named(rows: list[Case], officer_id: int | None, member: Member) -> dict[str, Any]:
    """The same officer for all; who it was before is kept for the way back."""
    before = {case.number: case.officer_id for case in rows}
    outcomes = actions.bulk_officer(cases=rows, officer_id=officer_id, by=member.actor(), at=now())
    changed = {o.number: before[o.number] for o in outcomes if o.ok and before[o.number] != officer_id}
    return results(outcomes, str(BulkForm.LABELS["officer"])) | {"before": changed}


@staff_only("case.see")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the naming of an officer back: each case has again who it had."""
    member, kept = member_of(request), request.session.get(KEPT, {})
    before: dict[str, int | None] = kept.pop("before", {})
    rows, back = {case.number: case for case in cases.visible(member).filter(number__in=before)}, 0
    for number, case in rows.items():
        outcomes = actions.bulk_officer(cases=[case], officer_id=before[number], by=member.actor(), at=now())
        back += sum(o.ok for o in outcomes)
    request.session[KEPT] = kept
    messages.success(request, _("%(count)s cases have again who they had.") % {"count": back})
    return see_other(reverse("desk:cases") + "?" + kept.get("query", ""))

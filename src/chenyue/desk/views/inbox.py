"""Inbox: appeals nobody has triaged, the suggestion beside each, confirmed with one key."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chenyue.cases import actions, similar
from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.routing import Route, route
from chenyue.core import http
from chenyue.core.http import see_other
from chenyue.desk.forms.moves import JoinForm
from chenyue.desk.forms.triage import CorrectForm
from chenyue.desk.http import back, done, member_of, now, page, sent
from chenyue.desk.views import matters
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may

CERTAIN = 0.85  # a suggestion at least this sure may be confirmed together with others
RANK = {"emergency": 0, "urgent": 1}  # all else below, as it comes


@dataclass(frozen=True)
class Line:
    """A row of the inbox: the case, what was suggested and why, where it would go."""

    case: Case
    suggestion: dict[str, Any]
    way: Route
    lead: str
    assists: list[str]
    confidence: float
    cues: list[str]
    certain: bool
    untouched: timedelta
    offer: list[dict[str, str]] = field(default_factory=list)  # several matters in the message


def line_of(case: Case, at: datetime, offer: list[dict[str, str]] | None = None) -> Line:
    """The row of one case; the route comes from the snapshots."""
    first = getattr(case, "first_appeal", None)
    suggestion = first.suggestion if first else {}
    guesses = suggestion.get("categories") or [{}]
    confidence = float(guesses[0].get("confidence", 0))
    way = route(case.category_id, case.place_id, case.urgency)
    units = catalogue().unit_by_id
    sure = confidence >= CERTAIN and bool(way.lead_id) and not way.needs_place and case.urgency != "emergency"
    certain = sure and not offer  # who confirms several matters as one loses the others
    lead = units[way.lead_id].name if way.lead_id else ""
    assists = [units[pk].name for pk in way.assist_ids]
    untouched = at - case.touched_at
    cues = guesses[0].get("cues", [])[:6]
    return Line(case, suggestion, way, lead, assists, confidence, cues, certain, untouched, offer or [])


@staff_only("case.triage")
def inbox(request: HttpRequest) -> HttpResponse:
    """Emergencies, then the urgent, then the oldest first; what was told long ago is a pile of its own."""
    member, old, at = member_of(request), "old" in request.GET, now()
    found = cases.inbox(member, cursor=request.GET.get("cursor", ""), old=old)
    firsts = {case.pk: first for case in found.rows if (first := getattr(case, "first_appeal", None))}
    offers = matters.offers(member, firsts.values())
    lines = [line_of(case, at, offers.get(firsts[case.pk].pk) if case.pk in firsts else None) for case in found.rows]
    lines.sort(key=lambda line: (RANK.get(line.case.urgency, len(RANK)), line.certain))  # who needs a person first
    piles = old or cases.untriaged(member, old=True).exists()
    context = {"page": found, "lines": lines, "at": at, "dispatches": may(member, "case.dispatch")}
    context |= {"piles": piles, "old": old}
    return render(request, "desk/inbox.html", context | {"certain": sum(line.certain for line in lines)})


@staff_only("case.triage")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm what was suggested for the ticked cases; who may dispatch sends them on in the same act."""
    numbers, member = request.POST.getlist("numbers"), member_of(request)
    rows = list(cases.visible(member, "case.triage").filter(number__in=numbers[:100]))
    result = http.once(request, "desk.confirm", lambda: {"said": confirmed(rows, member)}, sent(request))
    good, bad = result[0]["said"]
    if good:
        messages.success(request, ngettext("%(n)d case confirmed.", "%(n)d cases confirmed.", good) % {"n": good})
    for sentence in bad:
        messages.error(request, sentence)
    if not rows:
        messages.error(request, _("Nothing was ticked."))
    return see_other(back(request, reverse("desk:inbox")))


def confirmed(rows: list[Case], member: Member) -> tuple[int, list[str]]:
    """Confirm, and dispatch by the catalogue where the member may; how many, and what was refused."""
    by, at = member.actor(), now()
    if may(member, "case.dispatch"):
        outcomes = actions.bulk_move(cases=rows, move=Move.DISPATCH, by=by, at=at)
    else:
        outcomes = actions.confirm_triage(cases=rows, by=by, at=at)
    return sum(o.ok for o in outcomes), [f"{o.number}: {o.sentence}" for o in outcomes if not o.ok]


@staff_only("case.triage")
def near(request: HttpRequest, number: str) -> HttpResponse:
    """The part of a line that says which open cases this one may belong to."""
    member = member_of(request)
    case = cases.case_for(member, number, "case.triage")
    return render(request, "desk/parts/similar_words.html", {"case": case, "similar": similar_to(case, member)})


def similar_to(case: Case, member: Member) -> list[similar.Similar]:
    """Open cases that may be the same trouble."""
    first = case.appeals.order_by("pk").first()
    code = case.category.code if case.category else None
    words = first.words if first else case.title
    return similar.similar(words, place_id=case.place_id, category_code=code, at=now(), member=member, exclude=case.pk)


@staff_only("case.triage")
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct a suggestion and send it on: category, place, urgency, units on one small page."""
    member = member_of(request)
    case = cases.case_for(member, number, "case.triage")
    form = CorrectForm(request.POST or None, case=case, dispatches=may(member, "case.dispatch"))
    if form.is_valid() and done(request, "desk.correct", form, lambda: form.apply(member.actor(), now())) is not None:
        messages.success(request, _("%(number)s corrected.") % {"number": number})
        return see_other("desk:inbox")
    first = case.appeals.order_by("pk").first()
    context = {"case": case, "appeal": first, "similar": similar_to(case, member)}
    return page(request, "desk/inbox_correct.html", context, form=form)


@staff_only("case.join")
@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    """The same trouble is already being handled: this case joins it."""
    case = cases.case_for(member_of(request), number, "case.join")
    form = JoinForm(request.POST, case=case)
    if form.is_valid():
        by, at, into = member_of(request).actor(), now(), form.cleaned_data["into"]
        act = lambda: joined(case, into, form.cleaned_data["version"], by, at)  # noqa: E731
        if done(request, "desk.join", form, act) is not None:
            messages.success(request, _("%(number)s joined to %(into)s.") % {"number": number, "into": into})
            return see_other("desk:inbox")
    for sentence in [e for errors in form.errors.values() for e in errors]:
        messages.error(request, str(sentence))
    return see_other("desk:inbox")


def joined(case: Case, into: str, version: int, by: Any, at: Any) -> dict[str, Any]:
    """Join it and name where it went."""
    actions.move(case=case, move=Move.JOIN, by=by, at=at, version=version, into=into)
    return {"into": into}

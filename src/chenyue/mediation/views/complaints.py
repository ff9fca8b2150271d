"""Complaints against mediators: taken down, listed for who runs mediation, answered in writing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core.http import see_other
from chenyue.core.paging import Order, keyset
from chenyue.mediation import complaints, glance, seeing
from chenyue.mediation.forms_own import ComplaintAnswerForm, TakenComplaintForm
from chenyue.mediation.http import done, find, member_of, now, page, personal, posted
from chenyue.mediation.models import Complaint, Mediator, Party
from chenyue.mediation.parties import current_parties
from chenyue.mediation.views.shared import Look, run
from chenyue.people.http import staff_only
from chenyue.timeline import queries as timeline
from chenyue.timeline.models import VisibleTo

SIZE = 50
NEWEST = Order("pk", "pk", descending=True)


@staff_only()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Take a party's complaint down; who runs mediation reads it."""
    row, member, at = find(request, number), member_of(request), now()
    names = {one.row.pk: one.name for one in glance.persons(row, member, at)}
    parties = [(one.pk, f"{one.order} {names[one.pk]}") for one in current_parties(row)]
    mediators = [one for one in complaints.mediators_of(row) if one.member_id != member.pk]
    form = TakenComplaintForm(posted(request), parties=parties, mediators=mediators)
    look = Look(
        _("Complaint against a mediator"), _("Take it down"), "hand-stop", "people", "mediation:people",
        explain=_("Who runs mediation reads it and answers in writing; the mediator doesn't read it here (art. 15)."),
    )  # fmt: skip

    def act() -> None:
        given = dict(form.cleaned_data)
        party = Party.objects.get(pk=given.pop("party"), mediation=row)
        mediator = Mediator.objects.get(pk=given.pop("mediator"))
        complaints.complain(party=party, mediator=mediator, by=member.actor(), at=at, **given)

    return run(request, row, form, "complain", act, look)


@staff_only(seeing.MANAGE)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Complaints of mediations that one runs, the newest first; those that wait for an answer, or all."""
    rows = complaints.visible(member_of(request)).select_related("mediation", "mediator", "party")
    every = request.GET.get("all") == "1"
    found = keyset(rows if every else rows.filter(answered_at=None), NEWEST, request.GET.get("cursor", ""), SIZE)
    return personal(page(request, "mediation/complaints.html", {"page": found, "rows": found.rows, "every": every}))


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A complaint; unanswered, the form of its answer."""
    row, by, at = complaints.complaint_for(member_of(request), pk), member_of(request).actor(), now()
    form = ComplaintAnswerForm(posted(request))

    def act() -> dict[str, Any]:
        return {"pk": complaints.answer(complaint=row, by=by, at=at, **form.cleaned_data).pk}

    if form.is_valid() and done(request, f"mediation.complaint:{row.pk}", form, act) is not None:
        return see_other("mediation:complaint", pk)
    return personal(page(request, "mediation/complaint.html", _context(row), form=form))


def _context(row: Complaint) -> dict[str, Any]:
    seen = timeline.visible_for(VisibleTo.OFFICE)
    return {"row": row, "entries": timeline.entries([complaints.subject_of(row)], seen, limit=20)}


@staff_only(seeing.MANAGE)
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer as it is printed and handed over to who has no telephone."""
    row = complaints.complaint_for(member_of(request), pk)
    return personal(page(request, "mediation/complaint_paper.html", {"row": row}))

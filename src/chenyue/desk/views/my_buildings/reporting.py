"""The quick report: words, photos or a voice note about the own building become an appeal."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from chenyue.cases import actions
from chenyue.cases import queries as cases
from chenyue.cases.models import Channel
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.desk import kept_drafts, my_buildings
from chenyue.desk.forms.my_buildings import ReportForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places.queries import gazetteer
from chenyue.stewards import reach, visiting
from chenyue.timeline import actions as timeline
from chenyue.timeline.models import VisibleTo

GIVEN = ("building", "room", "words", "visit")
FIELDS = {"attachments": "photos", "place_id": "building"}  # of an appeal → of this form


@staff_only(reach.WORD)
def report(request: HttpRequest) -> HttpResponse:
    """The form; sent twice, also out of a draft, it files once."""
    member, at = member_of(request), now()
    mine = my_buildings.mine(member, my_buildings.chosen(request))
    given = {name: request.GET[name][:400] for name in GIVEN if name in request.GET}
    if mine.one:
        given.setdefault("building", str(mine.one.id))
    form = ReportForm(request.POST or None, request.FILES or None, initial=given, buildings=mine.choices)
    if form.is_valid():
        written = kept_drafts.waited(request, at)
        filed = done(request, "desk.report", form, lambda: take(form, member, written, at))
        if filed is not None:
            return kept_drafts.gone(request, reverse("desk:my-buildings-reported", args=[filed["case"]]))
    return page(request, "desk/my_buildings/report.html", {"mine": mine}, form=form)


def take(form: ReportForm, member: Member, written: datetime | None, at: datetime) -> dict[str, Any]:
    """File the appeal; the timeline says when it was written, if that was a while ago."""
    found, by = form.cleaned_data, member.actor()
    place = reach.require(member, found["building"])
    if not may(member, "case.file", place_ids={place.id, place.estate_id or 0, place.community_id or 0}):
        raise NotAllowed
    reporter = actions.ReporterData(name=found["name"], phone=found["phone"])
    try:
        filed = actions.file_appeal(
            words=form.said, channel=Channel.STEWARD, place_id=place.id, room=found["room"], reporter=reporter,
            consent_contact=found["consent_contact"], attachments=form.all_files, taken_by=member, by=by, at=at,
        )  # fmt: skip
    except Refusal as refusal:
        refusal.field = FIELDS.get(refusal.field or "", refusal.field)
        raise
    if written is not None:
        data = {"written": written.isoformat()}
        timeline.record(
            subject=filed.case.subject, verb="report.kept", by=by, at=at, data=data, visible_to=VisibleTo.UNIT
        )
    if found["visit"]:
        visit = visiting.visit_for(member, found["visit"])
        visiting.made_a_case(visit=visit, number=filed.case.number, by=by, at=at)
    return {"case": filed.case.number}


@staff_only(reach.WORD)
def reported(request: HttpRequest, number: str) -> HttpResponse:
    """It is with the office: the number, and on to the next."""
    case = cases.case_for(member_of(request), number)
    place = gazetteer().get(case.building_id)
    return render(request, "desk/my_buildings/reported.html", {"case": case, "place": place})

"""Taking a dispute in, and screening it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.cases.queries import case_for
from chenyue.core.errors import NotAllowed
from chenyue.core.http import see_other
from chenyue.mediation import law, opening, screening, seeing
from chenyue.mediation.forms_core import (
    ApplicationForm,
    GroundForm,
    ScreeningForm,
    ToldForm,
    WordsForm,
    initial_told,
)
from chenyue.mediation.http import acted, done, find, member_of, now, page, posted
from chenyue.mediation.models import Mediation
from chenyue.mediation.views.shared import Look, handled, run
from chenyue.people.http import staff_only


@staff_only()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take an application down: files the appeal, opens the case and the mediation in one go."""
    form = ApplicationForm(posted(request), initial={"oral": True})
    if not opening.may_open(member_of(request)):
        raise NotAllowed
    if form.is_valid():
        by, at, place = member_of(request).actor(), now(), form.cleaned_data["place"]

        def act() -> dict[str, Any]:
            row = opening.take_down(told=form.told(), parties=form.parties(), place_id=place, by=by, at=at)
            return {"number": row.number}

        if found := done(request, "mediation.new", form, act):
            return see_other("mediation:screening", found["number"])
    return page(request, "mediation/new.html", {}, form=form)


@staff_only("case.see")
@require_http_methods(["GET", "POST"])
def from_case(request: HttpRequest, number: str) -> HttpResponse:
    """Begin the mediation of a case that is on record."""
    member = member_of(request)
    case = case_for(member, number)
    if not opening.may_open(member):
        raise NotAllowed
    form = ApplicationForm(posted(request), initial=from_appeal(case, case.appeals.order_by("pk").first()))
    if form.is_valid():
        by, at = member.actor(), now()

        def act() -> dict[str, Any]:
            parties = opening.with_reporter(case, form.parties())
            row = opening.open_mediation(case=case, told=form.told(), parties=parties, by=by, at=at)
            return {"number": row.number}

        if found := done(request, "mediation.open", form, act):
            return see_other("mediation:screening", found["number"])
    return page(request, "mediation/new.html", {"case": case}, form=form)


def from_appeal(case: Any, appeal: Any) -> dict[str, Any]:
    """What the first appeal of a case says, for the form. Who told it isn't shown: that takes a look with a reason."""
    found = {"title": case.title[:80], "oral": appeal is not None and appeal.channel != "paper"}
    return found | ({"facts": appeal.words} if appeal is not None else {})


@staff_only()
@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, number: str) -> HttpResponse:
    """What is written down of the dispute itself."""
    row = handled(request, number)
    form = ToldForm(posted(request), initial=initial_told(row))
    by, at = member_of(request).actor(), now()

    def act() -> None:
        given = form.cleaned_data["version"]
        opening.save_told(mediation=row, told=form.told(), version=given, by=by, at=at)

    return run(request, row, form, "told", act, Look(gettext_lazy("The dispute")))


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def screen(request: HttpRequest, number: str) -> HttpResponse:
    """The questions that the law asks before a dispute is accepted."""
    row = find(request, number, "manage")
    form = ScreeningForm(posted(request), row=row)
    if form.is_valid():
        by, at = member_of(request).actor(), now()
        (said, words), given = form.answers(), form.cleaned_data["version"]

        def act() -> dict[str, Any]:
            screening.answer(mediation=row, answers=said, words=words, version=given, by=by, at=at)
            return {"number": row.number}

        if done(request, "mediation.screen", form, act):
            return see_other("mediation:one", number)
    context = {"mediation": row, "here": "overview", "lines": form.lines(), "same": opening.same_matter(row)}
    return page(request, "mediation/screening.html", context, form=form)


@staff_only(seeing.MANAGE)
@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Register it; the parties are asked from now on."""
    row, by, at = find(request, number, "manage"), member_of(request).actor(), now()
    said = _("Accepted and registered. Ask every party now.")
    acted(request, "mediation.accept", lambda: screening.accept(mediation=row, by=by, at=at), said)
    return see_other("mediation:one", number)


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def not_accept(request: HttpRequest, number: str) -> HttpResponse:
    """It isn't accepted, with its ground in law and the other roads."""
    row, by, at = find(request, number, "manage"), member_of(request).actor(), now()
    found = [one.code for one in screening.obstacles(row)]
    label = gettext_lazy("Anything more that the parties should read")
    form = GroundForm(posted(request), label=label, initial={"ground": found[0] if found else ""})
    look = Look(gettext_lazy("Not accepted"), gettext_lazy("Don't accept it"), "x", late=True)
    return run(request, row, form, "not_accept", lambda: _refuse(row, form, by, at), look, roads=law.roads())


def _refuse(row: Mediation, form: GroundForm, by: Any, at: Any) -> None:
    given = form.cleaned_data
    screening.not_accept(mediation=row, ground=given["ground"], words=given["words"], by=by, at=at)


@staff_only(seeing.MANAGE)
@require_http_methods(["GET", "POST"])
def screen_again(request: HttpRequest, number: str) -> HttpResponse:
    """The obstacle is gone."""
    row, by, at = find(request, number, "manage"), member_of(request).actor(), now()
    form = WordsForm(posted(request), label=gettext_lazy("What has changed"), needed=True)
    look = Look(gettext_lazy("Screen it again"), gettext_lazy("Screen again"), "refresh")

    def act() -> None:
        screening.screen_again(mediation=row, words=form.cleaned_data["words"], by=by, at=at)

    return run(request, row, form, "screen_again", act, look)


@staff_only(seeing.MANAGE)
@require_POST
def merge(request: HttpRequest, number: str, into: str) -> HttpResponse:
    """Join this one to another of the same matter."""
    row, other = find(request, number, "manage"), find(request, into, "manage")
    by, at = member_of(request).actor(), now()
    said = _("Joined: go on here.")
    if acted(request, "mediation.merge", lambda: screening.merge(mediation=row, into=other, by=by, at=at), said):
        return see_other("mediation:one", other.number)
    return see_other("mediation:one", number)

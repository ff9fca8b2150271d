"""Objections: the board, one of them, its answers, and what the home says to them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.works import actions
from chenyue.works import queries as works
from chenyue.works.forms_said import AnswerForm, GiveForm, ObjectForm, RespondForm, WordsForm
from chenyue.works.http import acted, done, find, member_of, now, page, posted
from chenyue.works.lifecycle import Reason
from chenyue.works.models import Objection, Project
from chenyue.works.site import homes, permits

FILTERS = ("waiting", "answered", "accepted", "kept", "")


@staff_only()
@require_GET
def board(request: HttpRequest, number: str) -> HttpResponse:
    """Objections that this person may see; those that wait for an answer first."""
    project, member = find(request, number), member_of(request)
    state = request.GET.get("state", "waiting")
    state = state if state in FILTERS else ""
    by = member.actor()
    records = permits.records(by, permits.places_of(project))
    changed = works.changed_minds(project) if records else []
    theirs = [row for row in changed if permits.records(by, permits.around(row.home.building_id))]
    context = {
        "project": project, "rows": works.objections(project, member, state=state), "state": state,
        "records": records, "changed": theirs[:10],
    }  # fmt: skip
    return page(request, "works/objections.html", context)


@staff_only(permits.RECORD)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    """An objection of nobody's home in particular: from a meeting, a letter."""
    project = find(request, number, "record")
    form = ObjectForm(posted(request), plan=works.current_plan(project), initial={"speaker": "owner"})
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), dict(form.cleaned_data)
        unit = homes.unit(typed.pop("unit"))

        def act() -> dict[str, Any]:
            return {"number": actions.raise_objection(project=project, unit=unit, by=by, at=at, **typed).number}

        if found := done(request, "works.object", form, act):
            return see_other("works:objection", number, found["number"])
    return page(request, "works/objection_new.html", {"project": project}, form=form)


def _found(request: HttpRequest, number: str, objection: str) -> tuple[Project, Objection]:
    project = find(request, number)
    row = works.objection_for(project, member_of(request), objection)
    if row is None:
        raise NotFound
    return project, row


def _shown(request: HttpRequest, project: Project, row: Objection, wrong: Any = None) -> HttpResponse:
    by = member_of(request).actor()
    home = row.home
    records = permits.records(by, permits.around(home.building_id) if home else permits.places_of(project))
    answers = permits.answers(by, {row.unit_id}) or permits.manages(by)
    over = row.state in ("accepted", "withdrawn", "passed_on")
    forms: dict[str, Any] = {
        "answer": AnswerForm(plan=row.plan) if answers and not over else None,
        "respond": RespondForm() if records and row.state == "answered" else None,
        "give": GiveForm(initial={"unit": row.unit_id, "answerer": row.answerer_id}) if not over else None,
        "pass_on": WordsForm() if not over and (records or answers) else None,
    }
    kinds: dict[type, str] = {AnswerForm: "answer", RespondForm: "respond", GiveForm: "give", WordsForm: "pass_on"}
    if wrong is not None:
        forms[kinds[type(wrong)]] = wrong
    reasons = [Reason(one).label for one in row.reasons]
    titles = {part.key: part.title for part in row.plan.parts.all()} if row.plan else {}
    context = {
        "project": project, "objection": row, "records": records, "over": over, "reasons": reasons,
        "parts": [titles.get(key, key) for key in row.parts], "titles": titles,
    }  # fmt: skip
    return page(request, "works/objection.html", context | forms, form=wrong)


@staff_only()
@require_GET
def objection(request: HttpRequest, number: str, objection: str) -> HttpResponse:
    """One objection with every answer and what the home said to it."""
    return _shown(request, *_found(request, number, objection))


@staff_only()
@require_POST
def answer(request: HttpRequest, number: str, objection: str) -> HttpResponse:
    """Answer by name."""
    project, row = _found(request, number, objection)
    form = AnswerForm(request.POST, plan=row.plan)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            return {"pk": actions.answer_objection(objection=row, by=by, at=at, **typed).pk}

        if done(request, "works.answer", form, act):
            messages.success(request, _("The answer is kept; whoever took the objection down has been told."))
            return see_other("works:objection", number, row.number)
    return _shown(request, project, row, form)


@staff_only(permits.RECORD)
@require_POST
def respond(request: HttpRequest, number: str, objection: str) -> HttpResponse:
    """What the home says to the answer, and how it stands afterwards."""
    project, row = _found(request, number, objection)
    form = RespondForm(request.POST)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), dict(form.cleaned_data)
        accepted = typed.pop("accepted") == "1"

        def act() -> dict[str, Any]:
            return {"pk": actions.respond(objection=row, accepted=accepted, by=by, at=at, **typed).pk}

        if done(request, "works.respond", form, act):
            return see_other("works:objection", number, row.number)
    return _shown(request, project, row, form)


@staff_only()
@require_POST
def give(request: HttpRequest, number: str, objection: str) -> HttpResponse:
    """Say who answers, by name."""
    project, row = _found(request, number, objection)
    form = GiveForm(request.POST)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data
        person = Member.objects.filter(pk=typed["answerer"]).select_related("unit").first()
        unit = homes.unit(typed["unit"])

        def act() -> dict[str, Any]:
            return {"pk": actions.give_objection(objection=row, unit=unit, answerer=person, by=by, at=at).pk}

        if done(request, "works.give", form, act):
            return see_other("works:objection", number, row.number)
    return _shown(request, project, row, form)


@staff_only()
@require_POST
def pass_on(request: HttpRequest, number: str, objection: str) -> HttpResponse:
    """Make a case of it: harm, danger, a dispute of rights."""
    project, row = _found(request, number, objection)
    form = WordsForm(request.POST)
    if form.is_valid():
        by, at, words = member_of(request).actor(), now(), form.cleaned_data["words"]

        def act() -> dict[str, Any]:
            return {"case": actions.pass_on(objection=row, words=words, by=by, at=at).number}

        if found := done(request, "works.pass-on", form, act):
            messages.success(request, _("Passed on as case %(number)s.") % {"number": found["case"]})
            return see_other("works:objection", number, row.number)
    return _shown(request, project, row, form)


@staff_only(permits.RECORD)
@require_POST
def withdraw(request: HttpRequest, number: str, objection: str) -> HttpResponse:
    """The home takes it back."""
    _project, row = _found(request, number, objection)
    by, at = member_of(request).actor(), now()
    acted(request, "works.objection-withdraw", lambda: actions.withdraw_objection(objection=row, by=by, at=at))
    return see_other("works:objection", number, row.number)

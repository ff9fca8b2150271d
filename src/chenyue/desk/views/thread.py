"""Small acts on a case page: notes, files, added words, looks at contact data, parts of assisting units."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases import actions, rules
from chenyue.cases import queries as cases
from chenyue.cases.models import Assignment
from chenyue.core.errors import NotAllowed
from chenyue.core.http import see_other
from chenyue.desk import officers
from chenyue.desk.forms.lists import OfficerForm
from chenyue.desk.forms.thread import AttachForm, NoteForm, PartForm, RevealForm, WordsAddedForm
from chenyue.desk.http import back, done, member_of, now, page
from chenyue.desk.views.moves import assignment_of
from chenyue.people.actions import reveal_contact
from chenyue.people.http import staff_only


def small(
    request: HttpRequest,
    number: str,
    form: Any,
    act: Any,
    label: str,
    said: str,
    multipart: bool = False,
    part: str = "",
) -> HttpResponse:
    """A small form of its own page: shown to who may do `part`, or done and back to the case."""
    if form.is_valid() and done(request, f"desk.{request.resolver_match.url_name}", form, act) is not None:  # type: ignore[union-attr]
        messages.success(request, said)
        return see_other(back(request, reverse("desk:case", args=[number])))
    case = cases.case_for(member_of(request), number)
    if part:
        cases.require_part(member_of(request), case, part)
    context = {"case": case, "label": label, "action": request.get_full_path(), "multipart": multipart}
    return page(request, "desk/case/move.html", context, form=form)


@staff_only("case.see")
def note(request: HttpRequest, number: str) -> HttpResponse:
    """An internal note: never on a resident's page."""
    member = member_of(request)
    case = cases.case_for(member, number)
    form = NoteForm(request.POST or None)

    def act() -> None:
        actions.add_note(case=case, words=form.cleaned_data["words"], by=member.actor(), at=now())

    return small(request, number, form, act, _("Internal note"), _("Noted. Only colleagues read it."), part="add_note")


@staff_only("case.see")
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Photographs before and after, or internal files."""
    member = member_of(request)
    case = cases.case_for(member, number)
    form = AttachForm(request.POST or None, request.FILES or None)

    def act() -> None:
        files, stage = form.cleaned_data["attached"], form.cleaned_data["stage"]
        actions.attach(case=case, files=files, stage=stage, by=member.actor(), at=now())

    return small(request, number, form, act, _("Add photos or files"), _("Added."), multipart=True, part="attach")


@staff_only("case.see")
def add_words(request: HttpRequest, number: str, appeal: str) -> HttpResponse:
    """Words a resident added by telephone or at the counter; the appeal's own stay."""
    member = member_of(request)
    case = cases.case_for(member, number)
    voice = get_object_or_404(case.appeals, number=appeal)
    form = WordsAddedForm(request.POST or None)

    def act() -> None:
        actions.add_words(appeal=voice, words=form.cleaned_data["words"], by=member.actor(), at=now())

    return small(request, number, form, act, _("Add words to this appeal"), _("Added."), part="add_note")


@staff_only("contact.see")
def reveal(request: HttpRequest, number: str, appeal: str) -> HttpResponse:
    """Contact data in full, for a reason that is recorded."""
    member = member_of(request)
    case = cases.case_for(member, number)
    voice = get_object_or_404(case.appeals.select_related("reporter"), number=appeal, reporter__isnull=False)
    form, units = RevealForm(request.POST or None), rules.units_of(case.assignments.filter(active=True))
    if not rules.holds(member, "contact.see", case, units):
        raise NotAllowed

    def act() -> None:
        assert voice.reporter is not None  # asked for above
        reason = form.cleaned_data["reason"]
        reveal_contact(
            resident=voice.reporter, subject=case.subject, reason=reason, by=member.actor(), at=now(),
            unit_ids=units, place_ids=rules.places_of(case), sensitivity=case.sensitivity,
        )  # fmt: skip

    return small(request, number, form, act, _("Show contact data"), _("Shown for a while; your look is recorded."))


@staff_only("case.see")
def part(request: HttpRequest, number: str, pk: int, act: str) -> HttpResponse:
    """A unit's part in a joint case: accepted, reported as done, or excused by the lead."""
    member = member_of(request)
    case = cases.case_for(member, number)
    mine, by = assignment_of(case, pk), member.actor()
    form = PartForm(request.POST or None)
    acts: dict[str, Callable[[str], Any]] = {
        "accept": lambda words: actions.accept_part(case=case, by=by, at=now(), unit_id=mine.unit_id),
        "report": lambda words: actions.report_part(case=case, done=words, by=by, at=now(), unit_id=mine.unit_id),
        "excuse": lambda words: actions.excuse_part(assignment=mine, reason=words, by=by, at=now()),
    }
    labels = {"accept": _("Accept the part"), "report": _("Report the part as done"), "excuse": _("Excuse the unit")}
    if act not in acts:
        raise Http404
    return small(request, number, form, lambda: part_done(acts[act], form), labels[act], _("Done."))


@staff_only("case.see")
def officer(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Who of one's own unit sees to its part of the case."""
    member = member_of(request)
    case = cases.case_for(member, number)
    mine = assignment_of(case, pk)
    form = OfficerForm(request.POST or None, people=officers.of(member, {mine.unit_id}), initial=named(mine))

    def act() -> None:
        chosen = form.cleaned_data["officer_id"]
        actions.set_officer(case=case, officer_id=chosen, by=member.actor(), at=now(), unit_id=mine.unit_id)

    return small(request, number, form, act, _("Name the officer"), _("Done."))


def named(part: Assignment) -> dict[str, int | None]:
    """Who sees to it now, as the form shows it."""
    return {"officer_id": part.officer_id}


def part_done(act: Callable[[str], Any], form: PartForm) -> None:
    """Do it with the form's words."""
    act(form.cleaned_data["words"])

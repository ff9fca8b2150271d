"""Defects and complaints: taken down, mended by the contractor's unit, checked by somebody else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.works.forms_site import CheckForm, DefectForm, MendedForm
from chenyue.works.http import done, find, member_of, now, page, posted, uploaded
from chenyue.works.lifecycle import DefectState
from chenyue.works.models import Defect, Project
from chenyue.works.site import defects, permits, queries

FILTERS = ("", "open", "complaint")


@staff_only()
@require_GET
def board(request: HttpRequest, number: str) -> HttpResponse:
    """The defects that this person may see, by what is asked."""
    project, member = find(request, number), member_of(request)
    only = request.GET.get("only", "open")
    only = only if only in FILTERS else ""
    rows = queries.defects(project, member, only)
    records = permits.records(member.actor(), permits.places_of(project))
    return page(request, "works/defects.html", {"project": project, "rows": rows, "only": only, "records": records})


@staff_only(permits.RECORD)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Take a defect or a complaint down."""
    project = find(request, number, "record")
    form = DefectForm(
        posted(request), uploaded(request), project=project, initial={"building": request.GET.get("building")}
    )
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), dict(form.cleaned_data)
        uploads = typed.pop("attachments")

        def act() -> dict[str, Any]:
            return {"number": defects.report(project=project, uploads=uploads, by=by, at=at, **typed).number}

        if found := done(request, "works.defect", form, act):
            return see_other("works:defect", number, found["number"])
    return page(request, "works/defect_new.html", {"project": project}, form=form)


def _found(request: HttpRequest, number: str, defect: str) -> tuple[Project, Defect]:
    project = find(request, number)
    row = queries.defect_for(project, member_of(request), defect)
    if row is None:
        raise NotFound
    return project, row


def _shown(request: HttpRequest, project: Project, row: Defect, form: Any = None) -> HttpResponse:
    by = member_of(request).actor()
    answers = permits.answers(by, {row.unit_id}) and row.state in (DefectState.OPEN, DefectState.DISPUTED)
    checks = defects.may_check(row, by) and row.state in (DefectState.MENDED, DefectState.DISPUTED)
    context = {
        "project": project, "defect": row, "files": queries.files_of(project, f"defect:{row.number}"),
        "mend": form if isinstance(form, MendedForm) else MendedForm() if answers else None,
        "check": form if isinstance(form, CheckForm) else CheckForm() if checks else None,
        "history": queries.told_of(row.number, "office" if permits.records(by, permits.places_of(project)) else "unit"),
    }  # fmt: skip
    return page(request, "works/defect.html", context, form=form)


@staff_only()
@require_GET
def defect(request: HttpRequest, number: str, defect: str) -> HttpResponse:
    """One defect: what it is, its photographs, who must do what by when, its history."""
    return _shown(request, *_found(request, number, defect))


@staff_only()
@require_POST
def answer(request: HttpRequest, number: str, defect: str) -> HttpResponse:
    """The unit: mended, or not ours."""
    project, row = _found(request, number, defect)
    form = MendedForm(request.POST, request.FILES)
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            if request.POST.get("as") == "dispute":
                defects.dispute(defect=row, words=typed["words"], by=by, at=at)
            else:
                defects.mended(defect=row, words=typed["words"], uploads=typed["attachments"], by=by, at=at)
            return {"number": row.number}

        if done(request, "works.mended", form, act):
            return see_other("works:defect", number, row.number)
    return _shown(request, project, row, form)


@staff_only()
@require_POST
def check(request: HttpRequest, number: str, defect: str) -> HttpResponse:
    """Somebody looked: good, or back."""
    project, row = _found(request, number, defect)
    form = CheckForm(request.POST)
    if form.is_valid():
        by, at, words = member_of(request).actor(), now(), form.cleaned_data["words"]
        good = request.POST.get("as") == "good"

        def act() -> dict[str, Any]:
            return {"number": defects.check(defect=row, good=good, words=words, by=by, at=at).number}

        if done(request, "works.check", form, act):
            return see_other("works:defect", number, row.number)
    return _shown(request, project, row, form)

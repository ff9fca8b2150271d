"""The register of homes: read from a table with a dry run, put right by hand, doubtful owners decided."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import kept_tables
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.forms import refused
from chenyue.core.http import see_other
from chenyue.core.ids import whole
from chenyue.people.http import staff_only
from chenyue.places.models import Place
from chenyue.works import queries as works
from chenyue.works import register
from chenyue.works.forms_register import HomeForm, OwnersForm, RegisterForm, initial_home
from chenyue.works.http import acted, done, find, member_of, now, page, posted, uploaded
from chenyue.works.models import Project
from chenyue.works.site import permits
from chenyue.works.views.said_door import home_of

MANAGE = permits.MANAGE
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _estate(project: Project, pk: str | None) -> Place:
    return get_object_or_404(project.estates.all(), pk=whole(pk, 0))


def _read(request: HttpRequest, project: Project, token: str, *, dry_run: bool) -> register.RegisterReport:
    """The kept table against the register; for good, or as if."""
    stated = request.POST.get("stated") or request.GET.get("stated")
    return register.import_register(
        estate=_estate(project, request.POST.get("estate") or request.GET.get("estate")),
        file_bytes=kept_tables.take(token), filename=token, stated=whole(stated, 0),
        by=member_of(request).actor(), at=now(), dry_run=dry_run,
    )  # fmt: skip


@staff_only(MANAGE)
@require_http_methods(["GET", "POST"])
def load(request: HttpRequest, number: str) -> HttpResponse:
    """Two steps: what the table would do, with its errors and sums; then the same table for good."""
    project = find(request, number, "manage")
    token = request.POST.get("token", "")
    form = RegisterForm(posted(request), uploaded(request), project=project)
    context: dict[str, Any] = {"project": project}
    if token:

        def act() -> dict[str, Any]:
            report = _read(request, project, token, dry_run=False)
            wrong = len({error.row for error in report.errors})
            return {"created": report.created, "updated": report.updated, "wrong": wrong}

        if found := done(request, "works.register", form, act):
            kept_tables.drop(token)
            said = _("%(created)s homes added, %(updated)s changed, %(wrong)s rows left out.")
            messages.success(request, said % found)
            return see_other("works:register", number)
    elif form.is_valid():
        context |= _tried(request, project, form)
    return page(request, "works/register_import.html", context, form=form)


def _tried(request: HttpRequest, project: Project, form: RegisterForm) -> dict[str, Any]:
    typed, at = form.cleaned_data, now()
    try:
        token = kept_tables.keep(typed["table"].read(), typed["table"].name, at)
        estate = _estate(project, typed["estate"])
        report = register.import_register(
            estate=estate, file_bytes=kept_tables.take(token), filename=token, stated=typed["stated"],
            by=member_of(request).actor(), at=at, dry_run=True,
        )  # fmt: skip
    except Refusal as refusal:
        refused(form, Refusal(refusal.sentence, field="table"))
        return {}
    return {"report": report, "token": token, "estate": estate, "stated": typed["stated"]}


@staff_only(MANAGE)
@require_GET
def errors(request: HttpRequest, number: str) -> HttpResponse:
    """The rows that are wrong, each with what is wrong with it."""
    report = _read(request, find(request, number, "manage"), request.GET.get("token", ""), dry_run=True)
    headers = {"Content-Disposition": 'attachment; filename="register-errors.xlsx"'}
    return HttpResponse(report.error_sheet, content_type=XLSX, headers=headers)


@staff_only(MANAGE)
@require_GET
def template(request: HttpRequest, number: str) -> HttpResponse:
    """An empty table with the columns that are read."""
    find(request, number, "manage")
    headers = {"Content-Disposition": 'attachment; filename="register.xlsx"'}
    return HttpResponse(register.template(), content_type=XLSX, headers=headers)


@staff_only(MANAGE)
@require_http_methods(["GET", "POST"])
def doubts(request: HttpRequest, number: str) -> HttpResponse:
    """Two owners of one name: one person or two? Each pair is somebody's decision."""
    project = find(request, number, "manage")
    estates = [estate.pk for estate in project.estates.all()]
    if request.method == "POST":
        pair = whole(request.POST.get("pair"), 0)
        shown = {doubt.pair.pk: doubt.pair for doubt in works.doubts(estates)}
        row = shown.get(pair)
        if row is None:
            raise NotFound
        same, by, at = request.POST.get("same") == "1", member_of(request).actor(), now()
        acted(request, "works.pair", lambda: register.decide_pair(pair=row, same=same, by=by, at=at))
        return see_other("works:doubts", number)
    return page(request, "works/doubts.html", {"project": project, "rows": works.doubts(estates)})


@staff_only(MANAGE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A home's entry put right."""
    project = find(request, number, "manage")
    row = home_of(request, project, pk)
    form = HomeForm(posted(request), initial=initial_home(row))
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            return {"pk": register.save_home(home=row, by=by, at=at, **typed).pk}

        if done(request, "works.home", form, act):
            return see_other("works:home", number, pk)
    return page(request, "works/home_edit.html", {"project": project, "home": row, "owners": OwnersForm()}, form=form)


@staff_only(MANAGE)
@require_POST
def owners(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Who owns a home from today on."""
    project = find(request, number, "manage")
    row, form = home_of(request, project, pk), OwnersForm(request.POST)
    if form.is_valid():
        by, at, told = member_of(request).actor(), now(), form.told()

        def act() -> dict[str, Any]:
            register.set_owners(home=row, owners=told, by=by, at=at)
            return {"pk": row.pk}

        if done(request, "works.owners", form, act):
            messages.success(request, _("Saved."))
            return see_other("works:home", number, pk)
    context = {"project": project, "home": row, "owners": form, "form": HomeForm(initial=initial_home(row))}
    return page(request, "works/home_edit.html", context, form=form)


@staff_only(MANAGE)
@require_POST
def act_on(request: HttpRequest, number: str, pk: int, what: str) -> HttpResponse:
    """Buttons: another code for the letter, off the register."""
    project = find(request, number, "manage")
    row, by, at = home_of(request, project, pk), member_of(request).actor(), now()
    if what == "code":
        said = _("There is a new code. The letter with the old one opens nothing any more.")
        acted(request, "works.code", lambda: register.new_code(home=row, by=by, at=at), said)
        return see_other("works:home", number, pk)
    if what != "retire":
        raise NotFound
    if acted(request, "works.retire", lambda: register.retire_home(home=row, by=by, at=at)):
        return see_other("works:register", number)
    return see_other("works:home", number, pk)

"""Residents' pages of works: the list, a project, its versions, its photographs. No account, no sign-in."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core.errors import NotFound, Refusal
from chenyue.core.forms import refused
from chenyue.core.http import see_other
from chenyue.works import public
from chenyue.works import queries as works
from chenyue.works.forms_public import CodeForm
from chenyue.works.http import guess, may_guess, personal, posted, served
from chenyue.works.lifecycle import ProjectState
from chenyue.works.models import Project
from chenyue.works.site import closing_data, comparing, photos, queries


def found(number: str) -> Project:
    """A project whose page is open. Raises NotFound."""
    project = public.project_of(number)
    if project is None:
        raise NotFound
    return project


@require_GET
def all_works(request: HttpRequest) -> HttpResponse:
    """All works that are open to be read."""
    return _fresh(render(request, "works/public/list.html", {"rows": list(public.open_projects()[:100])}))


@require_http_methods(["GET", "POST"])
def project(request: HttpRequest, number: str) -> HttpResponse:
    """A project for everybody; the code of a letter opens the page of one's own home."""
    row, form = found(number), CodeForm(posted(request))
    if form.is_valid():
        home = works.home_by_code(form.cleaned_data["home_code"], row) if may_guess(request) else None
        if home is not None:
            return personal(see_other("works:own-home", row.number, home.code))
        guess(request)
        refused(form, unknown(request))
    building = public.building_by(request.GET.get("door", "")[:12], row)
    context: dict[str, Any] = public.page_of(row, timezone.now(), building) | {"form": form}
    status = 200 if not form.errors else 422 if may_guess(request) else 429
    return _fresh(render(request, "works/public/project.html", context, status=status))


def unknown(request: HttpRequest) -> Refusal:
    """What is said of a code that opens nothing, and to whoever tried too many."""
    if may_guess(request):
        said = _("This code opens no home of this project. Look at the letter again, or telephone us.")
    else:
        said = _("Too many codes were tried from here. Please wait a quarter of an hour, or telephone us.")
    return Refusal(said, field="home_code")


@require_GET
def report(request: HttpRequest, number: str) -> HttpResponse:
    """What came of it, when the works are closed: counts and answers."""
    row = found(number)
    if row.state != ProjectState.CLOSED:
        raise NotFound
    shown = closing_data.of(row, None, timezone.now(), pictures=False)
    pairs = queries.photos(row, public=True, homes=())
    return _fresh(render(request, "works/public/report.html", {"project": row, "report": shown, "pairs": pairs}))


@require_GET
def version(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """A version of the plan with what changed in it."""
    row = found(number)
    versions = {v.number: v for v in works.versions(row)}
    if n not in versions:
        raise NotFound
    new, old = versions[n], versions.get(n - 1)
    changes = comparing.told(public.parts_for_all(old), public.parts_for_all(new))
    context = {"project": row, "new": new, "old": old, "changes": changes}
    return _fresh(render(request, "works/public/version.html", context))


def _file(number: str, pk: int, *, preview: bool) -> Any:
    row = public.file_of(found(number), pk)
    if row is None:
        raise NotFound
    # Its name may say what whoever took it called it: a street, a person.
    return served(replace(photos.opened(row, preview=preview), name=f"{row.project.number}-{row.pk}.jpg"))


@require_GET
def file(request: HttpRequest, number: str, pk: int) -> Any:
    """A photograph that stands on the page."""
    return _file(number, pk, preview=False)


@require_GET
def preview(request: HttpRequest, number: str, pk: int) -> Any:
    """Its small picture."""
    return _file(number, pk, preview=True)


def _fresh(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-cache, private"
    return answer

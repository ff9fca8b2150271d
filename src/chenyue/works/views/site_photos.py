"""Photographs before and after, the files themselves, and the cases born of the works."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.works import links
from chenyue.works.forms_site import CaseForm, PhotosForm
from chenyue.works.http import acted, done, find, member_of, now, page, posted, served, uploaded
from chenyue.works.models import CaseLink, WorksFile
from chenyue.works.site import permits, photos, queries


@staff_only()
@require_http_methods(["GET", "POST"])
def pictures(request: HttpRequest, number: str) -> HttpResponse:
    """Before and after, place by place; and a form for more."""
    project, by = find(request, number), member_of(request).actor()
    records = permits.records(by, permits.places_of(project))
    form = PhotosForm(posted(request), uploaded(request), project=project, initial={"kind": "before"})
    if not records:
        del form.fields["public"]
    if form.is_valid():
        at, typed = now(), dict(form.cleaned_data)
        uploads = typed.pop("attachments")

        def act() -> dict[str, Any]:
            return {"count": len(photos.add_files(project=project, uploads=uploads, by=by, at=at, **typed))}

        if done(request, "works.photos", form, act):
            return see_other("works:photos", number)
    context = {"project": project, "pairs": queries.photos(project, homes=None if records else ())}
    more = {"manages": permits.manages(by), "plans": queries.drawings(project)}
    return page(request, "works/photos.html", context | more, form=form)


@staff_only()
@require_POST
def show(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Let a photograph stand on the residents' page, or take it from there."""
    row = get_object_or_404(WorksFile, pk=pk, project=find(request, number))
    by, at, public = member_of(request).actor(), now(), request.POST.get("public") == "1"
    acted(request, "works.photo-show", lambda: photos.show(file=row, public=public, by=by, at=at))
    return see_other("works:photos", number)


def _file(request: HttpRequest, number: str, pk: int, *, preview: bool) -> Any:
    project, member = find(request, number), member_of(request)
    row = get_object_or_404(WorksFile, pk=pk, project=project)
    if not queries.may_open(row, project, member):
        raise NotFound
    return served(photos.opened(row, preview=preview))


@staff_only()
@require_GET
def file(request: HttpRequest, number: str, pk: int) -> Any:
    """A file of the project."""
    return _file(request, number, pk, preview=False)


@staff_only()
@require_GET
def preview(request: HttpRequest, number: str, pk: int) -> Any:
    """Its small picture."""
    return _file(request, number, pk, preview=True)


@staff_only("case.see")
@require_http_methods(["GET", "POST"])
def born(request: HttpRequest, number: str) -> HttpResponse:
    """Cases born of the works, and those at its buildings that might be."""
    project, member = find(request, number), member_of(request)
    form = CaseForm(posted(request))
    if form.is_valid():
        by, at, case = member.actor(), now(), form.cleaned_data["case"]

        def act() -> dict[str, Any]:
            return {"pk": links.link_by_staff(project=project, number=case, by=by, at=at).pk}

        if done(request, "works.case", form, act):
            return see_other("works:cases", number)
    at = now()
    records = permits.records(member.actor(), permits.places_of(project))
    context = {"project": project, "links": queries.born(project, member), "records": records}
    if records:
        context["candidates"] = queries.candidates(project, member, at)
    return page(request, "works/cases.html", context, form=form)


@staff_only("case.see")
@require_POST
def unborn(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A case had nothing to do with the works."""
    project = find(request, number)
    row = get_object_or_404(CaseLink.objects.select_related("case", "project"), pk=pk, project=project)
    by, at = member_of(request).actor(), now()
    acted(request, "works.unlink", lambda: links.unlink(link=row, by=by, at=at), _("The link was taken away."))
    return see_other("works:cases", number)

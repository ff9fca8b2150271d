"""Projects: the list, one project at a glance, and what it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.works.forms_site import ProjectForm, ReasonForm, initial_project
from chenyue.works.http import acted, done, find, member_of, now, page, posted
from chenyue.works.lifecycle import ProjectState
from chenyue.works.queries import visible
from chenyue.works.site import glance, permits, projects, queries


@staff_only()
@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    """All projects that this person may see."""
    member = member_of(request)
    permits.only(permits.has_works(member))
    rows = queries.project_list(visible(member))
    return page(request, "works/projects.html", {"rows": rows, "manages": permits.manages(member.actor())})


@staff_only()
@require_GET
def project(request: HttpRequest, number: str) -> HttpResponse:
    """One project: where it stands, what is missing, what waits, what comes next."""
    row, member = find(request, number), member_of(request)
    return page(request, "works/project.html", glance.of(row, member, now()))


@staff_only(permits.MANAGE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str = "") -> HttpResponse:
    """What a project is: a new one, or a change."""
    row = find(request, number, "manage") if number else None
    form = ProjectForm(posted(request), initial=initial_project(row))
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            saved = projects.save_project(
                details=form.details(), estates=typed["estates"], project=row, version=typed["version"], by=by, at=at
            )
            return {"number": saved.number}

        if found := done(request, "works.project", form, act):
            return see_other("works:project", found["number"])
    return page(request, "works/project_edit.html", {"project": row}, form=form)


@staff_only(permits.MANAGE)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: str, to: str) -> HttpResponse:
    """Bring a project into another state; a step back is explained."""
    row = find(request, number, "manage")
    form = ReasonForm(posted(request))
    if form.is_valid():
        by, at, reason = member_of(request).actor(), now(), form.cleaned_data["reason"]

        def act() -> dict[str, Any]:
            return {"number": projects.move_project(project=row, to=to, by=by, at=at, reason=reason).number}

        if done(request, "works.move", form, act):
            return see_other("works:project", number)
    context = {"project": row, "to": to, "word": _state_word(to), "explain": projects.needs_reason(row.state, to)}
    return page(request, "works/project_move.html", context, form=form)


def _state_word(to: str) -> Any:
    if to not in ProjectState.values:
        raise NotFound
    return ProjectState(to).label


@staff_only(permits.MANAGE)
@require_POST
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Open the project's page to residents."""
    row, by, at = find(request, number, "manage"), member_of(request).actor(), now()
    said = _("Residents can read the project's page from now on.")
    acted(request, "works.publish", lambda: projects.publish(project=row, by=by, at=at), said)
    return see_other("works:project", number)

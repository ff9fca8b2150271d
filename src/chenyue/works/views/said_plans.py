"""Versions of the plan: written part by part, compared, published; who must be asked again is known before."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.core.ids import whole
from chenyue.people.http import staff_only
from chenyue.works import actions, plans
from chenyue.works import queries as works
from chenyue.works.forms_said import PartForm, PlanForm, initial_part
from chenyue.works.http import acted, done, find, member_of, now, page, posted
from chenyue.works.lifecycle import VersionState
from chenyue.works.models import PlanVersion, Project
from chenyue.works.site import comparing, permits

MANAGE = permits.MANAGE


@staff_only()
@require_GET
def versions(request: HttpRequest, number: str) -> HttpResponse:
    """All versions, the newest first, each with what is new in it."""
    project, by = find(request, number), member_of(request).actor()
    rows = works.versions(project, drafts=permits.manages(by))[::-1]
    draft = next((v for v in rows if v.state == VersionState.DRAFT), None)
    context = {"project": project, "rows": comparing.with_changes(rows), "draft": draft}
    return page(request, "works/plans.html", context | {"manages": permits.manages(by)})


def version_of(request: HttpRequest, project: Project, n: int) -> PlanVersion:
    """A version by its number; drafts only for who manages."""
    rows = PlanVersion.objects.filter(project=project, number=n).select_related("project").prefetch_related("parts")
    row = rows.first()
    if row is None or (row.state == VersionState.DRAFT and not permits.manages(member_of(request).actor())):
        raise NotFound
    return row


@staff_only()
@require_GET
def compare(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """What differs from one version to another, part by part, word by word."""
    project = find(request, number)
    new = version_of(request, project, n)
    against = whole(request.GET.get("with"), n - 1)
    old = version_of(request, project, against) if n > 1 else None
    changes = comparing.told(list(old.parts.all()) if old else [], list(new.parts.all()))
    others = [v for v in works.versions(project) if v.pk != new.pk]
    context = {"project": project, "new": new, "old": old, "changes": changes, "others": others}
    return page(request, "works/compare.html", context)


@staff_only(MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a new version as a draft, with the parts of the newest."""
    project = find(request, number, "manage")
    form = PlanForm(posted(request))
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            return {"n": actions.make_plan(project=project, by=by, at=at, **typed).number}

        if found := done(request, "works.plan-new", form, act):
            return see_other("works:plan", number, found["n"])
    return page(request, "works/plan_new.html", {"project": project}, form=form)


@staff_only(MANAGE)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The editor of a draft: its words, its parts, what publishing it would do."""
    project = find(request, number, "manage")
    plan = version_of(request, project, n)
    form = PlanForm(posted(request), initial={"title": plan.title, "words": plan.words})
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            return {"n": actions.save_plan(plan=plan, by=by, at=at, **typed).number}

        if done(request, "works.plan", form, act):
            messages.success(request, _("Saved."))
            return see_other("works:plan", number, n)
    context = {"project": project, "plan": plan, "effect": comparing.effect(project, plan, now())}
    return page(request, "works/plan.html", context, form=form)


@staff_only(MANAGE)
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, number: str, n: int, key: str = "") -> HttpResponse:
    """A part of a draft: a new one, or a change."""
    project = find(request, number, "manage")
    plan = version_of(request, project, n)
    row = next((p for p in plan.parts.all() if p.key == key), None) if key else None
    if key and row is None:
        raise NotFound
    form = PartForm(posted(request), initial=initial_part(row), project=project, lines=comparing.lines_of(project))
    if form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data
        words = {name: typed[name] for name in ("title", "text")}

        def act() -> dict[str, Any]:
            return {"key": actions.save_part(plan=plan, key=key, whom=form.whom(), by=by, at=at, **words).key}

        if done(request, "works.part", form, act):
            return see_other("works:plan", number, n)
    return page(request, "works/part.html", {"project": project, "plan": plan, "part": row}, form=form)


@staff_only(MANAGE)
@require_POST
def act_on(request: HttpRequest, number: str, n: int, what: str) -> HttpResponse:
    """Buttons: publish, throw the draft away, take a part out."""
    project = find(request, number, "manage")
    plan = version_of(request, project, n)
    by, at = member_of(request).actor(), now()
    if what == "publish":
        everyone = request.POST.get("everyone") == "1"
        done_ = acted(request, "works.publish-plan", lambda: _publish(request, plan, everyone, by, at))
        return see_other("works:project", number) if done_ else see_other("works:plan", number, n)
    if what == "drop":
        acted(request, "works.drop-plan", lambda: actions.drop_plan(plan=plan, by=by, at=at))
        return see_other("works:plans", number)
    if what == "remove":
        key = request.POST.get("key", "")
        acted(request, "works.remove-part", lambda: actions.remove_part(plan=plan, key=key, by=by, at=at))
        return see_other("works:plan", number, n)
    raise NotFound


def _publish(request: HttpRequest, plan: PlanVersion, everyone: bool, by: Any, at: Any) -> None:
    found: plans.Published = actions.publish_plan(plan=plan, by=by, at=at, ask_everyone=everyone)
    said = _("Version %(n)d is published. %(carried)d stances came along, %(again)d homes are to be asked again.")
    messages.success(request, said % {"n": plan.number, "carried": found.carried, "again": found.ask_again})

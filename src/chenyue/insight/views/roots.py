"""Root-cause projects: list, page, what is done and counted, photographs."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.acting import acted, now, page, posted
from chenyue.core.acting import done as carried_out
from chenyue.core.errors import NotAllowed
from chenyue.core.http import see_other, served
from chenyue.insight import deciding, pains_shown, root_files
from chenyue.insight import roots as acts
from chenyue.insight import roots_shown as seen
from chenyue.insight.counting import Rule
from chenyue.insight.forms_pains import DoneForm, PhotosForm, ReasonForm, RootForm, initial_of
from chenyue.insight.lifecycle import ROOT_MOVES, RootState
from chenyue.insight.models import RootProject
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may
from chenyue.timeline.queries import entries, visible_for


@staff_only()
@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """All that one sees, the newest first."""
    member, state = member_of(request), request.GET.get("state", "")
    context: dict[str, Any] = {"page": seen.listed(member, state, request.GET.get("cursor", "")), "state": state}
    context |= {"states": RootState.choices, "manages": may(member, deciding.MANAGE)}
    return page(request, "insight/pains/roots.html", context)


@staff_only(deciding.MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin one, of a finding (`?pain=`) or by hand."""
    member, at, asked = member_of(request), now(), request.GET.get("pain", "")
    of = pains_shown.pain_for(member, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    initial, who = seen.suggested(of, timezone.localtime(at).date())
    form = RootForm(posted(request), initial=initial, who=who)
    if form.is_valid():

        def act() -> dict[str, Any]:
            return {"number": acts.make(plan=form.plan(), pain=of, by=member.actor(), at=at).number}

        if result := carried_out(request, "insight.root", form, act):
            return see_other("insight:root", result["number"])
    return page(request, "insight/pains/root_edit.html", {"pain": of}, form=form)


@staff_only()
@require_GET
def project(request: HttpRequest, number: str) -> HttpResponse:
    """One project."""
    member = member_of(request)
    return _page(request, seen.project_for(member, number))


def _page(request: HttpRequest, row: RootProject, **forms: Any) -> HttpResponse:
    """The page with its forms; those that were sent in vain take the place of fresh ones."""
    member, today = member_of(request), timezone.localtime(now()).date()
    context: dict[str, Any] = {"project": row, "rule": seen.rule_in_words(row), "verdict": seen.verdict(row)}
    context |= {"ratio": seen.ratio(row), "so_far": seen.so_far(row, today), "days": acts.length_of(row)}
    context |= {"before": acts.uploads_of(row, "before"), "after": acts.uploads_of(row, "after")}
    context |= {"history": entries(row.subject, visible_for("office")), "runs_it": acts.may_run(member, row)}
    context |= {"moves": ROOT_MOVES[row.state], "done": DoneForm(initial={"done_on": today}), "reason": ReasonForm()}
    context |= {"photos": PhotosForm(initial={"stage": "before" if row.state == RootState.OPEN else "after"})}
    context["cost"] = "" if row.cost is None else f"¥{row.cost / 100:,.2f}"
    sent = next(iter(forms.values()), None)
    return page(request, "insight/pains/root.html", context | forms, form=sent)


@staff_only()
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change it while it is worked on."""
    member, at = member_of(request), now()
    row = seen.project_for(member, number)
    if not acts.may_run(member, row):
        raise NotAllowed
    form = RootForm(posted(request), initial=initial_of(row), who=Rule.read(row.counted).who)
    if form.is_valid():

        def act() -> None:
            version = form.cleaned_data["version"]
            acts.change(project=row, plan=form.plan(), by=member.actor(), at=at, version=version)

        if carried_out(request, "insight.root-edit", form, act) is not None:
            return see_other("insight:root", number)
    return page(request, "insight/pains/root_edit.html", {"project": row, "pain": row.pain}, form=form)


def _sent(request: HttpRequest, number: str, name: str, form: Any, act: Callable[..., Any]) -> HttpResponse:
    """A small form of the page: carried out, or shown again in its place."""
    member, at = member_of(request), now()
    row = seen.project_for(member, number)
    if not acts.may_run(member, row):
        raise NotAllowed

    def run() -> None:
        act(project=row, by=member.actor(), at=at, **form.cleaned_data)

    if form.is_valid() and carried_out(request, f"insight.root-{name}", form, run) is not None:
        return see_other("insight:root", number)
    return _page(request, row, **{name: form})


@staff_only()
@require_POST
def done(request: HttpRequest, number: str) -> HttpResponse:
    """It was done; from the next day it is counted."""

    def act(done_on: Any, **more: Any) -> None:
        acts.done(on=done_on, **more)

    return _sent(request, number, "done", DoneForm(posted(request)), act)


@staff_only()
@require_POST
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """It is given up."""
    return _sent(request, number, "reason", ReasonForm(posted(request)), acts.stop)


@staff_only()
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """It is worked on again."""
    return _sent(request, number, "reason", ReasonForm(posted(request)), acts.reopen)


@staff_only()
@require_POST
def photos(request: HttpRequest, number: str) -> HttpResponse:
    """Photographs before and after."""

    def act(attachments: Any, **more: Any) -> None:
        root_files.add(uploads=attachments, **more)

    return _sent(request, number, "photos", PhotosForm(posted(request), request.FILES), act)


@staff_only()
@require_GET
def photo(request: HttpRequest, number: str, token: str) -> Any:
    """A photograph."""
    return served(root_files.opened(seen.project_for(member_of(request), number), token, preview=False))


@staff_only()
@require_GET
def small(request: HttpRequest, number: str, token: str) -> Any:
    """Its small picture."""
    return served(root_files.opened(seen.project_for(member_of(request), number), token, preview=True))


@staff_only()
@require_POST
def remove(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Take a photograph away."""
    member, at = member_of(request), now()
    row = seen.project_for(member, number)

    def act() -> None:
        root_files.remove(project=row, token=token, by=member.actor(), at=at)

    acted(request, "insight.root-photo-remove", act, _("The photograph was taken away."))
    return see_other("insight:root", number)

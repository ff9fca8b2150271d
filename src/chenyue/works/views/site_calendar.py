"""The works' calendar: what happens when, where it is loud, when water and power are off."""

import re
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.works.forms_site import PhaseForm, ReasonForm, initial_phase
from chenyue.works.http import acted, done, find, member_of, now, page, posted, today
from chenyue.works.lifecycle import PhaseState
from chenyue.works.models import Phase
from chenyue.works.site import calendar, permits, queries, rules

WEEKS = 3


@staff_only()
@require_GET
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """Three weeks at a glance, then every phase with its buttons."""
    project = find(request, number)
    at = now()
    rows = queries.phases(project)
    shift = _weeks(request.GET.get("from", ""))
    first = today(at) + timedelta(weeks=shift)
    by = member_of(request).actor()
    begins = permits.manages(by) or permits.answers(by, {project.contractor_id})
    for row in rows:
        steps = [to for to in rules.PHASE_MOVES[row.state] if to != PhaseState.CANCELLED] if begins else []
        row.moves = [(to, STEPS[row.state, to]) for to in steps]  # type: ignore[attr-defined]
    context = {
        "project": project, "rows": rows, "weeks": queries.weeks(rows, first, WEEKS), "today": today(at),
        "hours": rules.hours_in_words(project.noise_hours), "earlier": shift - WEEKS, "later": shift + WEEKS,
        "manages": permits.manages(by), "settled": calendar.SETTLED,
    }  # fmt: skip
    return page(request, "works/calendar.html", context)


def _weeks(written: str) -> int:
    """How many weeks from this one the calendar begins; 0 for anything that is no such number."""
    return int(written) if re.fullmatch(r"-?[0-9]{1,3}", written) else 0


STEPS: dict[tuple[str, str], tuple[str, Any]] = {  # from a state to another: what the button says
    (PhaseState.PLANNED, PhaseState.RUNNING): ("player-play", _("Begun")),
    (PhaseState.RUNNING, PhaseState.DONE): ("check", _("Done")),
    (PhaseState.RUNNING, PhaseState.PLANNED): ("arrow-back-up", _("Not begun yet")),
    (PhaseState.DONE, PhaseState.RUNNING): ("arrow-back-up", _("Not done yet")),
}


@staff_only(permits.MANAGE)
@require_http_methods(["GET", "POST"])
def phase(request: HttpRequest, number: str, pk: int | None = None) -> HttpResponse:
    """A phase: a new one, or a change."""
    project = find(request, number, "manage")
    row = get_object_or_404(Phase, pk=pk, project=project) if pk else None
    initial = initial_phase(row) if row else {"kind": "work", "starts_on": today(), "ends_on": today()}
    form = PhaseForm(posted(request), initial=initial, project=project)
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), form.cleaned_data

        def act() -> dict[str, Any]:
            return {"pk": calendar.save_phase(project=project, phase=row, by=by, at=at, **details).pk}

        if done(request, "works.phase", form, act):
            return see_other("works:calendar", project.number)
    context = {"project": project, "phase": row, "hours": rules.hours_in_words(project.noise_hours)}
    return page(request, "works/phase.html", context, form=form)


@staff_only()
@require_POST
def phase_move(request: HttpRequest, number: str, pk: int, to: str) -> HttpResponse:
    """Buttons: begun, done, back."""
    row = get_object_or_404(Phase, pk=pk, project=find(request, number), state__in=list(PhaseState.values))
    by, at = member_of(request).actor(), now()
    acted(request, "works.phase-move", lambda: calendar.move_phase(phase=row, to=to, by=by, at=at))
    return see_other("works:calendar", number)


@staff_only(permits.MANAGE)
@require_http_methods(["GET", "POST"])
def phase_cancel(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Cancel a phase, with the reason that people read."""
    project = find(request, number, "manage")
    row = get_object_or_404(Phase, pk=pk, project=project)
    form = ReasonForm(posted(request))
    if form.is_valid():
        by, at, reason = member_of(request).actor(), now(), form.cleaned_data["reason"]

        def act() -> dict[str, Any]:
            return {"pk": calendar.move_phase(phase=row, to=PhaseState.CANCELLED, by=by, at=at, reason=reason).pk}

        if done(request, "works.phase-cancel", form, act):
            return see_other("works:calendar", number)
    return page(request, "works/phase_cancel.html", {"project": project, "phase": row}, form=form)

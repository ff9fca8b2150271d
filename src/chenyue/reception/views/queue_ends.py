"""The end of a sitting: closing, calling it off, its sheet, and the sheet of the day."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.reception import reading_queue as reading
from chenyue.reception.forms_queue import CancelForm, CloseForm
from chenyue.reception.http import done, member_of, now, page
from chenyue.reception.queries import sittings_on
from chenyue.reception.queue import actions, queries, tickets


@staff_only()
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the sitting: who still waits is shown with the first place they get, before it is done."""
    member, at = member_of(request), now()
    here = reading.sitting_for(member, pk)
    form = CloseForm(request.POST or None)

    def act() -> dict[str, Any]:
        actions.close_sitting(sitting=pk, by=member.actor(), at=at, words=form.cleaned_data["words"])
        return {}

    if request.method == "POST" and form.is_valid() and done(request, "reception.close", form, act) is not None:
        return see_other("reception:report", pk)
    context = {"sitting": here, "line": queries.line(here, at), "after": tickets.next_sitting(here, at)}
    return page(request, "reception/queue/close.html", context, form=form)


@staff_only()
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the sitting off, with the reason that visitors read."""
    member, at = member_of(request), now()
    here = reading.sitting_for(member, pk)
    form = CancelForm(request.POST or None)

    def act() -> dict[str, Any]:
        reason = form.cleaned_data["reason"]
        actions.cancel_sitting(sitting=pk, reason=reason, by=member.actor(), at=at)
        return {}

    if form.is_valid() and done(request, "reception.cancel", form, act) is not None:
        return see_other("reception:report", pk)
    context = {"sitting": here, "line": queries.line(here, at), "after": tickets.next_sitting(here, at)}
    return page(request, "reception/queue/cancel.html", context, form=form)


@staff_only()
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of a sitting: figures, visits, who wasn't heard and where their first place is."""
    here = reading.sitting_for(member_of(request), pk)
    context = {"sitting": here, "ended": reading.ended(here, now()), "rule": queries.printed_rule()}
    context["coverage"] = queries.coverage(now(), venue_id=here.venue_id)
    return render(request, "reception/queue/report.html", context)


@staff_only("reception.serve")
@require_GET
def day(request: HttpRequest, day: date) -> HttpResponse:
    """All sittings of one day on paper."""
    found = reading.ended_on(sittings_on(day), now())
    return render(request, "reception/queue/day.html", {"day": day, "found": found})

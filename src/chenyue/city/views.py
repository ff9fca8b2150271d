"""Pages between offices: cases that went and came, handing one over, the counts of the whole city."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.city import counting, handing, queries, register
from chenyue.city.forms import HandOverForm, MonthForm
from chenyue.core.acting import done, now, page
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may


@staff_only("case.dispatch")
@require_GET
def hand_overs(request: HttpRequest) -> HttpResponse:
    """What went to other offices and what came from them, newest first; and where to begin a new one."""
    typed = request.GET.get("number", "").strip()
    missing = ""
    if typed:
        try:
            found = cases.case_for(member_of(request), typed, "case.dispatch")
            return see_other("city:hand-over", found.number)
        except Refusal:
            missing = typed
    context = {"sent": queries.sent(), "came": queries.came(), "missing": missing}
    return page(request, "city/hand_overs.html", context)


@staff_only("case.dispatch")
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """A case that isn't ours goes to the office whose it is."""
    member = member_of(request)
    case = cases.case_for(member, number, "case.dispatch")
    form = HandOverForm(request.POST or None, initial={"version": case.version})
    if form.is_valid() and done(request, "city.hand_over", form, lambda: _send(case, form, member)) is not None:
        messages.success(request, _("%(number)s is on its way.") % {"number": number})
        return see_other(reverse("city:hand-overs"))
    if not form.is_bound:
        cases.require_move(member, case, Move.DECLINE)
    return page(request, "city/hand_over.html", {"case": case}, form=form)


def _send(case: Case, form: HandOverForm, member: Any) -> dict[str, Any]:
    told = form.cleaned_data
    key = handing.hand_over(
        case=case, to=told["office"], reason=told["reason"], with_contact=told["with_contact"],
        by=member.actor(), at=now(), version=told["version"],
    )  # fmt: skip
    return {"key": key.hex}


@staff_only("insight.see")
@require_GET
def counts(request: HttpRequest) -> HttpResponse:
    """Counts of all offices in a month, for the city's own people."""
    here = register.mine()
    if here is None or not here.is_city:
        raise NotFound
    if not may(member_of(request), "insight.see", unit_ids=(), place_ids=()):
        raise NotAllowed
    months = counting.months_until(timezone.localdate(now()))
    form = MonthForm(request.GET or {"month": f"{months[0]:%Y-%m}"})
    month = form.cleaned_data["month"] if form.is_valid() else months[0]
    context = {
        "form": form, "month": month, "measures": counting.SHOWN, "rows": counting.table(month),
        "small": counting.SMALL,
    }  # fmt: skip
    return page(request, "city/counts.html", context)

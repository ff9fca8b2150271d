"""Ending a term or handing a building on, receiving what goes with it, and the table to fill in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chenyue.core.acting import done, now, page
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.people.rules import may
from chenyue.stewards import actions, importing, queries
from chenyue.stewards.forms_core import EndForm
from chenyue.stewards.http import acted, posted
from chenyue.stewards.lifecycle import TermRole
from chenyue.stewards.models import Term
from chenyue.stewards.views.coverage import found

WORD = "steward.manage"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A term ends, or the building goes to the next one in one step."""
    term = get_object_or_404(Term.objects.select_related("steward", "building"), pk=pk)
    cover, proposals = found(term.building) if term.role == TermRole.MAIN else (None, [])
    asked = {"to": request.GET.get("to", ""), "reason": request.GET.get("reason", "")}
    form = EndForm(
        posted(request), initial=asked, best=[p.candidate.id for p in proposals], leave_out=term.steward_id,
        hands_on=term.role == TermRole.MAIN,
    )  # fmt: skip
    if form.is_valid():
        by, at = member_of(request).actor(), now()
        if done(request, "stewards.end", form, lambda: ended(term, form.cleaned_data, by=by, at=at)) is not None:
            messages.success(request, _("It is written down."), extra_tags="")
            return see_other("stewards:building", term.building_id)
    return page(request, "stewards/core/end.html", {"term": term, "cover": cover, "proposals": proposals}, form=form)


def ended(term: Term, details: dict[str, Any], **who: Any) -> dict[str, Any]:
    """With somebody to take over it goes on; else it ends."""
    to, words, reason = details.get("to"), details.get("words", ""), details["reason"]
    if to is not None:
        begun, _opened = actions.hand_on(term=term, to=to, reason=reason, words=words, **who)
        return {"pk": begun.pk}
    actions.end_term(term=term, reason=reason, words=words, on=details["on"], **who)
    return {"pk": term.pk}


@staff_only()
@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The next steward has everything."""
    member, at = member_of(request), now()
    row = queries.hand_over_for(member, pk, may(member, WORD))
    if row is None:
        raise Http404
    said = _("Thank you. The building is yours now.")
    acted(request, "stewards.received", lambda: actions.acknowledge(hand_over=row, by=member.actor(), at=at), said)
    return see_other(reverse("desk:hand-over", args=[pk]))


@staff_only(WORD)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """An empty workbook for stewards and facts of buildings, with a row for each building."""
    headers = {"Content-Disposition": 'attachment; filename="stewards.xlsx"'}
    return HttpResponse(importing.template(), content_type=XLSX, headers=headers)

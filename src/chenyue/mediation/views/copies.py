"""Copies of an agreement: who got which, when, how."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.mediation import acts, copies
from chenyue.mediation.forms_agree import CopyForm
from chenyue.mediation.http import acted, member_of, now, posted
from chenyue.mediation.models import Copy, Party
from chenyue.mediation.parties import current_parties
from chenyue.mediation.views.agreement import found
from chenyue.mediation.views.shared import Look, handled, run
from chenyue.people.http import staff_only


@staff_only()
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """A party got a copy."""
    row = handled(request, number)
    agreement, by, at = found(request, number, n), member_of(request).actor(), now()
    parties = [(one.pk, f"{one.order} {one.name}") for one in current_parties(row)]
    start = {"party": request.GET.get("party", ""), "on": acts.local_day(at)}
    lost = agreement.original_lost_at is not None
    form = CopyForm(posted(request), initial=start, parties=parties, lost=lost)
    look = Look(
        gettext_lazy("A copy was handed over"), icon="copy", here="agreement", back="mediation:agreement",
        explain=gettext_lazy("Each party gets one, the committee keeps one (art. 29)."),
    )  # fmt: skip

    def act() -> None:
        given = dict(form.cleaned_data)
        party = Party.objects.get(pk=given.pop("party"), mediation=row)
        copies.hand_over(agreement=agreement, party=party, by=by, at=at, **given)

    return run(request, row, form, "copy", act, look)


@staff_only()
@require_POST
def strike(request: HttpRequest, number: str, n: int, pk: int) -> HttpResponse:
    """It was entered by mistake."""
    agreement, by, at = found(request, number, n), member_of(request).actor(), now()
    copy = Copy.objects.filter(agreement=agreement, pk=pk).select_related("party").first()
    if copy is None:
        raise NotFound
    copy.agreement = agreement
    acted(request, "mediation.copy_strike", lambda: copies.strike(copy=copy, by=by, at=at), _("Taken out."))
    return see_other("mediation:agreement", number)

"""The numbers by which evidence is judged, on a page: for who keeps the credits."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chenyue.core import office
from chenyue.core.acting import now, posted
from chenyue.people.http import member_of, staff_only
from chenyue.volunteering import seeing, thresholds
from chenyue.volunteering.forms_thresholds import EvidenceForm, OddForm
from chenyue.volunteering.views.ledger_shared import small_form

office.label(
    {
        "volunteering_evidence": gettext_lazy("How evidence of hours is judged"),
        "volunteering_odd": gettext_lazy("When redeeming looks odd"),
    }
)


def _change(request: HttpRequest, form: Any, setting: str, heading: str, explain: str) -> HttpResponse:
    by, at = member_of(request).actor(), now()

    def act() -> dict[str, Any]:
        return {"changed": office.change(by=by, at=at, **{setting: form.chosen()})}

    return small_form(
        request, form, setting, act, heading=heading, back=reverse("volunteering:rules"), button=_("Save"),
        here="rules", explain=explain,
    )  # fmt: skip


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest) -> HttpResponse:
    """Minutes, metres, counts and days of the detectors."""
    form = EvidenceForm(posted(request), held=asdict(thresholds.now()))
    explain = _("They hold for what comes in from now on. What was judged before stays as it is.")
    return _change(request, form, "volunteering_evidence", _("How evidence of hours is judged"), explain)


@staff_only(seeing.CREDITS)
@require_http_methods(["GET", "POST"])
def odd(request: HttpRequest) -> HttpResponse:
    """From when on a supplier's redeeming looks odd."""
    form = OddForm(posted(request), held=thresholds.odd_now())
    explain = _("What looks odd is marked, and a second person looks at it; nobody is turned away for it.")
    return _change(request, form, "volunteering_odd", _("When redeeming looks odd"), explain)

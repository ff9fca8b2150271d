"""Figures with their definitions; each beside what it was before, and split by community, category, channel or unit."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from chenyue.core.acting import now, page
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.forms import Form
from chenyue.insight import seeing, shown
from chenyue.insight.figures import CODES
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.models import Follow
from chenyue.people.http import member_of, staff_only

DAYS = 30
LONGEST = 3660


class DaysForm(Form):
    """Whole days, both ends counted."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label=_("To and including"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", _("The end lies before the beginning."))
        elif since and until and ((until - since).days > LONGEST or not 2000 <= since.year <= until.year < 2100):
            self.add_error("since", _("Choose at most ten years."))
        return found


def _days(request: HttpRequest) -> tuple[DaysForm, date, date]:
    """The form, and its days with the first one after them; the last thirty unless asked otherwise."""
    today = timezone.localdate(now())
    since, until = today - timedelta(days=DAYS - 1), today
    asked = {name: request.GET[name] for name in ("since", "until") if name in request.GET}
    form = DaysForm({"since": since, "until": until} | asked)
    if form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    return form, since, until + timedelta(days=1)


@staff_only(seeing.SEE)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """All figures of the office, or of one's own unit or community."""
    reach = seeing.reach(member_of(request))
    if not reach.whole and not reach.axes():
        raise NotAllowed
    form, since, until = _days(request)
    axis, key = reach.home()
    months = shown.months(Measure.RECEIVED, until, axis, key)
    context: dict[str, Any] = {"cards": shown.cards(since, until, axis, key), "months": months}
    context |= {"totals": shown.totals(since, until, axis, key), "axes": reach.axes(), "days": request.GET.urlencode()}
    context |= {"line": [value for _month, value in months], "whose": shown.names(axis).get(key, "") if key else ""}
    return page(request, "insight/figures.html", context | _counted(), form=form)


@staff_only(seeing.SEE)
@require_GET
def compared(request: HttpRequest, code: str, axis: str) -> HttpResponse:
    """One figure side by side, in the order of the office's lists."""
    reach = seeing.reach(member_of(request))
    if code not in CODES or axis not in reach.axes():
        raise NotFound
    form, since, until = _days(request)
    rows = shown.compared(code, since, until, axis, reach.keys(axis))
    context: dict[str, Any] = {"rows": rows, "code": code, "name": shown.name_of(code), "axis": Axis(axis)}
    context |= {"axes": reach.axes(), "codes": [(one, shown.name_of(one)) for one in CODES]}
    context |= {"days": request.GET.urlencode(), "bars": [(name, float(row.value or 0)) for name, row in rows]}
    return page(request, "insight/compared.html", context | _counted(), form=form)


def _counted() -> dict[str, Any]:
    """Up to when there are counts; nothing while they are made for the first time, or anew."""
    return {"counted_at": Follow.objects.filter(whole_at__isnull=False).values_list("at", flat=True).first()}

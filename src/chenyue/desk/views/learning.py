"""How triage does: accuracy by category over time, what is confused, what would help; the versions that learned."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chenyue.cases.quality import quality
from chenyue.desk.http import now
from chenyue.people.http import staff_only
from chenyue.triage.models import TriageModel

PERIODS = (30, 90, 180, 365)  # days


@staff_only("insight.see")
def learning(request: HttpRequest) -> HttpResponse:
    """The last ninety days unless asked otherwise."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdigit() and int(asked) in PERIODS else 90
    until = now()
    found = quality(until - timedelta(days=days), until)
    versions = list(TriageModel.objects.order_by("-version")[:10])
    periods = [(n, _("%(n)d days") % {"n": n}) for n in PERIODS]
    context = {"found": found, "days": days, "periods": periods, "versions": versions}
    return render(request, "desk/learning.html", context)

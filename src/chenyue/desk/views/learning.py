"""How triage does: accuracy by category over time, what is confused, what would help; the versions that learned."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chenyue.cases.quality import Line, Quality, quality
from chenyue.core import http
from chenyue.core.errors import NotAllowed
from chenyue.core.http import see_other
from chenyue.core.ids import whole
from chenyue.desk.http import member_of, now, sent
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.triage.actions import PERMISSION, speak
from chenyue.triage.models import TriageModel

PERIODS = (30, 90, 180, 365)  # days


@staff_only()
def learning(request: HttpRequest) -> HttpResponse:
    """The last ninety days unless asked otherwise."""
    member = member_of(request)
    if not (may(member, "insight.see") or may(member, PERMISSION)):
        raise NotAllowed
    asked = whole(request.GET.get("days"), 0)
    days = asked if asked in PERIODS else 90
    until = now()
    found = quality(until - timedelta(days=days), until)
    versions = list(TriageModel.objects.order_by("-version")[:10])
    periods = [(n, _("%(n)d days") % {"n": n}) for n in PERIODS]
    context = {"found": found, "days": days, "periods": periods, "versions": versions} | shown(member, found)
    context["active"] = next((row.version for row in versions if row.state == TriageModel.State.ACTIVE), 0)
    return render(request, "desk/learning.html", context)


def shown(member: Member, found: Quality) -> dict[str, Any]:
    """What the page draws: per cent by month for all and for each category; what this person may change."""
    every = [(month, round(100 * right / total)) for month, right, total in found.months if total]
    lines = [(line, drawn(line)) for line in found.lines]
    return {
        "every": every,
        "lines": lines,
        "chooses": may(member, PERMISSION),
        "edits": may(member, "catalogue.edit"),
    }


def drawn(line: Line) -> list[int]:
    """A category's per cent by month, the oldest first; one month is no line."""
    shares = [round(100 * sums[0] / sums[1]) for _month, sums in sorted(line.months.items()) if sums[1]]
    return shares if len(shares) > 1 else []


@staff_only(PERMISSION)
@require_POST
def version(request: HttpRequest, version: int) -> HttpResponse:
    """Let a version speak; taken back by letting the former one speak."""
    by, at = member_of(request).actor(), now()
    act = lambda: {"former": speak(version=version, by=by, at=at)}  # noqa: E731
    result, _fresh = http.once(request, "desk.version", act, sent(request) | {"version": version})
    undo = reverse("desk:learning-version", args=[result["former"]])
    said = _("Version %(version)s of triage speaks now.") if version else _("Triage guesses without learning now.")
    messages.success(request, said % {"version": version}, extra_tags=f"undo:{undo}")
    return see_other("desk:learning")

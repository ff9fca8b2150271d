"""Calculators: staff calculate, keep and show; parties see what is shown to them and try other figures."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import http
from chenyue.core.errors import NotFound
from chenyue.mediation import calculating
from chenyue.mediation.calculators import calculate
from chenyue.mediation.calculators.asked import ASKED
from chenyue.mediation.calculators.drawing import drawn
from chenyue.mediation.calculators.interest import lpr_on
from chenyue.mediation.calculators.outcome import Wrong
from chenyue.mediation.forms_calculators import Sheet, offered
from chenyue.mediation.http import acted, find, member_of, now, party_of, personal, posted
from chenyue.mediation.lifecycle import Calculator
from chenyue.mediation.models import Mediation
from chenyue.mediation.people import current_parties
from chenyue.mediation.seeing import handles
from chenyue.people.http import staff_only

TEMPLATES = "mediation/calculators/"


@staff_only()
@require_GET
def calculators(request: HttpRequest, number: str) -> HttpResponse:
    """What was calculated, and what can be."""
    mediation = find(request, number)
    context = {
        "mediation": mediation,
        "here": "calculators",
        "kept": calculating.of(mediation),
        "kinds": [(kind, Calculator(kind).label, ASKED[kind].about) for kind in ASKED],
        "may_write": handles(member_of(request), mediation),
    }
    return render(request, f"{TEMPLATES}list.html", context)


def _offered(mediation: Mediation, kind: str, request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: a calculation before, or the parties' names."""
    before = request.GET.get("from", "")
    if before.isdecimal() and len(before) < 12:
        kept = calculating.one(mediation, int(before))
        return offered(calculating.given_of(kept)) if kept.kind == kind else {}
    people = [party.name for party in current_parties(mediation)]
    if kind in (Calculator.LAND, Calculator.SHARES):
        return {"people": [{"name": name} for name in people]}
    if kind == Calculator.INTEREST and (known := lpr_on(now().date())):
        return {"lpr": known[0]}
    return {}


def _result(sheet: Sheet) -> dict[str, Any] | None:
    """The result of what was typed; None where it can't be read or calculated (the sheet says where)."""
    if sheet.more or not sheet.is_valid():
        return None
    try:
        return calculate(sheet.kind, sheet.given())
    except Wrong as fault:
        sheet.wrong(fault)
        return None


@staff_only()
@require_http_methods(["GET", "POST"])
def calculator(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Calculate: look at the outcome first, then keep it."""
    mediation = find(request, number)
    if kind not in ASKED or not handles(member_of(request), mediation):
        raise NotFound
    data = posted(request)
    sheet = Sheet(kind, data, None if data is not None else _offered(mediation, kind, request))
    result = _result(sheet) if data is not None else None
    if result is not None and "keep" in request.POST:
        return _keep(request, mediation, sheet)
    context = {"mediation": mediation, "here": "calculators", "sheet": sheet, "label": Calculator(kind).label}
    context["result"] = drawn(result) if result is not None else None
    return render(request, f"{TEMPLATES}edit.html", context, status=_status(sheet, result))


def _keep(request: HttpRequest, mediation: Mediation, sheet: Sheet) -> HttpResponse:
    at, given, by = now(), sheet.given(), member_of(request).actor()

    def act() -> dict[str, Any]:
        title = sheet.head.cleaned_data["title"]
        kept = calculating.keep(mediation=mediation, kind=sheet.kind, title=title, given=given, by=by, at=at)
        return {"pk": kept.pk}

    kept, _fresh = http.once(request, f"mediation-calculate:{mediation.number}", act, {"given": given})
    messages.success(request, _("The calculation is kept. The parties see it once it is shown to them."))
    return http.see_other("mediation:calculation", mediation.number, kept["pk"])


def _status(sheet: Sheet, result: Any) -> int:
    return 422 if sheet.data is not None and not sheet.more and result is None else 200


@staff_only()
@require_GET
def calculation(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One calculation as it was kept, replayed on the spot."""
    mediation = find(request, number)
    kept = calculating.one(mediation, pk)
    context = {
        "mediation": mediation,
        "here": "calculators",
        "kept": kept,
        "result": drawn(calculating.result_of(kept)),
        "replays": calculating.replays(kept),
        "may_write": handles(member_of(request), mediation),
    }
    return render(request, f"{TEMPLATES}one.html", context)


@staff_only()
@require_POST
def calculation_do(request: HttpRequest, number: str, pk: int, what: str) -> HttpResponse:
    """Show it to the parties, or take it away."""
    mediation = find(request, number)
    kept, at, by = calculating.one(mediation, pk), now(), member_of(request).actor()
    acts = {"share": calculating.share, "remove": calculating.remove}
    said = {"share": _("Every party sees it now."), "remove": _("The calculation is gone.")}
    if what not in acts:
        raise NotFound
    acted(request, f"mediation-calculation:{pk}:{what}", lambda: acts[what](calculation=kept, by=by, at=at), said[what])
    return http.see_other("mediation:calculators", number)


@require_http_methods(["GET", "POST"])
def party_calculation(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A calculation that was shown to the parties; whoever reads it may try other figures, which nobody keeps."""
    party = party_of(request, code)
    kept = calculating.one(party.mediation, pk, for_party=True)
    data = posted(request)
    given = offered(calculating.given_of(kept))
    sheet = Sheet(kept.kind, data, given)
    result = _result(sheet) if data is not None else None
    context = {
        "party": party,
        "mediation": party.mediation,
        "kept": kept,
        "sheet": sheet,
        "result": drawn(calculating.result_of(kept)),
        "tried": drawn(result) if result is not None else None,
        "replays": calculating.replays(kept),
    }
    return personal(render(request, f"{TEMPLATES}party.html", context, status=_status(sheet, result)))

"""Buildings: who answers for each, what is missing, facts, appointing somebody, who could come next."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chenyue.core.acting import done, now, page
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.places.models import Kind, Place
from chenyue.places.queries import gazetteer
from chenyue.stewards import actions, loads, queries
from chenyue.stewards.forms_core import FactsForm, TermForm
from chenyue.stewards.http import posted, today
from chenyue.stewards.lifecycle import TermRole
from chenyue.stewards.models import BuildingFacts

WORD = "steward.manage"
MOST = 400  # buildings on one page; an estate has fewer
FIRST = 20  # buildings for which somebody is looked for, shown at once


@staff_only(WORD)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """How many buildings have somebody, by estate; the buildings of one estate; vacancies before all."""
    known = loads.shares(today())
    estates = [estate_line(pk, rows) for pk, rows in loads.by_estate(known.covers)]
    asked = request.GET.get("estate", "")
    chosen = next((line for line in estates if str(line["pk"]) == asked), None)
    rows = chosen["rows"] if chosen else [cover for cover in known.covers if cover.vacant]
    context = {"estates": estates, "chosen": chosen, "rows": rows[:MOST], "totals": loads.totals(known)}
    return render(request, "stewards/core/coverage.html", context | {"tab": "coverage"})


def estate_line(pk: int, rows: list[queries.BuildingCover]) -> dict[str, Any]:
    """An estate in the table: how many buildings, how many with a steward, how heavy."""
    place = gazetteer().get(pk)
    community = gazetteer().get(place.community_id) if place else None
    line = {"pk": pk, "name": place.full_name if place else "—", "community": community.name if community else ""}
    covered = sum(not row.vacant for row in rows)
    line |= {"rows": rows, "buildings": len(rows), "covered": covered, "vacant": len(rows) - covered}
    return line | {"load": sum(row.load for row in rows)}


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """One building: who answers, who did, facts, who could; and appointing somebody."""
    place = get_object_or_404(Place, pk=pk, kind=Kind.BUILDING)
    cover, proposals = found(place)
    best = [p.candidate.id for p in proposals]
    asked = {"steward": request.GET.get("to", ""), "since": today(), "role": role_wanted(cover)}
    form = TermForm(posted(request), initial=asked, best=best)
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), form.cleaned_data
        if done(request, "stewards.term", form, lambda: begun(place, by=by, at=at, **details)) is not None:
            messages.success(request, _("%(name)s is written down.") % {"name": details["steward"].name})
            return see_other("stewards:building", pk)
    facts = BuildingFacts.objects.filter(building=place).first()
    context = {"place": place, "cover": cover, "proposals": proposals, "facts": facts, "terms": queries.history(pk)}
    return page(request, "stewards/core/building.html", context, form=form)


def begun(place: Place, **details: Any) -> dict[str, Any]:
    """The term that began."""
    return {"pk": actions.begin_term(building=place, **details).pk}


def found(place: Place) -> tuple[queries.BuildingCover | None, list[Any]]:
    """How a building is covered today and who could take it; nothing for one that is out of use."""
    cover = next(iter(queries.coverage(today(), place.pk)), None)
    return cover, loads.proposals(cover, today()) if cover else []


def role_wanted(cover: queries.BuildingCover | None) -> str:
    """The role that is missing first."""
    if cover is None or cover.vacant:
        return TermRole.MAIN
    return TermRole.SUBSTITUTE if cover.deputy else TermRole.DEPUTY


@staff_only(WORD)
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """What makes a building heavy."""
    place = get_object_or_404(Place, pk=pk, kind=Kind.BUILDING)
    row = BuildingFacts.objects.filter(building=place).first() or BuildingFacts(building=place)
    names = FactsForm.base_fields
    form = FactsForm(posted(request), initial={name: getattr(row, name) for name in names})
    if form.is_valid():
        by, at = member_of(request).actor(), now()
        saved = {"building": place} | form.cleaned_data
        if done(request, "stewards.facts", form, lambda: {"pk": actions.save_facts(**saved, by=by, at=at).pk}):
            messages.success(request, _("Saved. Loads are counted with it from now on."))
            return see_other("stewards:building", pk)
    return page(request, "stewards/core/facts.html", {"place": place}, form=form)


@staff_only(WORD)
@require_safe
def succession(request: HttpRequest) -> HttpResponse:
    """Buildings for which somebody is to be found: why, and three who could take each."""
    rows = loads.succession(today())
    count = len(rows) if "all" in request.GET else FIRST
    context = {"rows": rows[:count], "more": max(0, len(rows) - count), "tab": "succession"}
    return render(request, "stewards/core/succession.html", context)

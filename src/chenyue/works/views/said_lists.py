"""Many homes at once: the register, sheets on paper, and whom to visit next."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.works import drawing
from chenyue.works import queries as works
from chenyue.works.forms_said import FindForm, PaperForm
from chenyue.works.http import done, find, member_of, now, page, posted, today, uploaded
from chenyue.works.models import PlanVersion, Project
from chenyue.works.site import doorstep, homes, permits
from chenyue.works.views.said_door import current

RECORD = permits.RECORD
MOST = 300


@staff_only(RECORD)
@require_GET
def register(request: HttpRequest, number: str) -> HttpResponse:
    """Homes with area, owners (masked) and how they stand; found by building, stand or number."""
    project, by = find(request, number, "record"), member_of(request).actor()
    plan = works.current_plan(project)
    form = FindForm(request.GET, project=project, stands=list(drawing.WORDS.items()))
    typed = form.cleaned_data if form.is_valid() else {}
    rows = homes.found(project, plan, by, now(), typed)
    owners = works.owners_of([row.id for row in rows[:MOST]])
    for row in rows[:MOST]:
        row.owners = owners.get(row.id, [])  # type: ignore[attr-defined]
    context = {
        "project": project, "plan": plan, "rows": rows[:MOST], "count": len(rows), "most": MOST,
        "area": sum(row.area for row in rows), "words": drawing.WORDS, "manages": permits.manages(by),
        "doubts": len(works.doubts([e.pk for e in project.estates.all()])) if permits.manages(by) else 0,
    }  # fmt: skip
    return page(request, "works/register.html", context | {"form": form})


def _sheet(request: HttpRequest, project: Project, plan: PlanVersion) -> tuple[Any, list[homes.Building], Any]:
    by = member_of(request).actor()
    buildings = homes.by_building(works.standing(plan, now()), by)
    wanted = request.GET.get("building", "")
    chosen = next((b for b in buildings if str(b.pk) == wanted), buildings[0] if len(buildings) == 1 else None)
    if chosen is None:
        return None, buildings, None
    rows = works.homes_of(project).filter(building_id=chosen.pk).order_by("entrance", "room")
    initial = {"plan": plan.pk, "how": "paper", "signed_on": today()}
    return PaperForm(posted(request), uploaded(request), homes=rows, initial=initial), buildings, chosen


@staff_only(RECORD)
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """A signed sheet of a building: every home in a row, one scan for all, all or nothing."""
    project = find(request, number, "record")
    plan = current(project)
    form, buildings, chosen = _sheet(request, project, plan)
    if form is not None and form.is_valid():
        by, at, typed = member_of(request).actor(), now(), form.cleaned_data
        asked = PlanVersion.objects.filter(project=project, pk=typed["plan"]).select_related("project").first() or plan
        details = {"how": typed["how"], "signed_on": typed["signed_on"], "uploads": typed["attachments"]}

        def act() -> dict[str, Any]:
            return {"count": doorstep.enter_sheet(plan=asked, rows=form.said(), by=by, at=at, **details)}

        if result := done(request, "works.paper", form, act):
            said = ngettext("%d home entered.", "%d homes entered.", result["count"]) % result["count"]
            messages.success(request, said)
            return see_other("works:register", number)
    context = {"project": project, "plan": plan, "buildings": buildings, "chosen": chosen}
    return page(request, "works/paper.html", context, form=form)


@staff_only(RECORD)
@require_GET
def next_doors(request: HttpRequest, number: str) -> HttpResponse:
    """Whom to visit next, by what a visit is worth, each with its reasons; prints as a list for the round."""
    project, by = find(request, number, "record"), member_of(request).actor()
    plan, at = current(project), now()
    found = works.standing(plan, at)
    buildings = homes.by_building(found, by)
    wanted = request.GET.get("building", "")
    chosen = next((b for b in buildings if str(b.pk) == wanted), None)
    allowed = {b.pk for b in buildings}
    doors = works.next_doors(plan, at, building=chosen.pk if chosen else None, limit=200, found=found)
    rows = [door for door in doors if door.building_id in allowed][:40]
    context = {"project": project, "plan": plan, "rows": rows, "buildings": buildings, "chosen": chosen, "at": at}
    return page(request, "works/next_print.html" if "print" in request.GET else "works/next.html", context)

"""The office's plan: layers, a part of the office, its table; outlines of buildings from a file."""

from dataclasses import replace
from datetime import date
from typing import Any

from csp.constants import HEADER
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chenyue.core import kept_files, office
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.http import see_other
from chenyue.desk import office_ground, office_map, uploads
from chenyue.desk.forms.office_map import FootprintForm, GroundForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places import footprints
from chenyue.places.coordinates import System
from chenyue.places.schematic import svg


@staff_only()
@require_safe
def office_plan(request: HttpRequest) -> HttpResponse:
    """The plan in one layer, with the table that says the same."""
    member, at = member_of(request), now()
    asked = Asked(request, member)
    found = office_map.shown(member, asked.layer, asked.rows, asked.month, at)
    values = {pk: replace(value, href=f"#b{pk}") for pk, value in found.values.items()}  # to its row in the table
    context = asked.context() | {
        "shown": found,
        "picture": svg(found.plan, values, asked.label) if found.values else "",
        "edits": may(member, "places.edit"),
        "sets_ground": may(member, office_ground.WORD),
        "has_ground": office_ground.on(),
    }
    if request.GET.get("ground") and context["has_ground"]:
        context |= grounded(found, asked)
    answer = render(request, "desk/map/map.html", context)
    if "buildings" in context:
        answer.headers[HEADER] = office_ground.policy()
    return answer


def grounded(found: office_map.Shown, asked: "Asked") -> dict[str, Any]:
    """What the script needs to lay the buildings on the office's ground."""
    return {
        "buildings": office_ground.buildings(found, asked.rows),
        "tiles": office.get("map_tiles"),
        "credit": office.get("map_tiles_credit"),
        "bounds": office_ground.bounds(),
    }


class Asked:
    """What the address asks for; what it can't mean is left out."""

    def __init__(self, request: HttpRequest, member: Member) -> None:
        self.layers = office_map.layers(member)
        if not self.layers:
            raise NotAllowed
        wanted = request.GET.get("layer", "")
        self.layer = wanted if wanted in self.layers else self.layers[0]
        self.months = office_map.months(now())
        self.month = next((m for m in self.months if f"{m:%Y-%m}" == request.GET.get("month")), self.months[0])
        everything = office_map.places(member, None)
        self.communities, self.estates = office_map.communities(everything), office_map.estates(everything)
        within = request.GET.get("within", "")
        known = {pk for pk, _name in [*self.communities, *self.estates]}
        self.within = int(within) if within.isdecimal() and len(within) < 10 and int(within) in known else None
        self.crowded = self.within is None and len(everything) > office_map.MOST
        if self.crowded and self.communities:
            self.within = self.communities[0][0]
        self.rows = [place for place in everything if self.fits(place)]

    def fits(self, place: Any) -> bool:
        """Whether a building lies in the part that is asked for."""
        return self.within is None or self.within in (place.estate_id, place.community_id)

    @property
    def label(self) -> str:
        """What the picture is called."""
        where = dict([*self.communities, *self.estates]).get(self.within or 0, _("the whole office"))
        month = f"，{self.month:%Y-%m}" if self.layer == "heat" else ""
        return f"{office_map.LAYERS[self.layer]}，{where}{month}"

    def context(self) -> dict[str, Any]:
        """For the page."""
        return {
            "layers": [(name, office_map.LAYERS[name]) for name in self.layers],
            "layer": self.layer, "within": self.within, "month": self.month, "months": months(self.months),
            "communities": self.communities, "estates": self.estates, "label": self.label, "crowded": self.crowded,
        }  # fmt: skip


def months(days: list[date]) -> list[tuple[str, date]]:
    """Months as the address and as the page have them."""
    return [(f"{day:%Y-%m}", day) for day in days]


@staff_only("places.edit")
@require_http_methods(["GET", "POST"])
def outlines(request: HttpRequest) -> HttpResponse:
    """Outlines from GeoJSON: first what would happen, then, if wanted, do it."""
    sent = request.method == "POST"
    form = FootprintForm(request.POST if sent else None, request.FILES if sent else None)
    context: dict[str, Any] = {}
    back = reverse("desk:map" if office_map.layers(member_of(request)) else "desk:set-up-places")
    if request.POST.get("token"):
        form = FootprintForm(request.POST)
        form.fields["file"].required = False
        if form.is_valid():
            token, system = request.POST["token"], System(form.cleaned_data["system"])
            found = done(request, "desk.outlines", form, lambda: written(token, system, member_of(request)))
            if found is not None:
                uploads.drop(token)
                messages.success(request, _("%(n)d buildings have their outline.") % found)
                return see_other(back)
    elif form.is_valid():
        try:
            context = dry_run(form.cleaned_data["file"], System(form.cleaned_data["system"]), member_of(request))
        except Refusal as refusal:
            form.add_error("file", str(refusal.sentence))
    return page(request, "desk/map/outlines.html", context | {"back": back}, form=form)


def dry_run(file: Any, system: System, member: Member) -> dict[str, Any]:
    """What would happen; nothing is written."""
    content, at, by = file.read(), now(), member.actor()
    report = footprints.import_footprints(content, file.name, system=system, by=by, at=at, dry_run=True)
    return {"report": report, "token": uploads.keep(content, "outlines.txt", at)}


def written(token: str, system: System, member: Member) -> dict[str, Any]:
    """The same file for good."""
    content = uploads.take(token)
    report = footprints.import_footprints(content, token, system=system, by=member.actor(), at=now())
    return {"n": report.created + report.updated + report.unchanged}


@staff_only(office_ground.WORD)
@require_http_methods(["GET", "POST"])
def ground(request: HttpRequest) -> HttpResponse:
    """What lies under the plan: nothing, tiles of a map service, or a picture of the office's own."""
    sent = request.method == "POST"
    form = GroundForm(request.POST if sent else None, request.FILES if sent else None, initial=GroundForm.now())
    if form.is_valid():
        by, at, details = member_of(request).actor(), now(), form.details()
        if done(request, "desk.ground", form, lambda: {"on": bool(office_ground.save(**details, by=by, at=at))}):
            messages.success(request, _("Saved."))
            return see_other("desk:map-ground")
    return page(request, "desk/map/ground.html", {"image": office.get("map_image")}, form=form)


@staff_only()
@require_safe
def ground_image(request: HttpRequest) -> Any:
    """The office's picture of the ground, for who may look at the plan."""
    member = member_of(request)
    if not (office_map.layers(member) or may(member, office_ground.WORD)):
        raise NotAllowed
    if not office.get("map_image"):
        raise NotFound
    found = kept_files.opened(office.get("map_image"), "image/jpeg", "map.jpg")
    answer = FileResponse(found.file, content_type=found.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

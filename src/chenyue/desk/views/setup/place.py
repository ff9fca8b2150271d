"""Set-up: one place with its names, whether it is in use, and the cards for its doors."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core import qr, site
from chenyue.core.http import see_other
from chenyue.desk.forms.places import AliasForm, RenameForm
from chenyue.desk.http import acted, done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.places import actions
from chenyue.places.models import Kind, Place

SIZES = ("a6", "a4")
MOST_CARDS = 400  # on one print; a larger community is printed by estates
SAID: dict[str, Promise] = {
    "rename": gettext_lazy("Renamed. What lies inside it carries the new name too."),
    "alias": gettext_lazy("Added."),
    "unalias": gettext_lazy("The name is gone."),
    "off": gettext_lazy("It is no longer offered; what was filed there keeps it."),
    "on": gettext_lazy("It is offered again."),
}


@staff_only("places.edit")
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, aliases, in use or not; each button is one act of the places."""
    found = get_object_or_404(Place.objects.exclude(kind=Kind.HOME).select_related("parent"), pk=pk)
    wanted = request.POST.get("act", "")
    rename = RenameForm(request.POST if wanted == "rename" else None, initial={"name": found.name})
    alias = AliasForm(request.POST if wanted == "alias" else None)
    form = {"rename": rename, "alias": alias}.get(wanted) or AliasForm(request.POST or None)
    ready = wanted in SAID and (wanted not in ("rename", "alias") or form.is_valid())
    if ready:
        member = member_of(request)
        if done(request, f"desk.place.{wanted}", form, lambda: act(found, wanted, request, member)) is not None:
            messages.success(request, str(SAID[wanted]), extra_tags=undo_of(found, wanted))
            return see_other("desk:set-up-place", found.pk)
    context = {"place": found, "rename": rename, "alias": alias, "aliases": found.aliases.order_by("pk")}
    return page(request, "desk/setup/place.html", context | {"sizes": SIZES}, form=form)


def act(found: Place, wanted: str, request: HttpRequest, member: Member) -> dict[str, Any]:
    """One act, by its name in the form."""
    who: dict[str, Any] = {"place": found, "by": member.actor(), "at": now()}
    if wanted == "rename":
        actions.rename_place(name=request.POST["name"], **who)
    elif wanted == "alias":
        actions.add_alias(text=request.POST["text"], **who)
    elif wanted == "unalias":
        actions.remove_alias(text=request.POST.get("text", ""), **who)
    elif wanted == "off":
        actions.deactivate_place(**who)
    else:
        actions.reactivate_place(**who)
    return {"pk": found.pk}


def undo_of(found: Place, wanted: str) -> str:
    """Switching a place off is taken back by one button."""
    return f"undo:{reverse('desk:set-up-place-back', args=[found.pk])}" if wanted == "off" else ""


@staff_only("places.edit")
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The way back from switching off."""
    found = get_object_or_404(Place.objects.exclude(kind=Kind.HOME), pk=pk)
    if request.method == "POST":
        by, at = member_of(request).actor(), now()
        acted(request, "desk.place_back", lambda: actions.reactivate_place(place=found, by=by, at=at), SAID["on"])
    return see_other("desk:set-up-place", found.pk)


@staff_only("places.edit")
def cards(request: HttpRequest, pk: int) -> HttpResponse:
    """Cards for doors, whose code opens “tell us” at that place: of it, or of all buildings and doors in it."""
    found = get_object_or_404(Place.objects.exclude(kind=Kind.HOME), pk=pk)
    places = inside(found) if request.GET.get("inside") else [found]
    size = request.GET.get("size", "")
    context = {"place": found, "cards": [card(request, place) for place in places], "inside": len(places) > 1}
    context |= {"size": size if size in SIZES else SIZES[0], "sizes": SIZES, "most": MOST_CARDS}
    return render(request, "desk/setup/cards.html", context)


def inside(found: Place) -> list[Place]:
    """The place's buildings and their doors; a building's own card comes before those of its doors."""
    column = {Kind.COMMUNITY: "community", Kind.ESTATE: "estate", Kind.BUILDING: "building"}.get(Kind(found.kind))
    if column is None:
        return [found]
    rows = Place.objects.filter(**{column: found}, active=True, kind__in=[Kind.BUILDING, Kind.ENTRANCE])
    own = [found] if found.kind == Kind.BUILDING else []
    lying = list(rows.exclude(pk=found.pk).order_by("estate_id", "building_id", "pk")[:MOST_CARDS])
    return own + sorted(lying, key=lambda p: (p.estate_id or 0, p.building_id or p.pk, p.kind == Kind.ENTRANCE, p.pk))


def card(request: HttpRequest, place: Place) -> dict[str, Any]:
    """A card: the place's name, its code, and the address that the code holds."""
    address = site.whole(request, reverse("portal:door", args=[place.code]))
    label = _("Code that opens the form at %(place)s") % {"place": place.full_name}
    return {"place": place, "address": address, "qr": qr.svg(address, label)}

"""The care list: who is on it, added, changed, taken off; a telephone number only with a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from chenyue.core.http import once, see_other
from chenyue.desk import my_buildings
from chenyue.desk.forms.my_buildings import CareForm, LookForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.stewards import care, numbers, reach
from chenyue.stewards.models import CareEntry

PAGE = 200  # homes shown; a community has fewer that are looked after closely


@staff_only(reach.WORD)
def listed(request: HttpRequest) -> HttpResponse:
    """The homes that are looked after, by building."""
    mine = my_buildings.mine(member_of(request), my_buildings.chosen(request))
    rows = care.list_of(mine.ids).select_related("building")[:PAGE]
    entries = [(entry, care.reason_words(entry)) for entry in rows]
    return render(request, "desk/my_buildings/care.html", {"mine": mine, "entries": entries, "at": now()})


@sensitive_post_parameters("phone", "name", "note")
@staff_only(reach.WORD)
def new(request: HttpRequest) -> HttpResponse:
    """Add a home."""
    member = member_of(request)
    mine = my_buildings.mine(member, my_buildings.chosen(request))
    given = {"building": str(mine.one.id)} if mine.one else {}
    form = CareForm(request.POST or None, initial=given, buildings=mine.choices)
    if form.is_valid() and done(request, "desk.care", form, lambda: save(None, form, member)) is not None:
        return see_other("desk:my-buildings-care")
    return page(request, "desk/my_buildings/care_form.html", {"mine": mine}, form=form)


@sensitive_post_parameters("phone", "name", "note")
@staff_only(reach.WORD)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One home: what is known, its visits, and changing it."""
    member, at = member_of(request), now()
    entry = care.entry_for(member, pk)
    mine = my_buildings.mine(member)
    form = CareForm(request.POST or None, initial=CareForm.of(entry), buildings=mine.choices)
    if form.is_valid() and done(request, "desk.care", form, lambda: save(entry, form, member)) is not None:
        return see_other("desk:my-buildings-care")
    context = {"mine": mine, "entry": entry, "contact": numbers.contact(entry, member, at)}
    context |= {"visits": entry.visits.select_related("made_by")[:5], "reasons": care.reason_words(entry)}
    return page(request, "desk/my_buildings/care_form.html", context, form=form)


def save(entry: CareEntry | None, form: CareForm, member: Member) -> dict[str, Any]:
    """Write what was typed; the building of an entry stays."""
    building = entry.building_id if entry else form.cleaned_data["building"]
    row = care.save(entry=entry, building_id=building, facts=form.facts(), by=member.actor(), at=now())
    return {"care": row.pk}


@staff_only(reach.WORD)
@require_POST
def switch(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Off the list, or back on it."""
    member = member_of(request)
    entry = care.entry_for(member, pk)
    change = care.back if act == "back" else care.stop
    once(request, f"desk.care.{act}", lambda: {"care": change(entry=entry, by=member.actor(), at=now()).pk}, pk)
    if act == "stop":
        undo = reverse("desk:my-buildings-care-switch", args=[pk, "back"])
        messages.success(request, _("Taken off the care list."), extra_tags=f"undo:{undo}")
    return see_other("desk:my-buildings-care")


@staff_only(reach.WORD)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why the telephone number is needed; then it is shown for a while, and that it was is kept."""
    member = member_of(request)
    entry = care.entry_for(member, pk)
    form = LookForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        act = {"entry": entry, "reason": reason, "by": member.actor(), "at": now()}
        if done(request, "desk.care.look", form, lambda: {"care": care.reveal(**act).pk}) is not None:
            return see_other("desk:my-buildings-care-home", pk)
    back = reverse("desk:my-buildings-care-home", args=[pk])
    return page(request, "desk/my_buildings/look.html", {"row": entry, "back": back}, form=form)

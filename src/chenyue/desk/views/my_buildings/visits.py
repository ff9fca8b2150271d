"""Visits: the door, how it went, saved. What the home may scan afterwards stands on the visit's page."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.core import qr, site
from chenyue.core.kept_files import PHOTO
from chenyue.core.paging import Order, keyset
from chenyue.desk import kept_drafts, my_buildings
from chenyue.desk.forms.my_buildings import VisitForm
from chenyue.desk.http import done, member_of, now, page
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.stewards import reach, visiting

PAGE = 30
NEWEST = Order("at")


@staff_only(reach.WORD)
def visit(request: HttpRequest) -> HttpResponse:
    """Which door and how it went; without a door, the doors to choose from stand above."""
    member, at = member_of(request), now()
    mine = my_buildings.mine(member, my_buildings.chosen(request))
    given = {"room": request.GET.get("room", "")[:20]} | ({"building": str(mine.one.id)} if mine.one else {})
    form = VisitForm(request.POST or None, request.FILES or None, initial=given, buildings=mine.choices)
    if form.is_valid():
        made = done(request, "desk.visit", form, lambda: take(form, member, request))
        if made is not None:
            return kept_drafts.gone(request, reverse("desk:my-buildings-visited", args=[made["visit"]]))
    asked = form.is_bound or bool(given["room"])
    context = {"mine": mine, "asked": asked, "doors": [] if asked else my_buildings.doors(member, mine.ids, at)}
    return page(request, "desk/my_buildings/visit.html", context, form=form)


def take(form: VisitForm, member: Member, request: HttpRequest) -> dict[str, Any]:
    """Record it, at the moment it was written down."""
    found = form.cleaned_data
    told = visiting.Told(
        found["room"], found["outcome"], found["words"], found["next_on"], kept_drafts.written_at(request)
    )
    made = visiting.visit(
        building_id=found["building"], told=told, photos=found["photos"], by=member.actor(), at=now()
    )  # fmt: skip
    return {"visit": made.pk}


@staff_only(reach.WORD)
def visited(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: the code for the home, what the home said, and what came of it."""
    found = visiting.visit_for(member_of(request), pk)
    url = site.whole(request, reverse("portal:visit", args=[found.confirm_code]))
    said = _("A steward visited you today. Please say here whether that is so: %(url)s") % {"url": url}
    context = {"visit": found, "url": url, "said": said, "entry": found.care}
    context |= {"qr": qr.svg(url, _("Code for the home: was it visited?"))}
    return render(request, "desk/my_buildings/visited.html", context)


@staff_only(reach.WORD)
def visits(request: HttpRequest) -> HttpResponse:
    """Visits to the member's buildings, the newest first."""
    mine = my_buildings.mine(member_of(request), my_buildings.chosen(request))
    rows = keyset(visiting.visits_of(mine.ids), NEWEST, request.GET.get("cursor", ""), PAGE)
    return render(request, "desk/my_buildings/visits.html", {"mine": mine, "page": rows})


@staff_only(reach.WORD)
def photo(request: HttpRequest, pk: int) -> Any:
    """The photograph of a visit, for who looks after the building."""
    found = visiting.visit_for(member_of(request), pk)
    path = found.preview if "small" in request.GET else found.photo
    if not path or not default_storage.exists(path):
        raise Http404
    answer = FileResponse(default_storage.open(path, "rb"), content_type=PHOTO)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer

"""The first page of a steward, and the list on paper for when no telephone helps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chenyue.desk import my_buildings
from chenyue.desk.http import member_of, now
from chenyue.people.http import staff_only
from chenyue.people.rules import may
from chenyue.stewards import care, reach
from chenyue.stewards.models import DoorVisit
from chenyue.stewards.queries import waiting_hand_overs


@staff_only(reach.WORD)
def first(request: HttpRequest) -> HttpResponse:
    """What to do today, what is open, what was left at the door."""
    member, at = member_of(request), now()
    mine = my_buildings.mine(member, my_buildings.chosen(request))
    context = my_buildings.first_page(member, mine.ids, at) if mine.shown else {}
    context |= {"mine": mine, "at": at, "files": may(member, "case.file"), "manages": may(member, "steward.manage")}
    context["hand_overs"] = waiting_hand_overs(member)
    return render(request, "desk/my_buildings/first.html", context)


@staff_only(reach.WORD)
def paper(request: HttpRequest) -> HttpResponse:
    """The care list and the open cases to be printed, with room to write; no telephone numbers."""
    member, at = member_of(request), now()
    mine = my_buildings.mine(member, my_buildings.chosen(request))
    entries = list(care.list_of(mine.ids).select_related("building"))
    last: dict[tuple[int, str], DoorVisit] = {}
    for visit in DoorVisit.objects.filter(care__in=entries).order_by("at").only("building_id", "room", "at", "outcome"):
        last[visit.building_id, visit.room] = visit
    rows = [(entry, care.reason_words(entry), last.get((entry.building_id, entry.room))) for entry in entries]
    matters = my_buildings.open_cases(member, mine.ids).select_related("place").order_by("building_id", "received_at")
    context = {"mine": mine, "rows": rows, "cases": matters[:100], "at": at, "member": member}
    return render(request, "desk/my_buildings/paper.html", context)

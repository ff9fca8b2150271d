"""The search box: a number first and exact, then telephone, name, places and words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from chenyue.cases import queries as cases
from chenyue.core.http import see_other
from chenyue.desk.http import member_of, now
from chenyue.people.http import staff_only
from chenyue.places.queries import gazetteer

LIMIT = 30
FILTERED = ("community", "estate", "building")  # kinds of places that a list can be narrowed to


@staff_only("case.see")
def search(request: HttpRequest) -> HttpResponse:
    """What was meant exactly opens at once; otherwise what fits, and places whose lists may be meant."""
    typed, member = request.GET.get("q", "").strip()[:80], member_of(request)
    if not typed:
        return see_other(reverse("desk:cases"))
    found = cases.find(member, typed, limit=LIMIT)
    if found.exact:
        return see_other(reverse("desk:case", args=[found.exact.number]))
    known = [gazetteer().get(hit.place_id) for hit in gazetteer().search(typed, limit=5)]
    places = [place for place in known if place and place.kind in FILTERED]
    context = {"typed": typed, "rows": found.rows, "places": places, "at": now(), "more": len(found.rows) == LIMIT}
    return render(request, "desk/search.html", context)

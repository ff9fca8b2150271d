"""Pickers: options for a place that is being typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chenyue.people.http import staff_only
from chenyue.places.queries import gazetteer


@staff_only()
def places(request: HttpRequest) -> HttpResponse:
    """Places that fit what was typed: names, aliases, initials, `3-2-401`."""
    typed = request.GET.get("q", "") or request.GET.get("place", "") or request.GET.get("parent", "")
    return render(
        request, "desk/parts/place_options.html", {"typed": typed, "hits": gazetteer().search(typed, limit=10)}
    )

"""The first page of volunteering for staff."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from chenyue.core.acting import now, page
from chenyue.core.errors import NotAllowed
from chenyue.people.http import member_of, staff_only
from chenyue.volunteering import overview as looking
from chenyue.volunteering import seeing


@staff_only()
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What waits, what comes within a week."""
    member, at = member_of(request), now()
    if not seeing.takes_part(member):
        raise NotAllowed
    tiles = [(tile, _url(tile)) for tile in looking.tiles(member, at)]
    context: dict[str, Any] = {
        "here": "overview",
        "tiles": [(tile, url) for tile, url in tiles if url],
        "coming": looking.coming(member, at),
        "needs": looking.urgent(member),
        "organises": seeing.may(member, seeing.ORGANISE),
        "serves": seeing.may(member, seeing.SERVE),
    }
    return page(request, "volunteering/deeds/overview.html", context)


def _url(tile: looking.Tile) -> str:
    try:
        return reverse(tile.url_name) + (f"?{tile.query}" if tile.query else "")
    except NoReverseMatch:
        return ""

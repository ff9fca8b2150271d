"""The calling screen, what live pages ask for where they have no stream, and the links of a venue's screens."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core import qr, site
from chenyue.core.errors import NotFound
from chenyue.core.http import actor, once, see_other
from chenyue.people.http import staff_only
from chenyue.reception import frames, live, screens, venue_actions
from chenyue.reception.models import Venue

__all__ = ["links", "now", "screen"]


@require_GET
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """The wall: numbers, windows, at most a family name; no sign-in, by the venue's secret link."""
    venue, at = screens.venue_by(token), timezone.now()
    shown = frames.build(venue.pk, at)[live.SCREEN]
    calls = shown["calls"]
    context: dict[str, Any] = {"venue": venue, "at": at, "now": shown, "newest": calls[0] if calls else None}
    context |= {"earlier": calls[1:7], "key": live.key_of_screen(venue), "stream": live.PATH}
    return _unlisted(render(request, "reception/screen.html", context))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """The newest frame for a key; 204 if the asker has seen it, 404 when the key has ended."""
    key = live.read_key(request.GET.get("key", ""))
    found = frames.kept.get(key, timezone.now()) if key else None
    if found is None:
        raise NotFound
    seen, frame = found
    if request.GET.get("seen") == seen:
        return _unlisted(HttpResponse(status=204))
    return _unlisted(JsonResponse({"seen": seen, "frame": frame}))


@staff_only("reception.venues")
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """The links of a venue's calling screen and kiosk, with their codes; renewing them shuts the old ones."""
    venue = Venue.objects.filter(pk=pk).first()
    if venue is None:
        raise NotFound
    if request.method == "POST":
        once(request, "reception.renew", lambda: _renew(request, venue), [pk])
        return see_other(reverse("reception:screen-links", args=[pk]) + "?renewed=1")
    shown = []
    for name, word in (("reception:screen", _("Calling screen")), ("reception:kiosk", _("Kiosk"))):
        path = reverse(name, args=[venue.screen_token])
        whole = site.whole(request, path)
        shown.append({"word": word, "path": path, "whole": whole, "code": qr.svg(whole, word)})
    return render(
        request, "reception/links.html", {"venue": venue, "links": shown, "renewed": "renewed" in request.GET}
    )


def _renew(request: HttpRequest, venue: Venue) -> dict[str, Any]:
    venue_actions.renew_screen(venue=venue, by=actor(request), at=timezone.now())
    return {}

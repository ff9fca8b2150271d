"""The kiosk: a number in one touch, arriving with a booking, and the staffed desk always in sight."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core import limits, qr, site
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import once, page_or_part, see_other
from chenyue.reception import arriving, booking, frames, live, screens
from chenyue.reception.forms_booking import PRIORITIES, ArriveForm
from chenyue.reception.models import Ticket, Venue
from chenyue.reception.queue import actions as queue
from chenyue.reception.queue import queries

KIOSK = Actor("resident")
WRONG = limits.Limit("kiosk", 40, timedelta(minutes=15))  # numbers that weren't found, at one kiosk


@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    """The start: how long it takes, and one button for each way of coming."""
    venue, at = screens.venue_by(token), timezone.now()
    if request.method == "GET":
        return _start(request, venue, at)
    try:
        result, _fresh = once(request, "reception.kiosk", lambda: _take(request, venue, at), [venue.pk], at=at)
    except Refusal as refusal:
        return _start(request, venue, at, refusal)
    return see_other("reception:kiosk-ticket", token, result["sealed"])


def _take(request: HttpRequest, venue: Venue, at: datetime) -> dict[str, Any]:
    sitting = frames.shown_sitting(venue, at)
    if sitting is None:
        raise Refusal(_("No sitting is planned in the next days."), code="none")
    priority = request.POST.get("priority", "")
    if priority not in PRIORITIES:  # what is urgent, a member judges
        raise Refusal(_("Choose one from the list."), field="priority", code="choice")
    ticket = queue.take_ticket(sitting=sitting, by=KIOSK, at=at, source="kiosk", priority=priority, or_next=True)
    return {"sealed": arriving.seal(ticket, own=True)}


def _start(request: HttpRequest, venue: Venue, at: datetime, refusal: Refusal | None = None) -> HttpResponse:
    sitting = frames.shown_sitting(venue, at)
    context: dict[str, Any] = {"venue": venue, "at": at, "sitting": sitting, "priorities": PRIORITIES[1:]}
    context |= {"wait": booking.expected(sitting, at) if sitting else None, "refusal": refusal}
    context |= {"may": sitting is not None and queries.may_take(sitting, at)}
    context |= {"token": venue.screen_token, "key": live.key_of_screen(venue), "stream": live.PATH}
    status = refusal.status if refusal else 200
    return page_or_part(request, "reception/kiosk.html", "start", context, status=status)


@require_http_methods(["GET", "POST"])
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """With a booking: the number or the telephone, on keys as large as a thumb."""
    venue, at = screens.venue_by(token), timezone.now()
    form = ArriveForm(request.POST) if request.method == "POST" else ArriveForm()
    if form.is_bound and form.is_valid():
        try:
            return _arrived(request, venue, form, at)
        except Refusal as refusal:
            limits.note(WRONG, str(venue.pk), at)
            refused(form, refusal)
    context = {"venue": venue, "at": at, "form": form, "token": token}
    return render(request, "reception/kiosk_arrive.html", context, status=422 if form.is_bound else 200)


def _arrived(request: HttpRequest, venue: Venue, form: ArriveForm, at: datetime) -> HttpResponse:
    if limits.reached(WRONG, str(venue.pk), at):
        raise Refusal(_("Please ask the staff beside the kiosk: they find your booking."), field="said")

    def act() -> dict[str, Any]:
        ticket, own = arriving.arrive(venue=venue, said=form.cleaned_data["said"], by=KIOSK, at=at)
        return {"sealed": arriving.seal(ticket, own)}

    result, _fresh = once(request, "reception.arrive", act, [venue.pk, form.cleaned_data["said"]], at=at)
    return see_other("reception:kiosk-ticket", venue.screen_token, result["sealed"])


@require_GET
def ticket(request: HttpRequest, token: str, sealed: str) -> HttpResponse:
    """The number, large; how long; the code of its page; and a slip where a printer stands."""
    venue, at = screens.venue_by(token), timezone.now()
    opened = arriving.unseal(sealed)
    found = Ticket.objects.filter(pk=opened[0], sitting__venue=venue).first() if opened else None
    if opened is None or found is None:
        return see_other("reception:kiosk", token)
    mine = queries.mine(found.token, at)
    link = site.whole(request, reverse("reception:ticket", args=[found.token])) if opened[1] else ""
    code = qr.svg(link, _("Code of your ticket's page")) if link else ""
    names = frames.receivers(mine.ticket.sitting)
    context = {"venue": venue, "at": at, "mine": mine, "code": code, "token": token, "names": names}
    return render(request, "reception/kiosk_ticket.html", context)

"""Booking from home: the sittings with their waits, one sitting's times, and the waiting list."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core import floods, limits
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import once, see_other
from chenyue.people.residents import consent_text, give_consent
from chenyue.places.models import Place
from chenyue.reception import booking
from chenyue.reception.forms_booking import BookForm
from chenyue.reception.models import WaitEntry

RESIDENT = Actor("resident")
BOOKS = limits.Limit("book", 30, timedelta(hours=1))  # from one address: neighbours often share one
NUMBER = limits.Limit("book-phone", 6, timedelta(days=1))
MANY = _("Many bookings came from here within a short time. Please try again later, or telephone us.")


@require_GET
def sittings(request: HttpRequest) -> HttpResponse:
    """Who receives when and where, how long people wait, and what can be booked."""
    days: dict[Any, list[booking.Offer]] = {}
    for offer in booking.offers(timezone.now()):
        days.setdefault(offer.sitting.day, []).append(offer)
    context = {"days": list(days.items()), "door": request.GET.get("door", "")[:12]}
    response = render(request, "reception/sittings.html", context)
    response["Cache-Control"] = "no-cache, private"
    return response


@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """A time of one sitting; or the waiting list, when all are taken."""
    at = timezone.now()
    offer = booking.offer(pk, at)
    given = {"place": _place(request.GET.get("door", ""))}
    form = BookForm(request.POST or None, initial=given, free=offer.free, full=offer.full)
    if request.method == "GET" or not (offer.free or offer.full):
        return _form(request, offer, form, 200 if request.method == "GET" else 409)
    if not form.is_valid():
        return _form(request, offer, form, 422)
    try:
        result = _booked(request, offer, form, at)
    except Refusal as refusal:
        refused(form, refusal)
        return _form(request, booking.offer(pk, at), form, refusal.status)
    return see_other(result["name"], result["token"])


def _booked(request: HttpRequest, offer: booking.Offer, form: BookForm, at: datetime) -> dict[str, Any]:
    person = form.person()
    beside = [(BOOKS, limits.address(request)), (NUMBER, person.phone)]
    if why := floods.refuses(request, "reception.book", at, beside=beside, many=MANY):
        raise why

    def act() -> dict[str, Any]:
        given: dict[str, Any] = {"sitting": offer.sitting, "person": person, "by": RESIDENT, "at": at}
        found = booking.ask_for_place(**given) if form.waits else booking.book(slot=form.slot_at, **given)
        if found.resident is not None and form.cleaned_data["consent_contact"] and consent_text("contact"):
            give_consent(resident=found.resident, purpose="contact", at=at)
        return {"name": "reception:waiting" if form.waits else "reception:ticket", "token": found.token}

    content = [offer.sitting.pk, form.cleaned_data["slot"], person.name, person.phone]
    return once(request, "reception.book", act, content, at=at)[0]


def _form(request: HttpRequest, offer: booking.Offer, form: BookForm, status: int) -> HttpResponse:
    consent = consent_text("contact")
    context = {"offer": offer, "form": form, "consent": consent.text if consent else ""}
    return render(request, "reception/book.html", context, status=status)


def _place(code: str) -> int | None:
    """The place whose door code was read."""
    found = Place.objects.filter(code=code.upper(), active=True).values_list("pk", flat=True).first() if code else None
    return found


@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """One's place on the waiting list; taken back by the same page."""
    at = timezone.now()
    if request.method == "POST":
        once(request, "reception.withdraw", lambda: _withdraw(token, at), [token], at=at)
        return see_other("reception:waiting", token)
    entry = booking.entry_by(token)
    if entry.ticket is not None:
        return see_other("reception:ticket", entry.ticket.token)
    ahead = booking.place_in_list(entry) if entry.state == WaitEntry.State.WAITING else 0
    context = {"entry": entry, "ahead": ahead, "until": entry.sitting.starts_at - booking.NOTICE}
    response = render(request, "reception/waiting.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _withdraw(token: str, at: datetime) -> dict[str, Any]:
    booking.withdraw(token=token, by=RESIDENT, at=at)
    return {}

"""Behind the code on a door: who answers here, words for them, and the answer under a receipt."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core import floods, ids, office, qr, site
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import once, see_other
from chenyue.core.limits import Limit, address
from chenyue.people.residents import consent_text
from chenyue.portal import limits, telling
from chenyue.portal.answers import fresh, personal
from chenyue.portal.forms_door import LeaveForm
from chenyue.portal.views_follow import unknown
from chenyue.stewards import relaying


@fresh
@require_http_methods(["GET", "POST"])
def steward(request: HttpRequest, code: str) -> HttpResponse:
    """Who answers at this door, and a form for words to them."""
    at, place = timezone.now(), telling.door(code)
    door = relaying.at_door(place[0], at) if place else None
    if door is None:
        return render(request, "portal/door_gone.html", status=404)
    form = LeaveForm(request.POST) if request.method == "POST" else LeaveForm()
    if request.method == "POST" and form.is_valid():
        try:
            return see_other("portal:left", _leave(request, door, form.cleaned_data, at))
        except Refusal as refusal:
            return _show(request, door, refused(form, refusal), code, refusal.status)
    return _show(request, door, form, code, 422 if form.is_bound else 200)


def _show(request: HttpRequest, door: relaying.AtDoor, form: LeaveForm, code: str, status: int) -> HttpResponse:
    consent = consent_text("contact")
    context = {"door": door, "form": form, "code": code, "consent": consent.text if consent else ""}
    return render(request, "portal/door.html", context, status=status)


def _leave(request: HttpRequest, door: relaying.AtDoor, data: dict[str, Any], at: Any) -> str:
    """Leave the words once; the receipt. Raises Refusal, with 429 for a flood."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    by_address = Limit("relay", int(office.get("relay_limit_address")), hour)
    by_phone = Limit("relay-phone", int(office.get("relay_limit_phone")), day)
    by_door = Limit("relay-door", int(office.get("relay_limit_door")), day)
    counted = [(by_address, address(request)), (by_phone, data["phone"]), (by_door, str(door.building.pk))]
    many = _("Many words came from here within a short time. Please try again later, or telephone us.")
    if why := floods.refuses(request, "portal.relay", at, beside=counted, many=many):
        raise why
    told = {name: data[name] for name in ("words", "room", "name", "phone", "consent")}
    result, _fresh = once(
        request,
        "portal.relay",
        lambda: {"receipt": relaying.leave(building_id=door.building.pk, at=at, **told).receipt},
        [door.building.pk, data["words"]],
    )
    return str(result["receipt"])


@personal
@require_GET
def left(request: HttpRequest, receipt: str) -> HttpResponse:
    """The words one left, and the answer."""
    plain = ids.read_receipt(receipt)
    if receipt != plain and len(plain) == ids.RECEIPT_LENGTH + 2:
        return see_other("portal:left", plain)
    row = relaying.by_receipt(receipt) if limits.may_guess(request) else None
    if row is None:
        limits.wrong_guess(request)
        return unknown(request)
    url = site.whole(request, reverse("portal:left", args=[row.receipt]))
    context = {"row": row, "state": relaying.state_words(row), "qr": qr.svg(url, _("QR code of this page"))}
    return render(request, "portal/left.html", context)

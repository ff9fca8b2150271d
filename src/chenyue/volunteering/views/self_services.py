"""Services with their slots, bookings and vouchers of one resident, on either side."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chenyue.core import qr, site
from chenyue.core.acting import acted, now
from chenyue.core.errors import NotFound
from chenyue.core.http import personal, see_other
from chenyue.people.models import Resident
from chenyue.volunteering import accounts, acts, amounts, booking, ending, offering, own, pleading, redeeming, waiting
from chenyue.volunteering.forms_self import SayForm
from chenyue.volunteering.lifecycle import BookingState, PleaState
from chenyue.volunteering.models import Booking, Slot, WaitingPlace
from chenyue.volunteering.own import Side
from chenyue.volunteering.views.self_side import filled, pressed, shown


def _payer(request: HttpRequest, side: Side) -> tuple[list[Resident], Resident]:
    """Whose credits may be used, and whose were chosen; a choice that isn't theirs is their own."""
    found = own.payers(side.resident)
    chosen = request.POST.get("payer") or request.GET.get("payer") or ""
    return found, next((one for one in found if str(one.pk) == chosen), side.resident)


@require_GET
def services(request: HttpRequest, side: Side) -> HttpResponse:
    """What can be taken for credits, when; booked on the same page."""
    at, (payers, payer) = now(), _payer(request, side)
    offers, waits = offering.services_for(side.resident, at), own.waiting(side.resident)
    for offer in offers:
        for slot in offer.slots:
            slot.mine = waits.get(slot.pk)  # type: ignore[attr-defined]
            slot.free = max(0, slot.capacity - slot.taken)  # type: ignore[attr-defined]
    context = {
        "offers": offers, "payers": payers, "payer": payer, "balance": accounts.balance(payer, acts.local_day(at)),
    }  # fmt: skip
    return shown(request, side, "services", "services", context)


def _slot(pk: int) -> Slot:
    found = Slot.objects.select_related("service").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@require_POST
def book(request: HttpRequest, side: Side, slot: int) -> HttpResponse:
    """Take a place; the voucher is shown next."""
    found, (_all, payer), made = _slot(slot), _payer(request, side), []

    def act() -> None:
        made.append(
            booking.book(slot=found, resident=side.resident, payer=payer, by=side.by, at=now(), via=side.via)
        )  # fmt: skip

    done = acted(request, side.scope(f"book:{found.pk}"), act, gettext_lazy("Booked. This is your voucher."))
    if made:
        return see_other(side.url("booking", made[0].number))
    again = Booking.objects.filter(slot=found, resident=side.resident, state=BookingState.HELD).first()
    return see_other(side.url("booking", again.number) if done and again else side.url("services"))


@require_POST
def wait(request: HttpRequest, side: Side, slot: int) -> HttpResponse:
    """Join the waiting list of a full slot."""
    found, (_all, payer) = _slot(slot), _payer(request, side)
    return pressed(
        request, side, f"wait:{found.pk}",
        lambda: waiting.join(slot=found, resident=side.resident, payer=payer, by=side.by, at=now(), via=side.via),
        gettext_lazy("You are on the waiting list. We tell you when a place is free."), side.url("services"),
    )  # fmt: skip


@require_POST
def unwait(request: HttpRequest, side: Side, slot: int) -> HttpResponse:
    """Wait no longer; a place that was kept goes to the next."""
    rows = WaitingPlace.objects.filter(slot=slot, resident=side.resident, state__in=waiting.ACTIVE)
    place = rows.select_related("slot").first()
    if place is None:
        raise NotFound
    return pressed(
        request, side, f"unwait:{place.pk}", lambda: waiting.leave(place=place, by=side.by, at=now()),
        gettext_lazy("You are off the waiting list."), side.url("services"),
    )  # fmt: skip


@require_GET
def bookings(request: HttpRequest, side: Side) -> HttpResponse:
    """All bookings."""
    context = {"held": own.held(side.resident), "ended": own.ended(side.resident)}
    return shown(request, side, "bookings", "bookings", context)


def _booking(side: Side, number: str) -> Booking:
    found = own.booking(side.resident, number)
    if found is None:
        raise NotFound
    return found


def _voucher(request: HttpRequest, row: Booking) -> Any:
    """What the supplier's camera opens: their own page with the code in its field. It says nothing about the person."""
    if row.state != BookingState.HELD:
        return ""
    address = site.whole(request, reverse("volunteering:supplier-voucher", args=[row.code]))
    return qr.svg(address, _("QR code of your voucher"))


def _cancel_words(row: Booking, at: datetime) -> str:
    """What cancelling now would cost, in a sentence."""
    if row.state != BookingState.HELD or at >= row.slot.starts_at:
        return ""
    lost = ending.lost_by_cancelling(row, at)
    if not lost:
        return _("If you cancel now, all credits come back.")
    said = {"lost": amounts.credits_words(lost), "all": amounts.credits_words(row.credits)}
    return _("If you cancel now, %(lost)s of %(all)s credits are lost: somebody else could have come.") % said


def _page(request: HttpRequest, side: Side, row: Booking, form: Any) -> HttpResponse:
    at = now()
    until = pleading.appeal_until(row)
    pleas = list(row.pleas.order_by("-pk"))
    free = not any(plea.state == PleaState.OPEN for plea in pleas)
    context = {
        "booking": row, "voucher": _voucher(request, row), "cancel_words": _cancel_words(row, at), "pleas": pleas,
        "signs": free and row.state == BookingState.ATTENDED and row.redeemed_at and not row.signed_at,
        "appeal_until": until if free and until and at <= until and row.lost else None,
    }  # fmt: skip
    return shown(request, side, "booking", "bookings", context, form)


@require_GET
def one(request: HttpRequest, side: Side, number: str) -> HttpResponse:
    """One booking with its voucher, large enough to be read from a telephone."""
    return _page(request, side, _booking(side, number), SayForm())


@require_GET
def slip(request: HttpRequest, side: Side, number: str) -> HttpResponse:
    """The voucher on paper, for whoever has no telephone."""
    row = _booking(side, number)
    context = {
        "side": side,
        "booking": row,
        "voucher": _voucher(request, row),
        "cancel_words": _cancel_words(row, now()),
    }
    return personal(render(request, "volunteering/self/slip.html", context))


@require_POST
def cancel(request: HttpRequest, side: Side, number: str) -> HttpResponse:
    """I can't come."""
    row = _booking(side, number)
    return pressed(
        request, side, f"cancel:{row.pk}", lambda: ending.cancel(booking=row, by=side.by, at=now()),
        gettext_lazy("The booking is cancelled."), side.url("booking", row.number),
    )  # fmt: skip


@require_POST
def sign(request: HttpRequest, side: Side, number: str) -> HttpResponse:
    """Yes, it took place: the second sign."""
    row = _booking(side, number)
    return pressed(
        request, side, f"sign:{row.pk}", lambda: redeeming.sign(booking=row, by=side.by, at=now()),
        gettext_lazy("Thank you."), side.url("booking", row.number),
    )  # fmt: skip


def _said(act: Callable[..., Any], name: str) -> Callable[..., HttpResponse]:
    """A view that takes words about a booking: appeal, or denial."""

    @require_POST
    def view(request: HttpRequest, side: Side, number: str) -> HttpResponse:
        row, form = _booking(side, number), SayForm(request.POST)
        done = filled(
            request, side, f"{name}:{row.pk}", form,
            lambda: act(booking=row, words=form.cleaned_data["words"], by=side.by, at=now()),
            gettext_lazy("Somebody who had no part in it decides. You hear from us."),
            side.url("booking", row.number),
        )  # fmt: skip
        return done or _page(request, side, row, form)

    return view


appeal = _said(pleading.appeal, "appeal")
deny = _said(redeeming.deny, "deny")

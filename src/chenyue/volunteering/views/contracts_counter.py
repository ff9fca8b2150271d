"""The supplier's own page on a telephone: a number opens it for a day; vouchers are read, nothing else is shown.

Of residents it shows a masked name, and only while their booking is held.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import limits
from chenyue.core.acting import acted, now, page, posted, sent
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.forms import refused
from chenyue.core.http import once, personal, see_other
from chenyue.core.ids import read_receipt
from chenyue.people.masking import mask_name
from chenyue.volunteering import booking, bookings_seen, redeeming, suppliers
from chenyue.volunteering import forms_contracts as forms
from chenyue.volunteering.models import Booking, Slot, Supplier


def _found(request: HttpRequest, code: str) -> tuple[Supplier, bool]:
    supplier = suppliers.by_code(code)
    return supplier, suppliers.signed_in(request, supplier, now())


def _door(request: HttpRequest, supplier: Supplier, form: Any = None) -> HttpResponse:
    context = {"supplier": supplier, "enter": form or forms.EnterForm()}
    return personal(page(request, "volunteering/contracts/enter.html", context, form=form))


def _lines(slot: Slot) -> list[dict[str, Any]]:
    """Bookings of a slot as a supplier sees them: no name once it has ended."""
    rows = [row for row in slot.bookings.all() if row.state in ("held", "attended", "missed")]
    return [
        {"row": row, "name": mask_name(row.resident.name) if row.state == "held" else "", "number": row.number[-4:]}
        for row in sorted(rows, key=lambda row: row.pk)
    ]


def _counter(request: HttpRequest, supplier: Supplier, form: Any = None, done: Booking | None = None) -> HttpResponse:
    at = now()
    slots = [(slot, _lines(slot)) for slot in bookings_seen.todays(supplier, at)]
    context = {
        "supplier": supplier, "slots": slots, "coming": bookings_seen.coming(supplier, at), "done": done, "at": at,
        "code": form or forms.CodeForm(initial={"code": request.GET.get("voucher", "")[:20]}),
    }  # fmt: skip
    return personal(page(request, "volunteering/contracts/counter.html", context, form=form))


@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """Today's list; or the door, where the number is asked for."""
    supplier, inside = _found(request, code)
    if inside:
        return _counter(request, supplier)
    form = forms.EnterForm(posted(request))
    if form.is_valid():
        try:
            suppliers.sign_in(request, supplier, form.cleaned_data["pin"], now())
            return see_other("volunteering:supplier-page", code)
        except Refusal as refusal:
            refused(form, refusal)
    return _door(request, supplier, form if form.is_bound else None)


@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Close the page in this browser."""
    suppliers.by_code(code)
    suppliers.sign_out(request)
    return see_other("volunteering:supplier-page", code)


@require_POST
def redeem(request: HttpRequest, code: str) -> HttpResponse:
    """Read a voucher."""
    supplier, inside = _found(request, code)
    if not inside:
        return see_other("volunteering:supplier-page", code)
    form, at = forms.CodeForm(request.POST), now()
    if not form.is_valid():
        return _counter(request, supplier, form)
    typed = form.cleaned_data["code"]
    try:
        _not_guessing(supplier, at)
        once(
            request, f"volunteering.redeem:{supplier.pk}", lambda: _redeemed(typed, supplier, at), sent(request), at=at
        )
    except Refusal as refusal:
        _noted(refusal, typed, supplier, at)
        return _counter(request, supplier, refused(form, refusal))
    messages.success(request, _("Read. The person confirms it, or the office does."))
    return see_other("volunteering:supplier-page", code)


def _redeemed(typed: str, supplier: Supplier, at: Any) -> dict[str, Any]:
    return {"number": booking.redeem(code=typed, supplier=supplier, at=at).number}


def _not_guessing(supplier: Supplier, at: Any) -> None:
    if limits.reached(suppliers.CODES, str(supplier.pk), at):
        raise Refusal(_("Too many unknown codes. Please wait ten minutes."), field="code", code="too_often")


def _noted(refusal: Refusal, typed: str, supplier: Supplier, at: Any) -> None:
    """What a refused voucher leaves behind: a count of guesses, a flag on one that was shown twice."""
    if refusal.code == "unknown":
        limits.note(suppliers.CODES, str(supplier.pk), at)
    elif refusal.code == "again":
        redeeming.note_again(code=typed, supplier=supplier, at=at)


def _own_booking(supplier: Supplier, number: str) -> Booking:
    rows = Booking.objects.filter(slot__service__contract__supplier=supplier, number=number.upper()[:20])
    row = rows.select_related("slot__service__contract").first()
    if row is None:
        raise NotFound
    return row


@require_POST
def missed(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Nobody came."""
    supplier, inside = _found(request, code)
    if inside:
        row, by, at = _own_booking(supplier, number), suppliers.actor(supplier), now()
        scope = f"volunteering.supplier-missed:{supplier.pk}"
        acted(request, scope, lambda: booking.miss(booking=row, by=by, at=at), _("Written down."))
    return see_other("volunteering:supplier-page", code)


@require_http_methods(["GET", "POST"])
def off(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The supplier can't: a time is called off, with a reason."""
    supplier, inside = _found(request, code)
    if not inside:
        return see_other("volunteering:supplier-page", code)
    rows = Slot.objects.filter(service__contract__supplier=supplier, pk=pk).select_related("service__contract")
    slot, form, at = rows.first(), forms.WhyForm(posted(request)), now()
    if slot is None:
        raise NotFound
    if form.is_valid():
        by, why = suppliers.actor(supplier), form.cleaned_data["reason"]
        act = lambda: booking.call_off(slot=slot, reason=why, by=by, at=at)  # noqa: E731
        if acted(request, f"volunteering.supplier-off:{pk}", act, _("Called off. Everybody who booked is told.")):
            return see_other("volunteering:supplier-page", code)
    context = {"supplier": supplier, "slot": slot}
    return personal(page(request, "volunteering/contracts/counter_off.html", context, form=form))


@require_GET
def voucher(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a voucher opens: the supplier's page with the code in its field; to others, how to use it.

    Says nothing about the booking, not even whether there is one.
    """
    at = now()
    supplier = suppliers.current(request, at)
    if supplier is not None:
        return _counter(request, supplier, _prefilled(code))
    return personal(page(request, "volunteering/contracts/voucher.html", {"code": read_receipt(code)[:20]}))


def _prefilled(code: str) -> Any:
    return forms.CodeForm(initial={"code": read_receipt(code)[:20]})

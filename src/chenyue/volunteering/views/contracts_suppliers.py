"""Suppliers: who they are, their licence, and the page on which they redeem."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import qr, site
from chenyue.core.acting import acted, now, page, posted
from chenyue.core.errors import Refusal
from chenyue.core.forms import refused
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.timeline.queries import entries, visible_for
from chenyue.volunteering import bookings_seen, buying, seeing
from chenyue.volunteering import forms_contracts as forms
from chenyue.volunteering.models import Supplier
from chenyue.volunteering.views.contracts_shared import buys, small_form


def _url(pk: int) -> str:
    return reverse("volunteering:supplier", args=[pk])


@staff_only()
@require_GET
def suppliers(request: HttpRequest) -> HttpResponse:
    """All suppliers."""
    bookings_seen.readers(member_of(request), seeing.CONTRACTS)
    context = {"here": "contracts", "rows": Supplier.objects.order_by("-active", "name", "pk"), "buys": buys(request)}
    return page(request, "volunteering/contracts/suppliers.html", context | {"today": now().date()})


@staff_only()
@require_GET
def supplier(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier, with the address and code of its page for who buys."""
    row = bookings_seen.supplier_for(member_of(request), pk)
    context: dict[str, Any] = {
        "here": "contracts", "supplier": row, "contracts": row.contracts.all(), "buys": buys(request),
        "history": entries(row.subject, visible_for("office")),
    }  # fmt: skip
    if buys(request):
        address = site.whole(request, reverse("volunteering:supplier-page", args=[row.code]))
        context |= {"address": address, "drawn": qr.svg(address, _("QR code of the supplier's page"))}
    return page(request, "volunteering/contracts/supplier.html", context)


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a supplier, or change one."""
    member, at = member_of(request), now()
    row = bookings_seen.supplier_for(member, pk, "manage") if pk else None
    names = forms.SupplierForm.base_fields
    form = forms.SupplierForm(posted(request), initial={n: getattr(row, n) for n in names} if row else None)

    def act() -> dict[str, Any]:
        return {"pk": buying.save_supplier(supplier=row, by=member.actor(), at=at, **form.cleaned_data).pk}

    return small_form(
        request, form, "supplier", act, heading=row.name if row else _("Add a supplier"), button=_("Save"),
        back=_url(row.pk) if row else reverse("volunteering:suppliers"), to=lambda found: _url(found["pk"]),
    )  # fmt: skip


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the supplier's number. No key of the form here: nothing of what is sent is kept but its hash."""
    member, at = member_of(request), now()
    row = bookings_seen.supplier_for(member, pk, "manage")
    form = forms.PinForm(posted(request))
    if form.is_valid():
        try:
            buying.set_pin(supplier=row, pin=form.cleaned_data["pin"], by=member.actor(), at=at)
        except Refusal as refusal:
            refused(form, refusal)
        else:
            return see_other(_url(pk))
    context = {"heading": _("The supplier's number"), "back": _url(pk), "button": _("Set it"), "here": "contracts"}
    return page(request, "volunteering/contracts/form.html", context, form=form)


@staff_only(seeing.CONTRACTS)
@require_POST
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the supplier's page a new address."""
    member, at = member_of(request), now()
    row = bookings_seen.supplier_for(member, pk, "manage")
    said = _("The old address opens nothing any more. Give the supplier the new one.")
    scope = f"volunteering.supplier-address:{pk}"
    acted(request, scope, lambda: buying.new_page(supplier=row, by=member.actor(), at=at), said)
    return see_other(_url(pk))

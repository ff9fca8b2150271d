"""Times of a service: a series is added, one is looked at, resized or called off."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from chenyue.core.acting import now, page, posted
from chenyue.people.http import member_of, staff_only
from chenyue.volunteering import booking, bookings_seen, seeing, slotting, waiting
from chenyue.volunteering import forms_contracts as forms
from chenyue.volunteering.views.contracts_shared import buys, small_form


def _url(pk: int) -> str:
    return reverse("volunteering:slot", args=[pk])


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a series of slots."""
    member, at = member_of(request), now()
    row = bookings_seen.contract_for(member, pk, "manage")
    services = list(row.services.filter(active=True))
    form = forms.SlotsForm(posted(request), services=services)

    def act() -> dict[str, Any]:
        service = next(one for one in services if one.pk == form.cleaned_data["service"])
        capacity = form.cleaned_data["capacity"]
        made = slotting.make_slots(service=service, series=form.series(), capacity=capacity, by=member.actor(), at=at)
        return {"made": len(made.slots), "holidays": len(made.holidays), "existing": made.existing}

    answer = small_form(
        request, form, "slots", act, heading=_("Add times"), back=reverse("volunteering:contract", args=[pk]),
        button=_("Add times"), to=lambda found: _told(request, pk, found),
    )  # fmt: skip
    return answer


def _told(request: HttpRequest, pk: int, found: dict[str, Any]) -> str:
    """Say what came of a series."""
    said = [ngettext("%(n)d time was added.", "%(n)d times were added.", found["made"]) % {"n": found["made"]}]
    if found["existing"]:
        said.append(_("%(n)d were there already.") % {"n": found["existing"]})
    if found["holidays"]:
        said.append(_("Public holidays were passed over: %(n)d days.") % {"n": found["holidays"]})
    messages.success(request, " ".join(said))
    return reverse("volunteering:contract", args=[pk])


@staff_only()
@require_GET
def slot(request: HttpRequest, pk: int) -> HttpResponse:
    """One slot and who has booked it, masked."""
    member, at = member_of(request), now()
    row = bookings_seen.slot_for(member, pk)
    context = {
        "here": "bookings", "slot": row, "rows": bookings_seen.bookings(member, "all", at, slot=row).rows,
        "waiting": row.waiting.filter(state__in=waiting.ACTIVE).select_related("resident"), "buys": buys(request),
        "ahead": row.ends_at > at and row.state == "open",
    }  # fmt: skip
    return page(request, "volunteering/contracts/slot.html", context)


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def resize(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how many may come; who waits is called."""
    member, at = member_of(request), now()
    row = bookings_seen.slot_for(member, pk, "manage")
    form = forms.CapacityForm(posted(request), initial={"capacity": row.capacity})

    def act() -> None:
        more = slotting.resize(slot=row, capacity=form.cleaned_data["capacity"], by=member.actor(), at=at)
        waiting.fill(row, more, at)

    return small_form(
        request, form, "slot-resize", act, heading=_("How many may come"), back=_url(pk), button=_("Save"),
        here="bookings",
    )  # fmt: skip


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a slot off."""
    member, at = member_of(request), now()
    row = bookings_seen.slot_for(member, pk, "manage")
    form = forms.WhyForm(posted(request))

    def act() -> None:
        booking.call_off(slot=row, reason=form.cleaned_data["reason"], by=member.actor(), at=at)

    explain = _("Whoever booked gets all credits back and reads why, with a word of apology.")
    return small_form(
        request, form, "slot-off", act, heading=_("Call this time off"), back=_url(pk), button=_("Call it off"),
        here="bookings", explain=explain, late=True,
    )  # fmt: skip

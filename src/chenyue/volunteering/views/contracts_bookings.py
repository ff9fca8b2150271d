"""Bookings for staff: what waits for a sign or a decision, one booking, and what may be done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core.acting import acted, now, page, posted, sent
from chenyue.core.errors import NotFound
from chenyue.core.http import once, see_other
from chenyue.people.actions import reveal_contact
from chenyue.people.http import member_of, staff_only
from chenyue.people.queries import unmasked
from chenyue.people.residents import contact
from chenyue.timeline.queries import entries, visible_for
from chenyue.volunteering import booking, bookings_seen, pleading, seeing
from chenyue.volunteering import forms_contracts as forms
from chenyue.volunteering.lifecycle import BookingState, PleaKind, PleaState
from chenyue.volunteering.looks_contracts import FLAGS
from chenyue.volunteering.models import Booking
from chenyue.volunteering.views.contracts_shared import buys, serves, small_form


def _url(number: str) -> str:
    return reverse("volunteering:booking", args=[number])


@staff_only()
@require_GET
def bookings(request: HttpRequest) -> HttpResponse:
    """Bookings by what waits; found by number or voucher."""
    member, at = member_of(request), now()
    only = request.GET.get("only", "sign")
    only = only if only in bookings_seen.FILTERS else "sign"
    q = request.GET.get("q", "")[:60]
    found = bookings_seen.bookings(member, "all" if q else only, at, q=q, cursor=request.GET.get("cursor", ""))
    for row in found.rows:
        row.odd = [FLAGS[flag] for flag in row.flags if flag in FLAGS]
    context = {
        "here": "bookings", "page": found, "rows": found.rows, "only": only, "q": q,
        "signs": serves(request) or buys(request),
        "serves": serves(request),
    }  # fmt: skip
    return page(request, "volunteering/contracts/bookings.html", context)


@staff_only()
@require_POST
def sign_many(request: HttpRequest) -> HttpResponse:
    """The second sign for several that look as they should."""
    member, at = member_of(request), now()
    rows = bookings_seen.to_sign(member, request.POST.getlist("booking"))

    def act() -> dict[str, Any]:
        signed, left = booking.sign_many(bookings=rows, by=member.actor(), at=at)
        return {"signed": signed, "left": [[row.number, why] for row, why in left]}

    result, _fresh = once(request, "volunteering.sign-many", act, sent(request), at=at)
    said = ngettext("%(n)d booking was signed.", "%(n)d bookings were signed.", result["signed"])
    messages.success(request, said % {"n": result["signed"]})
    for number, why in result["left"][:10]:
        messages.warning(request, f"{number}: {why}")
    return see_other("volunteering:bookings")


@staff_only()
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One booking: what it is, who came (masked), what waits, its history."""
    member, at = member_of(request), now()
    row = bookings_seen.booking_for(member, number)
    shown = unmasked(member, [row.resident_id], row.subject, at)
    pleas = list(row.pleas.select_related("taken_by", "decided_by"))
    context: dict[str, Any] = {
        "here": "bookings", "booking": row, "contact": contact(row.resident, row.resident_id in shown), "pleas": pleas,
        "odd": [FLAGS[flag] for flag in row.flags if flag in FLAGS], "can": _can(request, row, at),
        "history": entries(row.subject, visible_for("office")), "open": [p for p in pleas if p.state == PleaState.OPEN],
        "appeal_until": pleading.appeal_until(row), "granted": any(pleading.needs_grant(plea) for plea in pleas),
        "decides": buys(request),
    }  # fmt: skip
    return page(request, "volunteering/contracts/booking.html", context)


def _can(request: HttpRequest, row: Booking, at: Any) -> dict[str, bool]:
    """What may be done with a booking now, by this person."""
    held, either = row.state == BookingState.HELD, serves(request) or buys(request)
    until = pleading.appeal_until(row)
    return {
        "cancel": held and row.slot.starts_at > at and serves(request),
        "missed": held and at >= row.slot.starts_at and either,
        "sign": row.state == BookingState.ATTENDED and row.signed_at is None and either,
        "appeal": until is not None and at <= until and serves(request),
        "complain": row.state == BookingState.ATTENDED and serves(request),
        "slip": held and serves(request),
    }


Act = Callable[[Booking, dict[str, Any], Any, Any], Any]
# Words of each act: heading, button, explanation; a form; what is done.
ACTS: dict[str, tuple[Any, Any, Any, Any, Act]] = {
    "cancel": (
        lambda: _("Cancel the booking"), lambda: _("Cancel it"),
        lambda: _("In time all credits go back; later, what the contract's grades say. The place is passed on."),
        forms.MaybeWhyForm,
        lambda row, data, by, at: booking.cancel(booking=row, reason=data["reason"], by=by, at=at),
    ),
    "appeal": (
        lambda: _("Take an appeal down"), lambda: _("Take it down"),
        lambda: _("Somebody who had no part in it decides; until then the credits stay held."),
        forms.PleaForm,
        lambda row, data, by, at: pleading.appeal(booking=row, words=data["words"], by=by, at=at),
    ),
    "complain": (
        lambda: _("Take a complaint about the service down"), lambda: _("Take it down"),
        lambda: _("Until it is decided nothing is burnt and nothing is settled. No findings, no diagnosis: those"
                  " stay with the provider."),
        forms.PleaForm,
        lambda row, data, by, at: pleading.complain(
            booking=row, kind=PleaKind.SERVICE, words=data["words"], by=by, at=at
        ),
    ),
    "contact": (
        lambda: _("See name and telephone"), lambda: _("Show it"),
        lambda: _("Each look is written down with its reason."),
        forms.LookForm,
        lambda row, data, by, at: reveal_contact(
            resident=row.resident, subject=row.subject, reason=data["reason"], by=by, at=at
        ) and None,
    ),
}  # fmt: skip


@staff_only()
@require_http_methods(["GET", "POST"])
def act_on(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """An act with words: cancel, appeal, complain, look at contact data."""
    if what not in ACTS:
        raise NotFound
    member, at = member_of(request), now()
    row = bookings_seen.booking_for(member, number)
    seeing.check(member.actor(), "contact.see" if what == "contact" else seeing.SERVE)
    heading, button, explain, kind, act = ACTS[what]
    form = kind(posted(request))

    def run() -> None:
        act(row, form.cleaned_data, member.actor(), at)

    return small_form(
        request, form, f"booking-{what}:{number}", run, heading=f"{heading()} {number}", back=_url(number),
        button=button(), explain=explain(), here="bookings", late=what == "cancel",
    )  # fmt: skip


@staff_only()
@require_POST
def press(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """An act without words: the second sign, or nobody came."""
    member, at = member_of(request), now()
    row, by = bookings_seen.booking_for(member, number), member.actor()
    acts: dict[str, Callable[[], Any]] = {
        "sign": lambda: booking.sign(booking=row, by=by, at=at),
        "missed": lambda: booking.miss(booking=row, by=by, at=at),
    }
    if what not in acts:
        raise NotFound
    acted(request, f"volunteering.booking-{what}:{number}", acts[what], _("Written down."))
    return see_other(_url(number))


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide an appeal or complaint."""
    member, at = member_of(request), now()
    plea = bookings_seen.plea_for(member, pk)
    number = plea.booking.number if plea.booking else ""
    form = forms.DecideForm(posted(request), initial={"version": plea.version})

    def act() -> None:
        pleading.decide(plea=plea, by=member.actor(), at=at, **form.cleaned_data)

    return small_form(
        request, form, f"plea:{pk}", act, heading=_("Decide about %(number)s") % {"number": number}, back=_url(number),
        button=_("Decide"), here="bookings", explain=plea.words,
    )  # fmt: skip

"""Contracts and their lines: written down by one, signed by another, cut short where it must be."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import kept_files
from chenyue.core.acting import acted, now, page, posted
from chenyue.core.errors import NotFound
from chenyue.core.http import see_other, served
from chenyue.people.http import member_of, staff_only
from chenyue.timeline.queries import entries, visible_for
from chenyue.volunteering import booking, bookings_seen, buying, foreseeing, seeing
from chenyue.volunteering import forms_contracts as forms
from chenyue.volunteering.models import Contract, Service, Settlement, Supplier
from chenyue.volunteering.views.contracts_shared import buys, small_form


def _url(pk: int) -> str:
    return reverse("volunteering:contract", args=[pk])


@staff_only()
@require_GET
def contracts(request: HttpRequest) -> HttpResponse:
    """What the office has bought."""
    rows = bookings_seen.contracts(member_of(request))
    return page(request, "volunteering/contracts/list.html", {"here": "contracts", "rows": rows, "buys": buys(request)})


@staff_only()
@require_GET
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: services, times, settlements, history."""
    row, at = bookings_seen.contract_for(member_of(request), pk), now()
    past = request.GET.get("past") == "1"
    context = {
        "here": "contracts", "contract": row, "services": list(row.services.select_related("place")),
        "slots": bookings_seen.slots_of(row, at, past), "past": past, "buys": buys(request),
        "settlements": Settlement.objects.filter(contract=row), "last": buying.last_day(row),
        "left": row.budget - row.owed,
        "may_sign": buys(request) and row.state == "draft" and row.made_by_id != member_of(request).pk,
        "history": entries(row.subject, visible_for("office")),
    }  # fmt: skip
    return page(request, "volunteering/contracts/contract.html", context)


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a contract down, or change a draft."""
    by, at = member_of(request).actor(), now()
    row = bookings_seen.contract_for(member_of(request), pk, "manage") if pk else None
    known = list(Supplier.objects.filter(active=True))
    files = request.FILES if request.method == "POST" else None
    initial = forms.initial_contract(row) if row else {"supplier": request.GET.get("supplier")}
    form = forms.ContractForm(posted(request), files, suppliers=known, initial=initial)

    def act() -> dict[str, Any]:
        return {"pk": buying.save_contract(contract=row, by=by, at=at, **form.all_details(known)).pk}

    heading = _("Change the draft") if row else _("Write a contract down")
    explain = _("A second person signs it; from then on only being cut short changes it.")
    return small_form(
        request, form, "contract", act, heading=heading, explain=explain, button=_("Save"),
        back=_url(row.pk) if row else reverse("volunteering:contracts"), to=lambda found: _url(found["pk"]),
    )  # fmt: skip


@staff_only(seeing.CONTRACTS)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person signs."""
    member, at = member_of(request), now()
    row = bookings_seen.contract_for(member, pk, "manage")
    said = _("Signed. Add times now, so that people can book.")
    acted(
        request, f"volunteering.contract-sign:{pk}", lambda: buying.sign(contract=row, by=member.actor(), at=at), said
    )
    return see_other(_url(pk))


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def cut(request: HttpRequest, pk: int) -> HttpResponse:
    """Cut a contract short."""
    member, at = member_of(request), now()
    row = bookings_seen.contract_for(member, pk, "manage")
    form = forms.CutForm(posted(request), initial={"version": row.version})

    def act() -> None:
        booking.cut(contract=row, by=member.actor(), at=at, **form.cleaned_data)

    explain = _("Times after this day are called off; whoever booked gets all credits back and reads why.")
    return small_form(
        request, form, "contract-cut", act, heading=_("Cut the contract short"), back=_url(pk), explain=explain,
        button=_("Cut it short"), late=True,
    )  # fmt: skip


@staff_only()
@require_GET
def file(request: HttpRequest, pk: int) -> Any:
    """The paper of a contract."""
    row = bookings_seen.contract_for(member_of(request), pk)
    if not row.file:
        raise NotFound
    return served(kept_files.opened(row.file["path"], row.file["content_type"], row.file["name"]))


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, pk: int, line: int | None = None) -> HttpResponse:
    """Add a line to a contract, or change one."""
    member, at = member_of(request), now()
    row = bookings_seen.contract_for(member, pk, "manage")
    found = _line(row, line) if line else None
    form = forms.ServiceForm(posted(request), initial=forms.initial_service(found) if found else None)

    def act() -> None:
        buying.save_service(contract=row, service=found, by=member.actor(), at=at, **form.cleaned_data)

    explain = _("Price, quantity and credits can't be changed once the contract is signed.")
    heading = found.name if found else _("Add a service")
    return small_form(request, form, "service", act, heading=heading, back=_url(pk), explain=explain, button=_("Save"))


def _line(row: Contract, pk: int) -> Service:
    found = Service.objects.filter(contract=row, pk=pk).first()
    if found is None:
        raise NotFound
    return found


@staff_only()
@require_GET
def forecast(request: HttpRequest) -> HttpResponse:
    """What outstanding credits would cost, and how long the budget lasts."""
    bookings_seen.readers(member_of(request), seeing.CONTRACTS, seeing.CREDITS)
    found = foreseeing.of_office(now())
    return page(request, "volunteering/contracts/forecast.html", {"here": "contracts", "found": found})

"""Settlements: drawn up, agreed by a second person, paid; as page, workbook, Word and PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import papers
from chenyue.core.acting import done, now, page, posted
from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.people.http import member_of, staff_only
from chenyue.volunteering import bookings_seen, seeing, settlement_paper, settling
from chenyue.volunteering import forms_contracts as forms
from chenyue.volunteering.models import Contract, Settlement
from chenyue.volunteering.views.contracts_shared import buys, small_form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _url(pk: int, month: str) -> str:
    return reverse("volunteering:settlement", args=[pk, month])


@staff_only(seeing.CONTRACTS)
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a month up, or anew, with the supplier's invoice."""
    member, at = member_of(request), now()
    row = bookings_seen.contract_for(member, pk, "manage")
    month = request.GET.get("month") or f"{timezone.localtime(at):%Y-%m}"
    known = bookings_seen.settlement_for(member, row, month) if "month" in request.GET else None
    form = forms.MonthForm(posted(request), services=row.services.all(), initial=forms.initial_month(known, month))

    def act() -> dict[str, Any]:
        data = form.cleaned_data
        made = settling.draw_up(
            contract=row, month=form.day(), by=member.actor(), at=at, claimed=data["claimed"], invoice=data["invoice"],
            counts=form.counts(), version=data["version"],
        )  # fmt: skip
        return {"month": f"{made.month:%Y-%m}"}

    return small_form(
        request, form, f"settlement:{pk}", act, heading=_("Draw a month up"), button=_("Draw it up"),
        back=reverse("volunteering:contract", args=[pk]), to=lambda found: _url(pk, found["month"]),
        explain=_("What was attended and signed by a second person enters. The invoice may follow later."),
    )  # fmt: skip


def _found(request: HttpRequest, pk: int, month: str, to: str = "see") -> tuple[Contract, Settlement]:
    contract = bookings_seen.contract_for(member_of(request), pk, to)
    row = bookings_seen.settlement_for(member_of(request), contract, month)
    if row is None:
        raise NotFound
    row.contract = contract
    return contract, row


def _shown(
    request: HttpRequest, contract: Contract, row: Settlement, form: Any = None, paid: Any = None
) -> HttpResponse:
    mine, draft = row.made_by_id == member_of(request).pk, row.state == "draft"
    kinds = {kind: [one for one in row.lines if one["kind"] == kind] for kind in ("service", "correction", "carried")}
    context = {
        "here": "contracts", "contract": contract, "row": row, "kinds": kinds, "month": f"{row.month:%Y-%m}",
        "buys": buys(request), "mine": mine, "draft": draft, "unsigned": settling.unsigned(contract, row.month).count(),
        "stale": draft and settling.compute(contract, row.month) != row.lines,
        "over": settling.ending(row.month) <= now(), "bookings": settlement_paper.bookings_of(row)[:200],
        "differences": [settlement_paper.difference(one) for one in row.differences if one["kind"] != "words"],
        "said": [one["what"] for one in row.differences if one["kind"] == "words"],
        "form": form or forms.AgreeForm(initial={"version": row.version}),
        "paid": paid or forms.PaidForm(initial={"on": timezone.localdate(now())}),
    }  # fmt: skip
    return page(request, "volunteering/contracts/settlement.html", context, form=paid or form)


@staff_only()
@require_GET
def settlement(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """A month of a contract."""
    return _shown(request, *_found(request, pk, month))


@staff_only(seeing.CONTRACTS)
@require_POST
def agree(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """The second person agrees."""
    contract, row = _found(request, pk, month, "manage")
    form, by, at = forms.AgreeForm(request.POST), member_of(request).actor(), now()
    if form.is_valid():

        def act() -> None:
            settling.agree(settlement=row, by=by, at=at, **form.cleaned_data)

        if done(request, f"volunteering.agree:{row.pk}", form, act) is not None:
            return see_other(_url(pk, month))
    return _shown(request, contract, row, form)


@staff_only(seeing.CONTRACTS)
@require_POST
def pay(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """Note when a month was paid."""
    contract, row = _found(request, pk, month, "manage")
    form, by, at = forms.PaidForm(request.POST), member_of(request).actor(), now()
    if form.is_valid():

        def act() -> None:
            settling.pay(settlement=row, by=by, at=at, **form.cleaned_data)

        if done(request, f"volunteering.pay:{row.pk}", form, act) is not None:
            return see_other(_url(pk, month))
    return _shown(request, contract, row, paid=form)


@staff_only()
@require_GET
def file(request: HttpRequest, pk: int, month: str, kind: str) -> HttpResponse:
    """The settlement as a file."""
    contract, row = _found(request, pk, month)
    at, name = now(), f"{contract.number}-{month}"
    if kind == "xlsx":
        content, kind_of = settlement_paper.workbook(row, member_of(request).name, at), XLSX
    elif kind == "pdf":
        content, kind_of = bytes(settlement_paper.pdf(settlement_paper.data_of(row), at)), papers.PDF
    elif kind == "docx":
        content, kind_of = bytes(settlement_paper.word(settlement_paper.data_of(row))), papers.WORD
    else:
        raise NotFound
    headers = {"Content-Disposition": papers.as_file(f"结算单 {name}.{kind}")}
    return HttpResponse(content, content_type=kind_of, headers=headers)

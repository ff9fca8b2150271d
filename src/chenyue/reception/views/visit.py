"""One ticket: what is done with it, its slip, and the visit sheet."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chenyue.core import qr, site
from chenyue.core.errors import NotFound
from chenyue.core.http import see_other
from chenyue.people.http import staff_only
from chenyue.reception import reading_queue as reading
from chenyue.reception import visits
from chenyue.reception.forms_queue import SheetForm, UnitForm, where
from chenyue.reception.http import acted, done, member_of, now, page
from chenyue.reception.models import Ticket
from chenyue.reception.queries import as_published
from chenyue.reception.queue import actions
from chenyue.reception.views.queue import DRAFTS, SLIPS, draft_of, number, shown

ACTS: dict[str, Callable[..., Ticket]] = {
    "recall": actions.recall,
    "not-there": actions.no_show,
    "back": actions.come_back,
    "undo": actions.undo,
    "start": actions.start,
    "finish": actions.finish,
    "leave": actions.leave,
    "cancel": actions.cancel,
    "check-in": actions.check_in,
}


@staff_only()
@require_POST
def ticket_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Recall, not there, back, take back, begin, end, leave, give back, has come, call out of turn."""
    member, at = member_of(request), now()
    ticket = reading.ticket_for(member, pk)
    if act not in ACTS and act != "call":
        raise NotFound

    def do() -> dict[str, Any]:
        more = {"window": number(request.POST.get("window"), 1)} if act == "call" else {}
        ({"call": actions.call} | ACTS)[act](ticket=ticket, by=member.actor(), at=at, **more)
        return {}

    if acted(request, f"reception.ticket.{act}", do) and act in ("not-there", "leave", "finish", "cancel"):
        again = reverse("reception:ticket-do", args=[pk, "undo"])
        said = {"not-there": _("%(label)s is set aside."), "finish": _("%(label)s was heard.")}
        sentence = said.get(act, _("%(label)s has left.")) % {"label": ticket.label}
        messages.success(request, sentence, extra_tags=f"undo:{again}")
    return see_other("reception:sitting", ticket.sitting_id)


@staff_only()
@require_http_methods(["GET", "POST"])
def to_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Walk the visitor over to a unit."""
    member, at = member_of(request), now()
    ticket = reading.ticket_for(member, pk)
    form = UnitForm(request.POST or None)

    def do() -> dict[str, Any]:
        actions.transfer(ticket=ticket, unit=form.cleaned_data["unit"], by=member.actor(), at=at)
        return {}

    if form.is_valid() and done(request, "reception.unit", form, do) is not None:
        said = _("%(label)s is brought to %(unit)s. They have been told.")
        messages.success(request, said % {"label": ticket.label, "unit": form.cleaned_data["unit"].name})
        return see_other("reception:sitting", ticket.sitting_id)
    return page(request, "reception/queue/to_unit.html", {"ticket": ticket}, form=form)


@staff_only()
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The visit sheet: read afterwards, or written while the visitor is at the window."""
    member, at = member_of(request), now()
    ticket = reading.ticket_for(member, pk)
    if request.method == "GET":
        return _read(request, ticket)
    form = SheetForm(request.POST, known=ticket.resident)

    def write() -> dict[str, Any]:
        written = visits.write_visit(ticket=ticket, sheet=form.sheet(), by=member.actor(), at=at, finish=form.finishes)
        filed = written.filed
        numbers = {"case": filed.case.number, "appeal": filed.appeal.number} if filed else {}
        return numbers | {"saved": written.visit.version - 1}

    found = done(request, "reception.visit", form, write) if form.is_valid() else None
    if found is None:
        return page(request, "reception/queue/sitting.html", _again(request, ticket, form), form=form)
    _thank(request, ticket, found)
    return see_other("reception:sitting", ticket.sitting_id)


def _again(request: HttpRequest, ticket: Ticket, form: SheetForm) -> dict[str, Any]:
    """The page with what was typed; also when a colleague or another tab ended this visit meanwhile."""
    member = member_of(request)
    context = shown(request, reading.sitting_for(member, ticket.sitting_id), form)
    context["draft"] = draft_of(ticket.pk, reading.sheets_saved(ticket))
    return context | {"mine": ticket, "form": form, "known": reading.known(member, ticket)}


def _thank(request: HttpRequest, ticket: Ticket, found: dict[str, Any]) -> None:
    """Say that it is written, offer the slip, and let the browser forget what was typed."""
    messages.success(request, _("%(label)s: the sheet is written.") % {"label": ticket.label})
    request.session[DRAFTS] = [draft_of(ticket.pk, found["saved"])]
    if "case" in found:
        slips = request.session.get(SLIPS, [])
        request.session[SLIPS] = [*slips, [ticket.label, found["case"], found["appeal"]]][-3:]


def _read(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """A sheet as it was written; names and telephones masked."""
    visit = reading.sheets(ticket.sitting).filter(ticket=ticket).first()
    if visit is None:
        raise NotFound
    return render(request, "reception/queue/sheet.html", {"visit": visit, "ticket": ticket, "sitting": ticket.sitting})


@staff_only()
@require_GET
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The slip of a ticket, on 80 mm paper: number, who is before, the interval, the code of its page."""
    ticket = reading.ticket_for(member_of(request), pk)
    here = reading.sitting_for(member_of(request), ticket.sitting_id)
    context: dict[str, Any] = {"ticket": ticket, "sitting": here, "ahead": reading.ahead_of(ticket)}
    context["promise"] = reading.promise_of(ticket)
    if here.published_at is not None:
        context["receiving"] = as_published(here)
    if link := _link(request, ticket):
        context["qr"] = qr.svg(link, _("Code of the ticket's page"))
    return render(request, "reception/queue/slip.html", context)


def _link(request: HttpRequest, ticket: Ticket) -> str:
    """The whole address of the visitor's own page."""
    try:
        path = reverse("reception:ticket", args=[ticket.token])
    except NoReverseMatch:
        return ""
    return site.whole(request, path)


@staff_only("case.see")
@require_GET
def near(request: HttpRequest) -> HttpResponse:
    """Cases at the place that is being typed, as far as this member may see them."""
    found = where(request.GET.get("place", "")[:160])
    rows = reading.at_place(member_of(request), found.place_id) if found.place_id else []
    return render(request, "reception/queue/near.html", {"nearby": rows, "place": found.told})

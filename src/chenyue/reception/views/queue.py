"""Reception today: who is next, in one key; the visitor's sheet beside the line."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.http import once, see_other
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.reception import reading_queue as reading
from chenyue.reception.forms_queue import SheetForm, TicketForm
from chenyue.reception.http import acted, done, member_of, now, page, sent, today
from chenyue.reception.models import Sitting, Ticket
from chenyue.reception.queries import next_sittings
from chenyue.reception.queue import actions, queries

WINDOW = "reception.window"
SLIPS, DRAFTS = "reception.slips", "reception.drafts"  # to be printed; kept by the browser and saved by now


@staff_only()
@require_GET
def reception_today(request: HttpRequest) -> HttpResponse:
    """Straight to the sitting that this member most likely means; without one, what is planned."""
    member, at = member_of(request), now()
    rows = reading.sittings_for(member, today(at))
    if not rows:
        if not may(member, "reception.serve"):
            raise NotAllowed
        return render(request, "reception/queue/none.html", {"next": next_sittings(at, limit=3), "today": today(at)})
    here = reading.current(rows, member, at)
    assert here is not None
    return see_other("reception:sitting", here.pk)


@staff_only()
@require_GET
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """The line, and the sheet of whoever is at this member's window."""
    here = reading.sitting_for(member_of(request), pk)
    return page(request, "reception/queue/sitting.html", shown(request, here))


def shown(request: HttpRequest, here: Sitting, form: SheetForm | None = None) -> dict[str, Any]:
    """What the page of a sitting shows; `form` is a sheet that was refused."""
    member, at = member_of(request), now()
    line = queries.line(here, at)
    busy = [*line.called, *line.in_visit]
    mine = reading.own_visitor(member, busy)
    context = line_of(here, line) | {"mine": mine, "take": TicketForm(auto_id="take_%s")}
    context["others"] = reading.sittings_for(member, today(here.starts_at))
    context["window"] = request.session.get(WINDOW) or reading.first_free_window(here, busy)
    context["windows"] = range(1, here.venue.windows + 1)
    context["coverage"] = queries.coverage(at, venue_id=here.venue_id)
    if mine is not None:
        ticket = reading.ticket_for(member, mine.pk)
        start = {"name": ticket.called_as if ticket.resident_id is None else ""}
        start["place"] = ticket.place.full_name if ticket.place else ""
        context["form"] = form or SheetForm(initial=start, known=ticket.resident)
        context["known"] = reading.known(member, ticket)
        context["draft"] = draft_of(ticket.pk, reading.sheets_saved(ticket))
    context["slips"] = request.session.get(SLIPS, [])
    context["drafts_done"] = request.session.pop(DRAFTS, []) if DRAFTS in request.session else []
    return context


def draft_of(pk: int, saved: int) -> str:
    """The name under which the browser keeps what is typed: another after each sheet that was saved."""
    return f"visit-{pk}-{saved}"


def line_of(here: Sitting, line: queries.Line) -> dict[str, Any]:
    """What the part with the line shows; it is also fetched alone."""
    return {"sitting": here, "line": line, "rule": queries.printed_rule(), "at_window": [*line.called, *line.in_visit]}


@staff_only()
@require_GET
def line_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The line alone, fetched every few seconds: intervals move with the clock too."""
    here = reading.sitting_for(member_of(request), pk)
    return render(request, "reception/queue/line.html", line_of(here, queries.line(here, now())))


@staff_only()
@require_POST
def call_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Next, please. Two who press at once each get their own visitor, and the second is told."""
    member, at = member_of(request), now()
    reading.sitting_for(member, pk)
    window = number(request.POST.get("window"), 1)

    def act() -> dict[str, Any]:
        ticket = actions.call_next(sitting=pk, window=window, by=member.actor(), at=at)
        return {"ticket": ticket.pk, "window": ticket.window} if ticket else {}

    try:
        found, _fresh = once(request, "reception.next", act, sent(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return see_other("reception:sitting", pk)
    _tell(request, member, found, window)
    request.session[WINDOW] = found.get("window") or window
    return see_other("reception:sitting", pk)


def _tell(request: HttpRequest, member: Member, found: dict[str, Any], window: int) -> None:
    """Say who was faster, if somebody was, and where the visitor comes to."""
    expected = number(request.POST.get("expected"), 0)
    got = Ticket.objects.filter(pk=found.get("ticket", 0)).first()
    if expected and (got is None or got.pk != expected):
        other = Ticket.objects.select_related("server").filter(pk=expected).first()
        if other is not None and other.server is not None and other.server_id != member.pk:
            said = _("%(label)s was called by %(name)s a moment before you.")
            messages.info(request, said % {"label": other.label, "name": other.server.name})
    if got is None:
        messages.info(request, _("Nobody is waiting."))
    elif got.window != window:
        said = _("A colleague has a visitor at window %(wanted)d: %(label)s comes to window %(window)d.")
        messages.info(request, said % {"wanted": window, "label": got.label, "window": got.window})


def number(typed: str | None, otherwise: int) -> int:
    """What a hidden field carried, or something that will do."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else otherwise


@staff_only()
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """A ticket for somebody at the desk: printed, or called straight to this window."""
    member, at = member_of(request), now()
    here = reading.sitting_for(member, pk)
    form = TicketForm(request.POST)
    straight, anyway = "straight" in request.POST, "anyway" in request.POST

    def act() -> dict[str, Any]:
        facts = form.facts() | {"or_next": not straight, "anyway": anyway or straight}
        ticket = actions.take_ticket(sitting=here, by=member.actor(), at=at, **facts)
        if straight:
            window = number(request.POST.get("window"), 1)
            ticket = actions.call(ticket=ticket, window=window, by=member.actor(), at=at)
        return {"ticket": ticket.pk}

    found = done(request, "reception.take", form, act) if form.is_valid() else None
    if found is None:
        return page(request, "reception/queue/sitting.html", shown(request, here) | {"take": form}, form=form)
    return see_other("reception:sitting", pk) if straight else see_other("reception:slip", found["ticket"])


ACTS = {"open": actions.open_sitting, "stop": actions.stop, "go-on": actions.go_on}


@staff_only()
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Open a sitting, stop giving tickets, go on."""
    member, at = member_of(request), now()
    reading.sitting_for(member, pk)
    if act not in ACTS:
        raise NotFound

    def do() -> dict[str, Any]:
        ACTS[act](sitting=pk, by=member.actor(), at=at)
        return {}

    acted(request, f"reception.{act}", do)
    return see_other("reception:sitting", pk)

"""What the pages of the reception show: which sitting, whose visitor, the sheet of a day. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from chenyue.cases import queries as cases
from chenyue.cases.models import Case
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.people import masking
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.reception import queries
from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import Shift, Sitting, SittingReport, Ticket, Visit, VisitAppeal
from chenyue.reception.queue import report, standing
from chenyue.reception.queue.doors import WORD, may_receive

EARLIER = 6  # cases shown beside the sheet


def sittings_for(member: Member, day: date) -> list[Sitting]:
    """The sittings of a day that a member may receive at: all with the permission, else those of the roster."""
    rows = queries.sittings_on(day)
    if may(member, WORD):
        return rows
    return [s for s in rows if any(shift.person.member_id == member.pk for shift in s.shifts.all())]


def current(rows: Iterable[Sitting], member: Member, at: datetime) -> Sitting | None:
    """The sitting that a member most likely means: open and their own, open, to come, the last one."""

    def rank(sitting: Sitting) -> tuple[int, int, float]:
        over = sitting.state in (SittingState.CLOSED, SittingState.CANCELLED) or at > sitting.ends_at
        state = 0 if sitting.state == SittingState.OPEN else 2 if over else 1
        own = any(shift.person.member_id == member.pk for shift in sitting.shifts.all())
        return state, 0 if own else 1, abs((sitting.starts_at - at).total_seconds())

    return min(rows, key=rank, default=None)


def sitting_for(member: Member, pk: int) -> Sitting:
    """A sitting with its venue, for somebody who receives at it. Raises NotFound, NotAllowed."""
    shifts = Prefetch("shifts", Shift.objects.filter(absent_at=None).select_related("person__member"))
    row = Sitting.objects.select_related("venue").prefetch_related(shifts).filter(pk=pk).first()
    if row is None:
        raise NotFound
    if not may_receive(member, row):
        raise NotAllowed
    return row


def ticket_for(member: Member, pk: int) -> Ticket:
    """A ticket with its sitting, for somebody who receives there. Raises NotFound, NotAllowed."""
    rows = Ticket.objects.select_related("sitting__venue", "resident", "place", "server", "unit")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    if not may_receive(member, row.sitting):
        raise NotAllowed
    return row


def own_visitor(member: Member, tickets: Iterable[Ticket]) -> Ticket | None:
    """Whom this member has at the window."""
    return next((t for t in tickets if t.server_id == member.pk), None)


def first_free_window(sitting: Sitting, busy: Iterable[Ticket]) -> int:
    """The lowest window without a visitor; 1 when all are taken."""
    taken = {t.window for t in busy}
    return next((w for w in range(1, sitting.venue.windows + 1) if w not in taken), 1)


@dataclass(frozen=True)
class Known:
    """What the office knows already: this visitor's cases, and those at the place. Masked, only what may be seen."""

    name: str
    phone: str
    cases: list[Case]
    nearby: list[Case]


def known(member: Member, ticket: Ticket) -> Known:
    """The caller's earlier cases, and open cases at the building that the ticket was taken from."""
    who = ticket.resident
    own: list[Case] = []
    if who is not None:
        ids = cases.visible(member).filter(appeals__reporter=who).values("pk")
        own = list(cases.lines(Case.objects.filter(pk__in=ids).order_by("-pk"))[:EARLIER])
    nearby = at_place(member, ticket.place_id) if ticket.place_id else []
    name, phone = (masking.mask_name(who.name), masking.mask_phone(who.phone)) if who else ("", "")
    return Known(name, phone, own, [case for case in nearby if case not in own])


def at_place(member: Member, place_id: int) -> list[Case]:
    """The newest cases at a place or in it that a member may see."""
    here = Q(place_id=place_id) | Q(building_id=place_id) | Q(estate_id=place_id)
    return list(cases.lines(cases.visible(member).filter(here).order_by("-pk"))[:EARLIER])


def sheets(sitting: Sitting) -> QuerySet[Visit]:
    """The visit sheets of a sitting with what they filed. Three statements."""
    return _sheets([sitting])


def _sheets(sittings: Sequence[Sitting]) -> QuerySet[Visit]:
    links = VisitAppeal.objects.select_related("appeal__case__category").order_by("pk")
    rows = Visit.objects.filter(sitting__in=sittings).select_related("ticket", "heard_by", "place")
    return rows.prefetch_related(Prefetch("filed", links), "parties").order_by("started_at", "pk")


@dataclass(frozen=True)
class Ended:
    """A sitting as its sheet tells it: figures (kept at the close, else as they stand), visits, the unheard."""

    sitting: Sitting
    report: SittingReport | None
    figures: dict[str, Any]
    visits: list[Visit]
    unheard: list[Ticket]


def ended(sitting: Sitting, at: datetime) -> Ended:
    """The sheet of a sitting, closed or still running."""
    found = SittingReport.objects.select_related("by").filter(sitting=sitting).first()
    figures = found.figures if found else report.figures(sitting, _tickets(sitting), at)
    unheard = Ticket.objects.filter(sitting=sitting, state=TicketState.UNHEARD)
    unheard = unheard.select_related("carried_to__sitting").order_by("number")
    return Ended(sitting, found, figures, list(sheets(sitting)), list(unheard))


def ended_on(sittings: Sequence[Sitting], at: datetime) -> list[Ended]:
    """The sheets of several sittings: six statements, and those of the figures for each that isn't closed."""
    reports = {r.sitting_id: r for r in SittingReport.objects.select_related("by").filter(sitting__in=sittings)}
    tickets: dict[int, list[Ticket]] = defaultdict(list)
    whole = {sitting.pk: sitting for sitting in sittings}
    rows = Ticket.objects.filter(sitting__in=sittings).select_related("carried_to__sitting")
    for ticket in rows.order_by("number"):
        ticket.sitting = whole[ticket.sitting_id]
        tickets[ticket.sitting_id].append(ticket)
    visits: dict[int, list[Visit]] = defaultdict(list)
    for visit in _sheets(sittings):
        visits[visit.sitting_id].append(visit)
    found = []
    for sitting in sittings:
        here, told = tickets[sitting.pk], reports.get(sitting.pk)
        figures = told.figures if told else report.figures(sitting, here, at)
        unheard = [t for t in here if t.state == TicketState.UNHEARD]
        found.append(Ended(sitting, told, figures, visits[sitting.pk], unheard))
    return found


def _tickets(sitting: Sitting) -> list[Ticket]:
    rows = list(Ticket.objects.filter(sitting=sitting).order_by("number"))
    for ticket in rows:
        ticket.sitting = sitting
    return rows


def promise_of(ticket: Ticket) -> tuple[int, int] | None:
    """Minutes that this ticket was told when it was taken."""
    if ticket.promised_low is None or ticket.promised_high is None:
        return None
    return ticket.promised_low // 60, ticket.promised_high // 60


def ahead_of(ticket: Ticket) -> int:
    """How many stand before this ticket now."""
    waiting = standing.waiting(Ticket.objects.filter(sitting_id=ticket.sitting_id), standing.office_rules())
    return next((n for n, row in enumerate(waiting) if row.pk == ticket.pk), 0)


def sheets_saved(ticket: Ticket) -> int:
    """How often the sheet of this ticket was saved, plus one."""
    return Visit.objects.filter(ticket=ticket).values_list("version", flat=True).first() or 1

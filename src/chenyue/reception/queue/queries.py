"""Reading a queue: the line with its waits, what a newcomer may expect, one's own ticket, how often intervals held."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core.errors import NotFound
from chenyue.people import masking
from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import Priority, Sitting, Ticket
from chenyue.reception.queue import eta, order, report, rules, standing
from chenyue.reception.queue.rules import BOOKED, QueueRules
from chenyue.reception.queue.tickets import STOPPED, TOO_EARLY, Slot, slots

__all__ = ["Coverage", "Forecast", "Line", "LineRow", "Mine", "Slot", "coverage", "forecast", "free_slots", "line"]
__all__ += ["mine", "printed_rule", "reason_in_words"]

GOOD = (0.75, 0.85)  # where the share of kept intervals should lie: lower is too bold, higher too timid
SINCE = timedelta(days=90)


@dataclass(frozen=True)
class LineRow:
    """A visitor in the line: how many are before them, minutes until the call (P50, P80), why they stand here."""

    ticket: Ticket
    ahead: int
    low: int | None
    high: int | None
    reason: str

    @property
    def name(self) -> str:
        """At most the family name."""
        return masking.mask_name(self.ticket.called_as)


@dataclass(frozen=True)
class Line:
    """A sitting's queue at one moment."""

    rows: list[LineRow]
    called: list[Ticket]
    in_visit: list[Ticket]
    held: list[Ticket]
    booked: list[Ticket]  # not here yet
    ended: list[Ticket]  # heard, left, handed on, cancelled, unheard: the newest first
    stopped: bool
    newcomer: tuple[int, int]  # minutes


@dataclass(frozen=True)
class Forecast:
    """What somebody who comes now may expect: minutes, people ahead; `why` says why no ticket is given, or what it
    rests on when the sitting hasn't begun."""

    low: int
    high: int
    ahead: int
    accepts: bool
    why: str


def reason_in_words(standing_: order.Standing, queue_rules: QueueRules) -> str:
    """Why somebody stands before who came earlier; empty for most."""
    found = order.reason(standing_, queue_rules)
    if not found:
        return ""
    if found == order.UNHEARD:
        return _("Was not heard last time: goes first")
    minutes = int(order.head_start(standing_, queue_rules).total_seconds() // 60)
    word = _("Booked") if found == BOOKED else str(Priority(found).label)
    return _("%(word)s: stands %(minutes)d min earlier") % {"word": word, "minutes": minutes}


def printed_rule() -> list[str]:
    """The rule of the line as it hangs on the wall, made of the numbers that it is reckoned with."""
    queue_rules = standing.office_rules()
    said = [
        _("Visitors are heard in the order in which they came; who booked, by the booked time."),
        _("Who was not heard at the last sitting goes first."),
    ]
    words: dict[int, list[str]] = {}
    for name, minutes in queue_rules.head_start.items():
        if minutes:
            words.setdefault(minutes, []).append(_("Booked") if name == BOOKED else str(Priority(name).label))
    for minutes, names in sorted(words.items(), reverse=True):
        said.append(
            _("%(names)s: as if they had come %(minutes)d minutes earlier.")
            % {"names": "、".join(names), "minutes": minutes}
        )
    said += [
        _("Nobody is passed by somebody who came more than %(minutes)d minutes later.")
        % {"minutes": queue_rules.longest_head_start},
        _("Who comes more than %(minutes)d minutes after a booked time stands where they arrive.")
        % {"minutes": queue_rules.late},
        _("Who misses the call keeps the ticket: back, they are heard after the next %(count)d.")
        % {"count": queue_rules.behind},
        _("Who can't be heard before the end gets a first place next time."),
    ]
    return said


def line(sitting: Sitting, at: datetime) -> Line:
    """The queue with each one's interval. At most two statements; `sitting` carries its venue."""
    queue_rules = standing.office_rules()
    rows = Ticket.objects.filter(sitting=sitting).select_related("server", "unit", "place").order_by("number")
    tickets = list(rows)
    for ticket in tickets:
        ticket.sitting = sitting
    waiting = standing.waiting(tickets, queue_rules)
    waits = [eta.told(i) for i in standing.waits(sitting, tickets, at, queue_rules, len(waiting))]
    by_state: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        by_state.setdefault(ticket.state, []).append(ticket)
    gone = (TicketState.DONE, TicketState.LEFT, TicketState.MOVED, TicketState.CANCELLED, TicketState.UNHEARD)
    ended = [t for t in tickets if t.state in gone]
    return Line(
        rows=[
            LineRow(t, n, *waits[n], reason_in_words(standing.of(t), queue_rules)) for n, t in enumerate(waiting)
        ],
        called=by_state.get(TicketState.CALLED, []),
        in_visit=by_state.get(TicketState.IN_VISIT, []),
        held=by_state.get(TicketState.HELD, []),
        booked=sorted(by_state.get(TicketState.BOOKED, []), key=lambda t: (t.line_at, t.number)),
        ended=sorted(ended, key=lambda t: t.ended_at or t.created_at, reverse=True),
        stopped=_stopped(sitting, tickets, at, queue_rules),
        newcomer=waits[-1],
    )  # fmt: skip


def _stopped(sitting: Sitting, tickets: list[Ticket], at: datetime, queue_rules: QueueRules) -> bool:
    if sitting.stopped_at is not None:
        return True
    return sitting.state == SittingState.OPEN and standing.stops(sitting, tickets, at, queue_rules)


def forecast(sitting: Sitting, at: datetime) -> Forecast:
    """What a newcomer may expect of this sitting. At most two statements; `sitting` carries its venue."""
    queue_rules = standing.office_rules()
    if sitting.state in (SittingState.CLOSED, SittingState.CANCELLED) or at >= sitting.ends_at:
        return Forecast(0, 0, 0, False, sitting.reason or _("This sitting is over."))
    tickets = list(Ticket.objects.filter(sitting=sitting).order_by("number"))
    if sitting.state == SittingState.PLANNED and at < sitting.starts_at - timedelta(minutes=queue_rules.early):
        low, high = usual(sitting.venue_id, _is_early(sitting))
        return Forecast(low, high, len(tickets), False, str(TOO_EARLY))
    waiting = standing.waiting(tickets, queue_rules)
    low, high = eta.told(standing.waits(sitting, tickets, at, queue_rules, len(waiting))[-1])
    why = ""
    if standing.taken(tickets) >= sitting.capacity:
        why = _("All places of this sitting are taken.")
    elif _stopped(sitting, tickets, at, queue_rules):
        why = str(STOPPED)
    return Forecast(low, high, len(waiting), not why, why)


def _is_early(sitting: Sitting) -> bool:
    return timezone.localtime(sitting.starts_at).hour < 12


def usual(venue_id: int, early: bool) -> tuple[int, int]:
    """Minutes that people waited at a venue in mornings (`early`) or evenings of the last weeks; one statement.

    With too little of a past: as the defaults of `eta` make it with three people at the door.
    """
    morning = Q(sitting__starts_at__hour__lt=12)
    heard = Ticket.objects.filter(
        morning if early else ~morning, sitting__venue_id=venue_id, state=TicketState.DONE, arrived_at__isnull=False,
        called_at__gte=F("arrived_at"),
    ).order_by("-pk")  # fmt: skip
    rows = heard.values_list("arrived_at", "called_at")[: standing.PAST]
    waited = sorted((called - arrived).total_seconds() for arrived, called in rows if arrived and called)
    if len(waited) < standing.office_rules().least_history:
        return eta.told(eta.waits(windows=2, busy=(), ahead=3, past=eta.defaults())[-1])
    return eta.told(eta.Interval(waited[len(waited) // 2], waited[len(waited) * 4 // 5]))


def free_slots(sitting: Sitting, at: datetime) -> list[Slot]:
    """Times of a sitting that may be booked; one statement. `sitting` carries its venue."""
    if sitting.state not in (SittingState.PLANNED, SittingState.OPEN) or at >= sitting.ends_at:
        return []
    return slots(sitting, list(Ticket.objects.filter(sitting=sitting)), at)


@dataclass(frozen=True)
class Mine:
    """What the holder of a ticket sees: their place, or what became of it. `next`: the first place given instead."""

    ticket: Ticket
    row: LineRow | None
    next: Ticket | None
    at: datetime


def mine(token: str, at: datetime) -> Mine:
    """The ticket behind a link. Raises NotFound. At most four statements."""
    found = Ticket.objects.select_related("sitting__venue").filter(token=token).first() if token else None
    if found is None:
        raise NotFound
    row = None
    if found.state == TicketState.WAITING:
        row = next((r for r in line(found.sitting, at).rows if r.ticket.pk == found.pk), None)
    after = None
    if found.state == TicketState.UNHEARD:
        after = Ticket.objects.select_related("sitting__venue").filter(carried_from=found).first()
    return Mine(found, row, after, at)


@dataclass(frozen=True)
class Coverage:
    """How often the interval held: of `told` visitors who were told one and called, `kept` by its later end."""

    kept: int
    told: int

    @property
    def share(self) -> float | None:
        """0–1; None without a past."""
        return self.kept / self.told if self.told else None

    @property
    def percent(self) -> int | None:
        """Whole percent; None without a past."""
        return None if self.share is None else round(self.share * 100)


def coverage(at: datetime, *, venue_id: int | None = None, since: datetime | None = None) -> Coverage:
    """Of past tickets that were told to wait, those called by its later end; the first call counts. One read."""
    told: Any = Ticket.objects.filter(
        promised_high__gt=report.AT_ONCE, arrived_at__gte=since or at - SINCE, called_at__isnull=False
    )
    if venue_id is not None:
        told = told.filter(sitting__venue_id=venue_id)
    first = told.annotate(first=Min("call_log__at")).values_list("first", "called_at", "arrived_at", "promised_high")
    rows = [((first or called) - arrived).total_seconds() <= high for first, called, arrived, high in first]
    return Coverage(sum(rows), len(rows))


def may_take(sitting: Sitting, at: datetime) -> bool:
    """Whether the door gives tickets now, by state and hours."""
    open_ = sitting.state in (SittingState.PLANNED, SittingState.OPEN)
    return open_ and rules.takes_walk_ins(sitting.starts_at, sitting.ends_at, at, standing.office_rules())

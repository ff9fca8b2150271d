"""Sittings of earlier weeks, laid down at once: tickets, calls, sheets and figures, with nobody told anything."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from chenyue.core import ids
from chenyue.demo.lives import Lives
from chenyue.people.models import Member
from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import CallLog, Sitting, SittingReport, Ticket, Visit
from chenyue.reception.queue import eta, report
from chenyue.timeline.actions import Draft, record_many

SAID = "问办事流程和材料，已当场说清。"
MINUTE = timedelta(minutes=1)


def talk(random: Random) -> timedelta:
    """How long a visit lasts: seven of ten about six minutes, three about twenty."""
    scale = 5.5 if random.random() < 0.3 else 1.5
    return max(1.5, random.gammavariate(4, scale)) * MINUTE


def lay_down(sittings: Sequence[Sitting], lives: Lives, pace: float) -> None:
    """Close these sittings as if they had been held; in few statements."""
    tickets: list[Ticket] = []
    for sitting in sittings:
        tickets += _held(sitting, lives, pace)
        sitting.state, sitting.opened_at, sitting.closed_at = (
            SittingState.CLOSED.value,
            sitting.starts_at,
            sitting.ends_at,
        )
    Sitting.objects.bulk_update(sittings, ["state", "opened_at", "closed_at", "issued"], batch_size=100)
    Ticket.objects.bulk_create(tickets, batch_size=100)
    _called(tickets)
    by = lives.members["li"]
    for sitting in sittings:
        _told(sitting, [t for t in tickets if t.sitting_id == sitting.pk], by)


def _held(sitting: Sitting, lives: Lives, pace: float) -> list[Ticket]:
    """The tickets of one sitting, first come first heard at its windows, each with what was promised."""
    random = lives.world.random
    guests = max(0, round(random.gauss(6, 2) * pace))
    arrivals = sorted(random.uniform(0, 12) if n < guests // 2 else random.uniform(12, 75) for n in range(guests))
    free = [sitting.starts_at] * max(1, sitting.venue.windows)
    found: list[Ticket] = []
    for number, after in enumerate(arrivals, 1):
        came = sitting.starts_at + after * MINUTE
        busy = [t for t in found if t.called_at and t.ended_at and t.called_at <= came < t.ended_at]
        ahead = sum(t.called_at is not None and t.called_at > came for t in found)
        asked = eta.waits(
            windows=len(free), busy=[(came - t.called_at).total_seconds() for t in busy if t.called_at], ahead=ahead,
            past=eta.defaults(), draws=100, seed=random.randrange(1 << 30),
        )[-1]  # fmt: skip
        low, high = eta.told(asked)
        window = min(range(len(free)), key=lambda w: free[w])
        begins = max(came, free[window])
        ticket = _ticket(sitting, number, came, lives)
        ticket.promised_low, ticket.promised_high = low * 60, high * 60
        if begins >= sitting.ends_at:
            ticket.state, ticket.ended_at = TicketState.LEFT.value, sitting.ends_at
        else:
            free[window] = begins + talk(random)
            ticket.called_at = ticket.started_at = begins
            ticket.ended_at, ticket.window, ticket.calls = free[window], window + 1, 1
        found.append(ticket)
    sitting.issued = len(found)
    return found


def _ticket(sitting: Sitting, number: int, came: datetime, lives: Lives) -> Ticket:
    who = lives.hands.residents.somebody(anonymous=0).data
    return Ticket(
        sitting=sitting, number=number, label=f"{sitting.venue.letter}{number:03d}", token=ids.token(),
        state=TicketState.DONE.value, called_as=who.name if who else "", source="desk", line_at=came, created_at=came,
        arrived_at=came, server=lives.members["li"], calls=0,
    )  # fmt: skip


def _called(tickets: Sequence[Ticket]) -> None:
    calls, sheets = [], []
    for ticket in tickets:
        at, by, window = ticket.called_at, ticket.server, ticket.window
        if at is None or by is None or window is None:
            continue
        common: dict[str, Any] = {"sitting": ticket.sitting, "ticket": ticket, "window": window}
        calls.append(CallLog(kind="call", by=by, at=at, **common))
        sheets.append(Visit(heard_by=by, said=SAID, started_at=at, ended_at=ticket.ended_at, **common))
    CallLog.objects.bulk_create(calls, batch_size=100)
    Visit.objects.bulk_create(sheets, batch_size=100)


def _told(sitting: Sitting, tickets: Sequence[Ticket], by: Member) -> None:
    """The sheet of one sitting, and its two entries on the timeline."""
    figures = report.figures(sitting, tickets, sitting.ends_at)
    SittingReport.objects.create(sitting=sitting, figures=figures, by=by, at=sitting.ends_at)
    record_many([Draft(sitting.subject, "sitting.opened")], by=by.actor(), at=sitting.starts_at)
    closed = Draft(sitting.subject, "sitting.closed", {name: figures[name] for name in report.TOLD})
    record_many([closed], by=by.actor(), at=sitting.ends_at)

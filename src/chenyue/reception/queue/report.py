"""The sheet at the end of a sitting: figures that anybody can count again from its tickets and visits."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Min
from django.utils import timezone

from chenyue.reception.lifecycle import TicketState
from chenyue.reception.models import CallLog, Party, Sitting, Ticket, VisitAppeal

AT_ONCE = 60  # seconds; whoever was told this had nobody before them, and proves nothing
QUARTER = timedelta(minutes=15)
# What the timeline keeps for ever, and the weekly brief reads.
TOLD = ("tickets", "heard", "visits", "unheard", "left", "moved", "opened", "joined", "settled", "wait_median")


def minutes(seconds: float) -> int:
    """Whole minutes, rounded as people round."""
    return int(seconds / 60 + 0.5)


def figures(sitting: Sitting, tickets: Sequence[Ticket], at: datetime) -> dict[str, Any]:
    """All figures of a sitting as they stand at `at`; times in minutes. Five statements besides the tickets."""
    states = Counter(t.state for t in tickets)
    filed = list(
        VisitAppeal.objects.filter(visit__sitting=sitting)
        .select_related("appeal__case__category", "visit")
        .order_by("pk")
    )
    opened = [link for link in filed if link.appeal.first_case_id == link.appeal.case_id and _began(link)]
    came = [t for t in tickets if t.arrived_at is not None]
    return {
        "tickets": len(tickets),
        "booked": sum(t.booked_for is not None for t in tickets),
        "came": len(came),
        "people": sum(t.party for t in came),
        "companions": Party.objects.filter(visit__sitting=sitting).count(),
        "heard": states[TicketState.DONE],
        "visits": sitting.visits.count(),
        "moved": states[TicketState.MOVED],
        "left": states[TicketState.LEFT] + states[TicketState.HELD],
        "unheard": states[TicketState.UNHEARD],
        "priority": sum(bool(t.priority) for t in came),
        "opened": len(opened),
        "joined": len(filed) - len(opened),
        "settled": sum(link.settled for link in filed),
        "categories": _categories(filed),
        "quarters": quarters(sitting, came),
        "open_minutes": minutes((at - (sitting.opened_at or at)).total_seconds()),
        **_times(tickets),
        **kept(tickets, first_calls(sitting)),
    }


def _began(link: VisitAppeal) -> bool:
    """Whether this appeal opened its case, and did not join an open one."""
    return bool(link.appeal.case.received_at == link.appeal.received_at)


def _categories(filed: Iterable[VisitAppeal]) -> list[list[Any]]:
    names = Counter(link.appeal.case.category.name if link.appeal.case.category else "" for link in filed)
    return [[name, count] for name, count in names.most_common()]


def quarters(sitting: Sitting, came: Iterable[Ticket]) -> list[list[Any]]:
    """How many came in each quarter of an hour from the opening: `[["07:00", 4], …]`."""
    counts: Counter[datetime] = Counter()
    for ticket in came:
        assert ticket.arrived_at is not None
        behind = (ticket.arrived_at - sitting.starts_at) // QUARTER
        counts[sitting.starts_at + max(0, behind) * QUARTER] += 1
    found, when = [], sitting.starts_at
    while when < sitting.ends_at:
        found.append([f"{timezone.localtime(when):%H:%M}", counts[when]])
        when += QUARTER
    return found


def wait(ticket: Ticket) -> float | None:
    """Seconds from the arrival (from the booked time, if they came before it) to the last call; None if not called."""
    if ticket.called_at is None or ticket.arrived_at is None:
        return None
    since = max(ticket.arrived_at, ticket.sitting.opened_at or ticket.arrived_at)
    if ticket.booked_for is not None:
        since = max(since, min(ticket.booked_for, ticket.called_at))
    return max(0.0, (ticket.called_at - since).total_seconds())


def _times(tickets: Iterable[Ticket]) -> dict[str, Any]:
    waits = sorted(
        w for t in tickets if t.state in (TicketState.DONE, TicketState.MOVED) and (w := wait(t)) is not None
    )
    talks = [
        (t.ended_at - t.started_at).total_seconds() for t in tickets
        if t.state == TicketState.DONE and t.started_at is not None and t.ended_at is not None
    ]  # fmt: skip
    return {
        "wait_median": minutes(median(waits)) if waits else None,
        "wait_p80": minutes(waits[min(len(waits) - 1, int(0.8 * len(waits)))]) if waits else None,
        "wait_longest": minutes(waits[-1]) if waits else None,
        "talk_median": minutes(median(talks)) if talks else None,
    }


def first_calls(sitting: Sitting) -> dict[int, datetime]:
    """When each ticket of a sitting was called first, by its id. One statement."""
    rows = CallLog.objects.filter(sitting=sitting).values_list("ticket_id").annotate(first=Min("at"))
    return dict(rows)


def kept(tickets: Iterable[Ticket], first: Mapping[int, datetime]) -> dict[str, int]:
    """How many were told to wait and were called, and how many of them by the later end of what they were told."""
    told = on_time = 0
    for ticket in tickets:
        called = first.get(ticket.pk, ticket.called_at)
        if (ticket.promised_high or 0) > AT_ONCE and ticket.arrived_at is not None and ticket.called_at and called:
            told += 1
            on_time += (called - ticket.arrived_at).total_seconds() <= (ticket.promised_high or 0)
    return {"told": told, "kept": on_time}

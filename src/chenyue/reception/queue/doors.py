"""The one door of every change to a queue: the sitting's row is locked, so that two acts never cross."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.reception.lifecycle import TICKETS, SittingState, TicketState, must_follow
from chenyue.reception.models import CallLog, Shift, Sitting, Ticket
from chenyue.reception.queue import standing
from chenyue.reception.queue.rules import QueueRules
from chenyue.timeline.actions import Draft, record_many

WORD = "reception.serve"


def may_receive(member: Any, sitting: Sitting) -> bool:
    """Whether a member works at the queue of a sitting: by permission, or because the roster puts them there."""
    if may(member, WORD):
        return True
    if not isinstance(member, Member) or not member.is_active:
        return False
    return Shift.objects.filter(sitting=sitting, person__member=member, absent_at=None).exists()


@dataclass
class Held:
    """A sitting that is locked, and what is being done to it."""

    sitting: Sitting
    by: Actor
    at: datetime
    rules: QueueRules
    drafts: list[Draft] = field(default_factory=list)

    @cached_property
    def tickets(self) -> list[Ticket]:
        """All tickets of the sitting as they are now."""
        return list(Ticket.objects.filter(sitting=self.sitting).order_by("number"))

    @property
    def member(self) -> Member:
        """The member who acts; raises NotAllowed for anybody else."""
        if not isinstance(self.by.user, Member):
            raise NotAllowed
        return self.by.user

    def ticket(self, wanted: Ticket | int) -> Ticket:
        """A ticket of this sitting as it is now. Raises NotFound."""
        pk = wanted if isinstance(wanted, int) else wanted.pk
        for ticket in self.tickets:
            if ticket.pk == pk:
                return ticket
        raise NotFound

    def say(self, verb: str, ticket: Ticket | None = None, **data: Any) -> None:
        """Write the act down. `data` must hold nothing about a person: it is never deleted."""
        told = {"ticket": ticket.label} if ticket is not None else {}
        self.drafts.append(Draft(self.sitting.subject, verb, told | data))

    def to(self, ticket: Ticket, state: TicketState, **fields: Any) -> Ticket:
        """Bring a ticket into a state, if it may follow. Raises Conflict."""
        must_follow(TICKETS, ticket.state, state)
        return self.set(ticket, state=state.value, **fields)

    def set(self, ticket: Ticket, **fields: Any) -> Ticket:
        """Write fields of a ticket."""
        fields |= {"version": ticket.version + 1}
        for name, value in fields.items():
            setattr(ticket, name, value)
        ticket.save(update_fields=list(fields))
        return ticket

    def log(self, ticket: Ticket, window: int, kind: str) -> None:
        """Keep what was called out."""
        CallLog.objects.create(
            sitting=self.sitting, ticket=ticket, window=window, kind=kind, by=self.member, at=self.at
        )

    def must_be(self, *states: SittingState) -> None:
        """Raise Refusal unless the sitting is in one of these states."""
        if SittingState(self.sitting.state) not in states:
            raise Refusal(CLOSED[SittingState(self.sitting.state)], code=f"sitting_{self.sitting.state}")


CLOSED = {
    SittingState.PLANNED: _("This sitting has not been opened yet."),
    SittingState.OPEN: _("This sitting is open already."),
    SittingState.CLOSED: _("This sitting is closed."),
    SittingState.CANCELLED: _("This sitting was cancelled."),
}


@contextmanager
def changing(
    sitting: Sitting | int, by: Actor, at: datetime, *, anybody: bool = False, onward: bool = False
) -> Iterator[Held]:
    """Lock a sitting, do something to it, count the change, write it down; in one transaction.

    `anybody`: residents may do this by their link or at the kiosk. `onward`: it follows from an act at the sitting
    before, where the permission was asked. Raises NotFound, NotAllowed.
    """
    pk = sitting if isinstance(sitting, int) else sitting.pk
    with transaction_of_its_own():
        row = Sitting.objects.select_for_update(of=("self",)).select_related("venue").filter(pk=pk).first()
        if row is None:
            raise NotFound
        if by.kind == "member" and not onward and not may_receive(by.user, row):
            raise NotAllowed
        if by.kind == "resident" and not anybody:
            raise NotAllowed
        held = Held(row, by, at, standing.office_rules())
        yield held
        _keep_the_last_ticket_rule(held)
        row.epoch += 1
        row.save()
        record_many(held.drafts, by=by, at=at)
        if isinstance(sitting, Sitting):  # who called sees the newer row
            for name in ("epoch", "issued", "state", "stopped_at", "stopped_by_hand", "opened_at", "closed_at"):
                setattr(sitting, name, getattr(row, name))


def _keep_the_last_ticket_rule(held: Held) -> None:
    """Stop giving tickets, or go on, as the line is now; what a person stopped stays stopped."""
    sitting = held.sitting
    if sitting.state != SittingState.OPEN or sitting.stopped_by_hand:
        return
    stops = standing.stops(sitting, held.tickets, held.at, held.rules)
    if stops and sitting.stopped_at is None:
        sitting.stopped_at = held.at
        held.say("sitting.stopped", by_rule=True)
    elif not stops and sitting.stopped_at is not None:
        sitting.stopped_at = None
        held.say("sitting.goes_on", by_rule=True)

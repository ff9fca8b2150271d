"""Arriving at the kiosk with a booked ticket: found by its number, or by the telephone it was booked with."""

import re
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.people import personal
from chenyue.reception.lifecycle import LIVE, SittingState, TicketState
from chenyue.reception.models import Ticket, Venue
from chenyue.reception.queue import actions as queue

SALT = "reception.kiosk"
SHOWN = timedelta(minutes=3)  # so long, the kiosk shows a ticket
NUMBER = re.compile(r"[A-Z]?0*(\d{1,3})")


def arrive(*, venue: Venue, said: str, by: Actor, at: datetime) -> tuple[Ticket, bool]:
    """The ticket, in the line now, and whether it was proved to be theirs (by telephone). Raises Refusal at `said`."""
    phone = _phone(said)
    rows = Ticket.objects.filter(
        sitting__venue=venue,
        sitting__day=timezone.localtime(at).date(),
        sitting__state__in=[SittingState.PLANNED, SittingState.OPEN],
        state__in=[TicketState.BOOKED, *LIVE],
    )
    if phone:
        rows = rows.filter(resident__phone_index=phone)
    elif found := NUMBER.fullmatch(said.strip().upper()):
        rows = rows.filter(number=int(found[1]))
    else:
        raise Refusal(NOT_FOUND, field="said", code="unknown")
    ticket = rows.select_related("sitting__venue").order_by("sitting__ends_at", "pk").first()
    if ticket is None:
        raise Refusal(NOT_FOUND, field="said", code="unknown")
    try:
        if ticket.state == TicketState.BOOKED:
            ticket = queue.check_in(ticket=ticket, by=by, at=at)
        elif ticket.state == TicketState.HELD:
            ticket = queue.back_in_line(ticket=ticket, by=by, at=at)
    except Refusal as refusal:
        refusal.field = "said"
        raise
    return ticket, bool(phone)


NOT_FOUND = _(
    "We find no booking for today with that. Please check it, take a new number, or ask the staff beside the kiosk."
)


def _phone(said: str) -> str:
    """The blind index of a telephone number; "" for what is too short to be one."""
    if len(re.sub(r"\D", "", said)) < 7:
        return ""
    return personal.phone_index(said)


def seal(ticket: Ticket, own: bool) -> str:
    """What the kiosk's page of a ticket is addressed by, for a short time; `own`: its link may be shown too."""
    return signing.dumps([ticket.pk, own], salt=SALT)


def unseal(text: str) -> tuple[int, bool] | None:
    """The ticket's key and whether its link may be shown; None for what we didn't seal lately."""
    try:
        pk, own = signing.loads(text, salt=SALT, max_age=SHOWN)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(pk), bool(own)

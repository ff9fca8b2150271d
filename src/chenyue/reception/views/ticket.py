"""A resident's own ticket, live: how many are before them, how long, go, come back; and the call."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.http import once, page_or_part, see_other
from chenyue.reception import booking, holding, live
from chenyue.reception.lifecycle import LIVE
from chenyue.reception.models import Sitting
from chenyue.reception.queue import queries

RESIDENT = Actor("resident")


@require_GET
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the code on the slip; without JavaScript it asks anew by itself."""
    at = timezone.now()
    mine = queries.mine(token, at)
    found = holding.shown(mine.ticket, at)
    sitting = found.sitting
    today = sitting.day == timezone.localtime(at).date()
    context: dict[str, Any] = {"mine": mine, "ticket": found, "sitting": sitting, "token": token, "at": at}
    context |= {"today": today, "past": _past(sitting, at), "may_stay": holding.may_stay(found, at)}
    live_now = today and (found.state in LIVE or found.state == "booked")
    context |= {"key": live.key_of_line(sitting.venue_id, sitting.day) if live_now else "", "stream": live.PATH}
    response = page_or_part(request, "reception/ticket.html", "state", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _past(sitting: Sitting, at: datetime) -> bool:
    """Whether its time is over; a sitting that runs late today still hears its line."""
    runs = sitting.state == "open" and sitting.day == timezone.localtime(at).date()
    return at > sitting.ends_at and not runs


@require_POST
def act(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Arrive, leave, stay after all, come back."""
    doing, at = holding.ACTS.get(name), timezone.now()
    if doing is None:
        raise NotFound

    def run() -> dict[str, Any]:
        doing(token=token, by=RESIDENT, at=at)
        return {}

    try:
        once(request, f"reception.{name}", run, [token, name], at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        if name == "leave":
            booking.give_free_places(at)
            messages.success(request, _("Your place was given back. Thank you for telling us."))
    return see_other("reception:ticket", token)

"""What entries about sittings and their queues say. They name tickets, never people."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register

Data = dict[str, Any]


def _ticket(verb: str, sentence: Promise, tone: str = "", icon: str = "") -> None:
    """An act on a ticket: its sentence has the blank `%(ticket)s`."""
    register(verb, lambda data: str(sentence) % {"ticket": data["ticket"]}, tone, icon)


def _at_window(verb: str, sentence: Promise, tone: str = "", icon: str = "") -> None:
    register(
        verb, lambda data: str(sentence) % {"ticket": data["ticket"], "window": data.get("window", "–")}, tone, icon
    )


_ticket("ticket.taken", gettext_lazy("Ticket %(ticket)s was taken"))
_ticket("ticket.booked", gettext_lazy("Ticket %(ticket)s was booked"))
_ticket("ticket.checked_in", gettext_lazy("The visitor with ticket %(ticket)s has come"))
_at_window("ticket.called", gettext_lazy("%(ticket)s was called to window %(window)s"), "due", "volume")
_at_window("ticket.recalled", gettext_lazy("%(ticket)s was called again to window %(window)s"), "due", "volume")
_ticket("ticket.not_there", gettext_lazy("%(ticket)s was not there and was set aside"), "due")
_ticket("ticket.back", gettext_lazy("%(ticket)s is back in the line"))
_ticket("ticket.in_visit", gettext_lazy("The talk with %(ticket)s began"), "brand")
_ticket("ticket.heard", gettext_lazy("%(ticket)s was heard"), "done", "circle-check")
_ticket("ticket.left", gettext_lazy("%(ticket)s has left"))
_ticket("ticket.cancelled", gettext_lazy("%(ticket)s was given back"))
_ticket("ticket.undone", gettext_lazy("The last act on %(ticket)s was taken back"))
register("sitting.opened", gettext_lazy("The sitting was opened"), "done", "door")


def _said(verb: str, tone: str = "", icon: str = "") -> Callable[[Callable[[Data], str]], Callable[[Data], str]]:
    def add(sentence_for: Callable[[Data], str]) -> Callable[[Data], str]:
        register(verb, sentence_for, tone, icon)
        return sentence_for

    return add


@_said("ticket.moved", "wait", "send")
def moved(data: Data) -> str:
    return _("%(ticket)s was brought to %(unit)s") % {"ticket": data["ticket"], "unit": data["unit"]}


@_said("sitting.stopped", "due", "hand-stop")
def stopped(data: Data) -> str:
    if data.get("by_rule"):
        return _("No more tickets: who came now could not be heard before the end")
    return _("No more tickets, by decision")


@_said("sitting.goes_on")
def goes_on(data: Data) -> str:
    return _("Tickets are given again")


@_said("sitting.closed", "neutral", "circle-check")
def closed(data: Data) -> str:
    return _(
        "The sitting was closed: %(heard)d heard, %(opened)d cases opened, %(joined)d joined, %(settled)d settled at "
        "once, %(unheard)d not heard"
    ) % {name: data[name] for name in ("heard", "opened", "joined", "settled", "unheard")}


@_said("sitting.cancelled", "late", "x")
def cancelled(data: Data) -> str:
    return _("The sitting was cancelled: %(reason)s. %(unheard)d visitors get the first places next time") % {
        "reason": data["reason"],
        "unheard": data["unheard"],
    }


@_said("visit.written")
def written(data: Data) -> str:
    filed = data.get("cases") or []
    if not filed:
        return _("The visit sheet of %(ticket)s was written") % {"ticket": data["ticket"]}
    return _("The visit sheet of %(ticket)s was written: %(cases)s") % {
        "ticket": data["ticket"],
        "cases": "、".join(filed),
    }

"""What the pages of the queue say about a ticket: masked names, intervals, one button for each act."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.people import masking

register = template.Library()

# act → word, icon, key
ACTS: dict[str, tuple[Any, str, str]] = {
    "start": (gettext_lazy("Sits down"), "message-circle", "s"),
    "recall": (gettext_lazy("Call again"), "volume", "r"),
    "not-there": (gettext_lazy("Not there"), "hand-stop", "o"),
    "finish": (gettext_lazy("End without a sheet"), "circle-check", "f"),
    "undo": (gettext_lazy("Take this back"), "arrow-back-up", ""),
    "back": (gettext_lazy("Is back"), "arrow-right", ""),
    "leave": (gettext_lazy("Has left"), "logout", ""),
    "cancel": (gettext_lazy("Cancel the place"), "x", ""),
    "check-in": (gettext_lazy("Has come"), "check", ""),
    "call": (gettext_lazy("Call now"), "volume", ""),
}
PLAIN = {"leave", "cancel", "call", "undo"}


@register.inclusion_tag("reception/queue/act.html", takes_context=True)
def act(context: template.Context, ticket: Any, name: str) -> dict[str, Any]:
    """A button that does one thing with a ticket."""
    word, icon, key = ACTS[name]
    return {
        "url": reverse("reception:ticket-do", args=[ticket.pk, name]),
        "id": f"{name}-{ticket.pk}",
        "word": word,
        "icon": icon,
        "key": key,
        "label": ticket.label,
        "plain": name in PLAIN,
        "window": context.get("window"),
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def wait(low: int | None, high: int | None) -> str:
    """Minutes as people read them: `about 10–20 min`, or `at once`."""
    if low is None or high is None:
        return "–"
    if high <= 1:
        return _("at once")
    return _("about %(low)d–%(high)d min") % {"low": low, "high": high}


@register.filter
def masked(name: str) -> str:
    """At most the family name."""
    return masking.mask_name(name or "")


@register.filter
def masked_phone(phone: str) -> str:
    """`138****0001`."""
    return masking.mask_phone(phone or "")


@register.filter
def named(rows: Iterable[Iterable[Any]]) -> list[tuple[Any, Any]]:
    """Counts by category; what nobody has sorted yet has a name too."""
    return [(name or _("not clear yet"), count) for name, count in rows]

"""The package as a Django application."""

from django.apps import AppConfig


class Reception(AppConfig):
    """Registration of `chenyue.reception`."""

    name = "chenyue.reception"
    label = "reception"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chenyue.core import chrome
        from chenyue.reception import (  # noqa: F401 – ticks, texts, stream, verbs
            booking,
            letters,
            live,
            venues,
            verbs_booking,
            verbs_queue,
            verbs_roster,
        )
        from chenyue.reception.lifecycle import WORDS
        from chenyue.reception.queue import chores  # noqa: F401 – tick
        from chenyue.reception.rostering import chrome as _roster  # noqa: F401 – doors, job, ticks

        chrome.states("sitting", {s: (w, *LOOKS["sitting"][s]) for s, w in WORDS["sitting"].items()})
        chrome.states("ticket", {s: (w, *LOOKS["ticket"][s]) for s, w in WORDS["ticket"].items()})
        chrome.states("plan", {s: (w, *LOOKS["plan"][s]) for s, w in WORDS["plan"].items()})
        chrome.door(
            "staff", "reception", _("Reception today"), "reception:today", icon="door", order=22, word="reception.serve"
        )
        chrome.door("resident", "book", _("Book a visit"), "reception:sittings", icon="calendar-event", order=15)
        chrome.states("swap", {s: (w, *LOOKS["swap"][s]) for s, w in WORDS["swap"].items()})


LOOKS: dict[str, dict[str, tuple[str, str]]] = {  # tone and icon of each state
    "sitting": {
        "planned": ("neutral", "calendar"),
        "open": ("done", "door"),
        "closed": ("neutral", "circle-check"),
        "cancelled": ("late", "x"),
    },
    "ticket": {
        "booked": ("neutral", "calendar-event"),
        "waiting": ("wait", "users"),
        "called": ("due", "volume"),
        "in_visit": ("brand", "message-circle"),
        "done": ("done", "circle-check"),
        "held": ("due", "hand-stop"),
        "left": ("neutral", "logout"),
        "moved": ("wait", "send"),
        "unheard": ("late", "clock"),
        "cancelled": ("neutral", "x"),
    },
    "plan": {
        "asked": ("neutral", "clock"),
        "running": ("wait", "refresh"),
        "ready": ("due", "eye"),
        "impossible": ("late", "alert-triangle"),
        "failed": ("late", "alert-triangle"),
        "published": ("done", "circle-check"),
        "dropped": ("neutral", "x"),
    },
    "swap": {
        "asked": ("wait", "send"),
        "agreed": ("due", "check"),
        "approved": ("done", "circle-check"),
        "refused": ("late", "x"),
        "withdrawn": ("neutral", "arrow-back-up"),
    },
}

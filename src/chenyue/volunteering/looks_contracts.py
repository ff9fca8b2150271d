"""How states of contracts and bookings look, and their tabs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import chrome
from chenyue.volunteering import lifecycle, seeing, tabs

LOOKS: dict[str, tuple[Any, dict[str, tuple[str, str]]]] = {
    "bought": (
        lifecycle.ContractState,
        {
            "draft": ("due", "notes"), "running": ("done", "player-play"), "cut": ("late", "x"),
            "ended": ("neutral", "circle-check"),
        },
    ),
    "slot": (
        lifecycle.SlotState,
        {"open": ("wait", "calendar-event"), "called_off": ("late", "x"), "done": ("neutral", "circle-check")},
    ),
    "booking": (
        lifecycle.BookingState,
        {
            "held": ("wait", "calendar"), "attended": ("done", "circle-check"), "cancelled": ("neutral", "x"),
            "late": ("due", "x"), "missed": ("late", "alert-triangle"), "called_off": ("due", "arrow-back-up"),
        },
    ),
    "waiting_place": (
        lifecycle.WaitState,
        {
            "waiting": ("wait", "clock"), "called": ("done", "bell"), "taken": ("done", "check"),
            "lapsed": ("late", "x"), "left": ("neutral", "x"),
        },
    ),
    "plea": (
        lifecycle.PleaState,
        {"open": ("due", "hand-stop"), "upheld": ("done", "check"), "refused": ("late", "x")},
    ),
    "settlement": (
        lifecycle.SettlementState,
        {"draft": ("due", "notes"), "agreed": ("wait", "check"), "paid": ("done", "circle-check")},
    ),
}  # fmt: skip
for _kind, (_states, _look) in LOOKS.items():
    chrome.states(_kind, {state.value: (state.label, *_look[state.value]) for state in _states})

FLAGS: dict[str, Any] = {  # what looked odd when a voucher was read
    "early": _("long before the beginning"),
    "late": _("long after the end"),
    "night": _("at night"),
    "many": _("many within minutes"),
    "again": _("shown a second time"),
}

tabs.register(
    "contracts", pgettext_lazy("volunteering", "Contracts"), "volunteering:contracts", 60, tabs.who(seeing.CONTRACTS)
)
tabs.register(
    "bookings", pgettext_lazy("volunteering", "Bookings"), "volunteering:bookings", 70,
    tabs.who(seeing.SERVE, seeing.CONTRACTS),
)  # fmt: skip

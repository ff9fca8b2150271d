"""How bookings look, and the tab of the window."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.people.rules import may
from chenyue.volunteering import lifecycle, seeing, tabs

BOOKINGS = {
    "held": ("wait", "calendar-event"), "attended": ("done", "circle-check"), "cancelled": ("neutral", "x"),
    "late": ("due", "clock"), "missed": ("late", "x"), "called_off": ("due", "x"),
}  # fmt: skip
chrome.states("booking", {state.value: (state.label, *BOOKINGS[state.value]) for state in lifecycle.BookingState})
tabs.register("window", _("Window"), "volunteering:window", 15, lambda member: may(member, seeing.SERVE))

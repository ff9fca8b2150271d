"""The stewards' entry in the navigation, and how their states look."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.stewards.lifecycle import StewardState

LOOKS = {
    StewardState.ACTIVE: ("done", "circle-check"),
    StewardState.AWAY: ("wait", "calendar-event"),
    StewardState.ENDED: ("neutral", "x"),
}
chrome.states("steward", {state.value: (state.label, *look) for state, look in LOOKS.items()})
chrome.door(
    "staff", "stewards", _("Stewards"), "stewards:coverage", icon="building-community", order=35, word="steward.manage"
)

"""What a steward's pages put into the frame: their door, and how states of relayed words look."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.stewards.lifecycle import RelayState

chrome.door(
    "staff",
    "my-buildings",
    _("My buildings"),
    "desk:my-buildings",
    icon="building-community",
    order=12,
    word="steward.serve",
)
chrome.states(
    "relay",
    {
        RelayState.NEW: (RelayState.NEW.label, "due", "inbox"),
        RelayState.READ: (RelayState.READ.label, "wait", "eye"),
        RelayState.DONE: (RelayState.DONE.label, "done", "circle-check"),
        RelayState.FILED: (RelayState.FILED.label, "wait", "send"),
        RelayState.SPAM: (RelayState.SPAM.label, "neutral", "x"),
    },
)

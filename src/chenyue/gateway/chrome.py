"""The gateway's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.gateway.models import HotlineBatch

State = HotlineBatch.State

chrome.door("staff", "chat", _("Group chat"), "gateway:chat", icon="message-circle", order=26, word="case.file")
chrome.door(
    "staff", "hotline", _("Hotline tables"), "gateway:hotline", icon="phone", order=27, word="hotline.import", menu=True
)
chrome.door("staff", "open311", _("Open311"), "gateway:open311", icon="world", order=82, word="office.setup", menu=True)
chrome.door(
    "staff",
    "open311-words",
    _("Words to publish"),
    "gateway:open311-words",
    icon="eye",
    order=83,
    word="case.dispatch",
    menu=True,
)
chrome.states(
    "import",
    {
        State.READING: (State.READING.label, "wait", "refresh"),
        State.READ: (State.READ.label, "due", "eye"),
        State.FILING: (State.FILING.label, "wait", "refresh"),
        State.STOPPED: (State.STOPPED.label, "due", "player-pause"),
        State.DONE: (State.DONE.label, "done", "circle-check"),
        State.UNDOING: (State.UNDOING.label, "wait", "refresh"),
        State.UNDONE: (State.UNDONE.label, "neutral", "arrow-back-up"),
        State.REFUSED: (State.REFUSED.label, "late", "alert-triangle"),
        State.FAILED: (State.FAILED.label, "late", "alert-triangle"),
        State.DROPPED: (State.DROPPED.label, "neutral", "x"),
    },
)

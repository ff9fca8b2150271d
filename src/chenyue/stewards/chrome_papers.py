"""How the states of prints look."""

from django.utils.translation import pgettext_lazy

from chenyue.core import chrome

chrome.states(
    "print",
    {
        "asked": (pgettext_lazy("print", "Waiting"), "wait", "clock"),
        "running": (pgettext_lazy("print", "Being made"), "wait", "player-play"),
        "ready": (pgettext_lazy("print", "Ready"), "done", "circle-check"),
        "failed": (pgettext_lazy("print", "Failed"), "late", "alert-triangle"),
    },
)

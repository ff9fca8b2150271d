"""WeCom's entries in the navigation, and how what came in looks."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.gateway.models_wecom import WecomInbound

Outcome = WecomInbound.Outcome
chrome.door("staff", "wecom-mine", _("My WeCom"), "gateway:wecom-mine", icon="message-circle", order=98, menu=True)
chrome.states(
    "wecom",
    {
        Outcome.WAITING: (Outcome.WAITING.label, "wait", "clock"),
        Outcome.TALK: (Outcome.TALK.label, "wait", "message-circle"),
        Outcome.ADDED: (Outcome.ADDED.label, "done", "plus"),
        Outcome.FORWARD: (Outcome.FORWARD.label, "done", "users"),
        Outcome.BOUND: (Outcome.BOUND.label, "done", "link"),
        Outcome.ACTED: (Outcome.ACTED.label, "done", "circle-check"),
        Outcome.FILED: (Outcome.FILED.label, "done", "inbox"),
        Outcome.PASSED: (Outcome.PASSED.label, "neutral", "x"),
        Outcome.REFUSED: (Outcome.REFUSED.label, "due", "hand-stop"),
        Outcome.FAILED: (Outcome.FAILED.label, "late", "alert-triangle"),
    },
)

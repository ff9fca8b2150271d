"""How the outcomes of letters look."""

from chenyue.core import chrome
from chenyue.gateway.models_mail import MailIn

Outcome = MailIn.Outcome
chrome.states(
    "mail",
    {
        Outcome.WAITING: (Outcome.WAITING.label, "wait", "clock"),
        Outcome.FILED: (Outcome.FILED.label, "done", "inbox"),
        Outcome.ADDED: (Outcome.ADDED.label, "done", "message-circle"),
        Outcome.AUTO: (Outcome.AUTO.label, "neutral", "x"),
        Outcome.BOUNCE: (Outcome.BOUNCE.label, "due", "arrow-back-up"),
        Outcome.REFUSED: (Outcome.REFUSED.label, "late", "alert-triangle"),
        Outcome.FAILED: (Outcome.FAILED.label, "late", "alert-triangle"),
    },
)

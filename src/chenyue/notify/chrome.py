"""What notices put into the frame."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.notify.models import Message
from chenyue.notify.queries import unread

chrome.unread_by(lambda request: unread(request.user.pk) if request.user.pk else 0)
chrome.states(
    "message",
    {
        Message.State.QUEUED: (_("Queued"), "wait", "clock"),
        Message.State.SENT: (_("Sent"), "done", "check"),
        Message.State.FAILED: (_("Failed, will be tried again"), "due", "refresh"),
        Message.State.DEAD: (_("Given up"), "late", "alert-triangle"),
        Message.State.PASSED: (_("Sent another way"), "neutral", "arrow-right"),
    },
)

"""What people put into the frame: doors, and who may see them."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.people.models import DataRequest
from chenyue.people.rules import may

chrome.allowed_by(may)
chrome.door(
    "staff",
    "members",
    _("People and permissions"),
    "people:members",
    icon="users",
    order=85,
    word="people.edit",
    menu=True,
)
chrome.door(
    "staff",
    "requests",
    _("Requests about personal data"),
    "people:requests",
    icon="lock",
    order=86,
    word="privacy.handle",
    menu=True,
)
chrome.states(
    "request",
    {
        DataRequest.State.OPEN: (DataRequest.State.OPEN.label, "wait", "clock"),
        DataRequest.State.DONE: (DataRequest.State.DONE.label, "done", "check"),
        DataRequest.State.REFUSED: (DataRequest.State.REFUSED.label, "neutral", "x"),
    },
)

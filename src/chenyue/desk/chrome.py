"""What the desk puts into the frame: its doors, in the order of the day."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.cases.models import Assignment
from chenyue.core import chrome

chrome.door("staff", "my-desk", _("My desk"), "desk:my-desk", icon="sun", order=10, word="case.see")
chrome.door("staff", "inbox", _("Inbox"), "desk:inbox", icon="inbox", order=20, word="case.triage")
chrome.door("staff", "new-appeal", _("New appeal"), "desk:new-appeal", icon="plus", order=25, word="case.file")
chrome.door("staff", "cases", _("Cases"), "desk:cases", icon="list", order=30, word="case.see")
chrome.door("staff", "map", pgettext_lazy("map", "Plan"), "desk:map", icon="map-pin", order=35, word="case.see")
chrome.door("staff", "callbacks", _("Callbacks"), "desk:callbacks", icon="phone", order=40, word="callback.make")
chrome.door(
    "staff", "refusals", _("Refused answers"), "desk:refusals", icon="mood-sad", order=45, word="case.review_answer"
)
chrome.door("staff", "rates", _("Rates"), "desk:rates", icon="chart-bar", order=50, word="insight.see")
chrome.door(
    "staff", "learning", _("How triage does"), "desk:learning", icon="checks", order=55, word="insight.see", menu=True
)
chrome.door("staff", "set-up", _("Set-up"), "desk:set-up", icon="settings", order=80, word="office.setup", menu=True)
chrome.door("staff", "audit", _("Audit"), "desk:audit", icon="shield-check", order=90, word="timeline.audit", menu=True)
chrome.states(
    "assignment",
    {
        Assignment.State.SENT: (Assignment.State.SENT.label, "due", "send"),
        Assignment.State.ACCEPTED: (Assignment.State.ACCEPTED.label, "wait", "check"),
        Assignment.State.DONE: (Assignment.State.DONE.label, "done", "circle-check"),
        Assignment.State.RETURNED: (Assignment.State.RETURNED.label, "late", "arrow-back-up"),
        Assignment.State.EXCUSED: (Assignment.State.EXCUSED.label, "neutral", ""),
        Assignment.State.REPLACED: (Assignment.State.REPLACED.label, "neutral", ""),
    },
)

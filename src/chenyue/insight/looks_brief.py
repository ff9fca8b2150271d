"""How states of briefs and of open data look; their doors in the navigation."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.insight.lifecycle import BriefState, OpenDataState
from chenyue.insight.opendata.acts import on

BRIEFS = {
    BriefState.WAITING: ("wait", "clock"),
    BriefState.DRAFT: ("due", "edit"),
    BriefState.RELEASED: ("done", "send"),
    BriefState.FAILED: ("late", "alert-triangle"),
}
OPEN = {
    OpenDataState.DRAFT: ("due", "eye"),
    OpenDataState.PUBLISHED: ("done", "world"),
    OpenDataState.WITHDRAWN: ("late", "x"),
}
chrome.states("brief", {state.value: (state.label, *look) for state, look in BRIEFS.items()})
chrome.states("open_data", {state.value: (state.label, *look) for state, look in OPEN.items()})
chrome.door("staff", "briefs", _("Briefs"), "insight:briefs", icon="file-text", order=51, word="insight.see")
chrome.door("staff", "open-data", _("Open data"), "insight:open-list", icon="world", order=52, word="insight.manage")
chrome.door("resident", "open-data", _("Open data"), "insight:open-public", icon="chart-bar", order=65, when=on)

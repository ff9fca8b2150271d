"""The roster's and the venues' entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.reception.rostering import computing, reminding  # noqa: F401 – job and ticks
from chenyue.reception.rostering.seeing import SEES, nav

chrome.allowed_by(nav)
chrome.door("staff", "roster", _("Roster"), "reception:roster", icon="calendar", order=36, word=SEES)
chrome.door(
    "staff",
    "venues",
    _("Venues"),
    "reception:venues",
    icon="building-community",
    order=78,
    word="reception.venues",
    menu=True,
)

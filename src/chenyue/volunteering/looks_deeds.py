"""How states of volunteering look, its tabs, and its doors in the navigation."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import chrome
from chenyue.people.rules import may
from chenyue.volunteering import lifecycle, seeing, tabs

LOOKS: dict[str, tuple[Any, dict[str, tuple[str, str]]]] = {
    "volunteer": (
        lifecycle.VolunteerState,
        {"active": ("done", "heart"), "resting": ("wait", "player-pause"), "left": ("neutral", "logout")},
    ),
    "need": (
        lifecycle.NeedState,
        {
            "asked": ("due", "hand-stop"), "verified": ("wait", "search"), "planned": ("wait", "calendar"),
            "met": ("done", "circle-check"), "declined": ("late", "x"), "withdrawn": ("neutral", "x"),
        },
    ),
    "activity": (
        lifecycle.ActivityState,
        {
            "draft": ("due", "notes"), "open": ("wait", "speakerphone"), "cancelled": ("late", "x"),
            "done": ("done", "circle-check"),
        },
    ),
    "sign_up": (
        lifecycle.SignUpState,
        {
            "going": ("done", "check"), "waiting": ("wait", "clock"), "withdrawn": ("neutral", "x"),
            "came": ("done", "circle-check"), "absent": ("due", "x"),
        },
    ),
}  # fmt: skip
for _kind, (_states, _look) in LOOKS.items():
    chrome.states(_kind, {state.value: (state.label, *_look[state.value]) for state in _states})

chrome.states(
    "week",
    {
        "waiting": (_("To be worked out"), "wait", "clock"), "running": (_("Being worked out"), "wait", "clock"),
        "ready": (_("To be looked at"), "due", "eye"), "taken": (_("Invitations sent"), "done", "send"),
        "dropped": (_("Dropped"), "neutral", "x"), "failed": (_("Failed"), "late", "x"),
    },
)  # fmt: skip
tabs.register("overview", _("At a glance"), "volunteering:overview", 10)
tabs.register("needs", pgettext_lazy("volunteering", "Needs"), "volunteering:needs", 20)
tabs.register("activities", _("Activities"), "volunteering:activities", 30)
tabs.register("volunteers", _("Volunteers"), "volunteering:volunteers", 35)

ANY, SMALL = "volunteering.any", "volunteering.any in the menu"
RUNS = (seeing.SEE, seeing.SERVE, seeing.CREDITS, seeing.CONTRACTS)


def works_on_it(member: Any, word: str) -> bool:
    """Who runs volunteering or serves residents at the window has it in the bar."""
    return word == ANY and any(may(member, one) for one in RUNS)


def organises_now_and_then(member: Any, word: str) -> bool:
    """Units that organise now and then find it in the account menu."""
    if word != SMALL or any(may(member, one) for one in RUNS):
        return False
    return may(member, seeing.ORGANISE) or may(member, seeing.CERTIFY)


chrome.allowed_by(works_on_it)
chrome.allowed_by(organises_now_and_then)
chrome.door("staff", "volunteering", _("Volunteering"), "volunteering:overview", icon="heart", order=34, word=ANY)
chrome.door(
    "staff", "volunteering-unit", _("Volunteering"), "volunteering:overview", icon="heart", order=34, word=SMALL,
    menu=True,
)  # fmt: skip
chrome.door("resident", "volunteering", _("Volunteering"), "volunteering:public", icon="heart", order=45)

"""How states of proposals look, and the tabs of credits and rules."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome
from chenyue.volunteering import lifecycle, seeing, tabs

LOOKS = {
    "waiting": ("due", "clock"), "approved": ("done", "check"), "refused": ("late", "x"), "withdrawn": ("neutral", "x"),
}  # fmt: skip
chrome.states("proposal", {state.value: (state.label, *LOOKS[state.value]) for state in lifecycle.ProposalState})
tabs.register("credits", _("Credits"), "volunteering:credits", 50, tabs.who(seeing.CREDITS))
tabs.register("rules", _("Rules of credits"), "volunteering:rules", 90, tabs.who(seeing.CREDITS))

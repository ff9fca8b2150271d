"""How the stages of mediation look, and its doors in the navigation."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import chrome
from chenyue.mediation import seeing, tabs
from chenyue.mediation.lifecycle import Stage
from chenyue.mediation.models import Invitation
from chenyue.people.rules import may

LOOKS = {  # tone and icon of each stage
    Stage.SCREENING: ("due", "clipboard-list"),
    Stage.CONSENT: ("wait", "message-circle"),
    Stage.MEDIATING: ("brand", "users"),
    Stage.AGREED: ("wait", "edit"),
    Stage.PERFORMING: ("wait", "player-play"),
    Stage.PERFORMED: ("done", "circle-check"),
    Stage.TERMINATED: ("neutral", "hand-stop"),
    Stage.REFUSED: ("late", "hand-stop"),
    Stage.NOT_ACCEPTED: ("neutral", "x"),
}
chrome.states("mediation", {stage.value: (stage.label, *look) for stage, look in LOOKS.items()})
tabs.register("overview", _("At a glance"), "mediation:one", 10)
tabs.register("people", pgettext_lazy("mediation", "People"), "mediation:people", 20)

ATTENDS = "mediation.attend alone"  # units that are invited now and then find it in the account menu


def only_attends(member: Any, word: str) -> bool:
    """Who comes to mediations but neither runs nor holds any."""
    mine = (seeing.SEE, seeing.CONDUCT, seeing.MANAGE)
    return word == ATTENDS and may(member, seeing.ATTEND) and not any(may(member, one) for one in mine)


def works_on_them(member: Any, word: str) -> bool:
    """Who sees, holds or runs mediations."""
    return word == ANY and any(may(member, one) for one in (seeing.SEE, seeing.CONDUCT, seeing.MANAGE))


ANY = "mediation.any"
chrome.allowed_by(only_attends)
chrome.allowed_by(works_on_them)
chrome.door("staff", "mediation", _("Mediation"), "mediation:board", icon="users", order=33, word=ANY)
chrome.door(
    "staff", "mediation-invited", _("Mediation"), "mediation:board", icon="users", order=33, word=ATTENDS, menu=True
)
INVITATION = {
    "asking": ("wait", "message-circle"), "invited": ("wait", "send"), "comes": ("done", "check"),
    "declined": ("neutral", "x"), "refused": ("late", "x"),
}  # fmt: skip
chrome.states("invitation", {state.value: (state.label, *INVITATION[state.value]) for state in Invitation.State})

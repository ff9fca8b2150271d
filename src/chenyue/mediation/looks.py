"""How the stages of mediation look, and its doors in the navigation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import chrome
from chenyue.mediation import tabs
from chenyue.mediation.lifecycle import Stage

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

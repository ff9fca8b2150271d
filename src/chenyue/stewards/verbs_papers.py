"""What entries about papers and about words left by the code on a door say."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chenyue.timeline.verbs import register


def _asked(data: dict[str, Any]) -> str:
    count = int(data["count"])
    if data["kind"] == "card":
        words = ngettext("Contact cards of %(count)d building", "Contact cards of %(count)d buildings", count)
    else:
        words = ngettext("The poster of %(count)d building", "Posters of %(count)d buildings", count)
    return _("Printed: %(what)s") % {"what": words % {"count": count}}


register("papers.asked", _asked, "", "printer")
register(
    "relayed.left", gettext_lazy("Words were left for the steward by the code on the door"), "wait", "message-circle"
)

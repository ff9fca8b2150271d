"""What entries about the waiting list of a sitting say. No entry names a person."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register


def _placed(data: dict[str, Any]) -> str:
    return _("A place became free for the waiting list: %(ticket)s") % {"ticket": data.get("ticket", "")}


register("waiting.asked", gettext_lazy("Somebody asked for the waiting list"), icon="users")
register("waiting.placed", _placed, "done", "check")
register("waiting.taken_back", gettext_lazy("Somebody left the waiting list"), icon="x")

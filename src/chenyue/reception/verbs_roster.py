"""What entries about venues, sittings' times, the roster and its turns say."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register

Data = dict[str, Any]


def _because(said: str, data: Data) -> str:
    return f"{said}（{data['reason']}）" if data.get("reason") else said


register("sitting.withdrawn", lambda data: _because(_("Not held, by a change of hours"), data), "due", "x")
register("sitting.restored", gettext_lazy("Held after all"), icon="calendar")

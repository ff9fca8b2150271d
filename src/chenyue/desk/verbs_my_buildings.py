"""What entries about reports from the stairs say."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from chenyue.timeline.verbs import register


def _written(data: dict[str, Any]) -> str:
    moment = localtime(datetime.fromisoformat(data["written"])).strftime("%Y-%m-%d %H:%M")
    return _("Written on a telephone without a network on %(moment)s, and sent later") % {"moment": moment}


register("report.kept", _written, "", "clock")

"""Sentences of the timeline for what happens when asking afterwards."""

from typing import Any

from django.utils.translation import gettext as _

from chenyue.followup.models import Grade, LeftOut
from chenyue.timeline import verbs


def _rated(data: dict[str, Any]) -> str:
    solved = _("solved") if data["solved"] else _("not solved")
    return _("Reporter of %(appeal)s: %(grade)s, %(solved)s.") % {
        "appeal": data["appeal"],
        "grade": Grade(data["grade"]).label,
        "solved": solved,
    }


def _called(data: dict[str, Any]) -> str:
    if data["reached"]:
        return _("Called the reporter of %(appeal)s and spoke with them.") % data
    return _("Called the reporter of %(appeal)s, call %(try)s: not reached.") % data


def _excluded(data: dict[str, Any]) -> str:
    return _("Left the reporter of %(appeal)s out of the rates: %(reason)s. %(words)s") % {
        "appeal": data["appeal"],
        "reason": LeftOut(data["reason"]).label,
        "words": data["words"],
    }


verbs.register("followup.rated", _rated)
verbs.register("followup.called", _called)
verbs.register("followup.excluded", _excluded)

"""What triage writes to the timeline: who chose which version of the learner speaks."""

from typing import Any

from django.utils.translation import gettext as _

from chenyue.timeline import verbs


def _chosen(data: dict[str, Any]) -> str:
    if not data.get("version"):
        return _("Triage guesses without learning from now on; version %(former)s spoke before.") % data
    return _("Version %(version)s of triage speaks from now on, instead of %(former)s.") % data


verbs.register("triage.version_chosen", _chosen, tone="wait", icon="history")

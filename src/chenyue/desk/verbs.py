"""What the desk itself writes to the timeline: exports."""

from typing import Any

from django.utils.translation import gettext as _

from chenyue.timeline import verbs


def _exported(data: dict[str, Any]) -> str:
    return _("%(count)s cases exported: %(what)s.") % {"count": data["count"], "what": data["what"]}


def _audit_exported(data: dict[str, Any]) -> str:
    return _("%(count)s entries of the timeline exported.") % {"count": data["count"]}


def _drafts_set(data: dict[str, Any]) -> str:
    if data.get("on"):
        return _("Drafts by a machine were switched on, at %(address)s.") % {"address": data["address"]}
    return _("Drafts by a machine are switched off.")


verbs.register("desk.drafts_set", _drafts_set, tone="wait", icon="sparkles")
verbs.register("desk.exported", _exported, tone="wait", icon="download")
verbs.register("desk.audit_exported", _audit_exported, tone="wait", icon="download")

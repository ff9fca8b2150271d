"""What the desk itself writes to the timeline: exports, settings of drafts, Word templates."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


def _replaced(data: dict[str, Any]) -> str:
    return _("A Word template was replaced: %(name)s") % {"name": data["name"]}


verbs.register("desk.paper_replaced", _replaced, icon="file-text")
verbs.register("desk.paper_restored", gettext_lazy("A Word template is again the one that ships"), icon="file-text")

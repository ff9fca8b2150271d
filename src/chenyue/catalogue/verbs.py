"""Sentences for the timeline."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chenyue.timeline.verbs import register


def _saved(data: dict[str, Any]) -> str | Promise:
    sentence = _("saved the category %(name)s as version %(version)s")
    if not data.get("active", True):
        sentence = _("switched off the category %(name)s (version %(version)s)")
    return sentence % data


register("catalogue.seeded", _("filled the catalogue with the starter table"), icon="list")
register("catalogue.category_saved", _saved, icon="list")
register("catalogue.rule_saved", lambda data: _("saved the routing rule %(name)s") % data, icon="list")
register("catalogue.rule_moved", lambda data: _("moved the routing rule %(name)s") % data, icon="list")
register("catalogue.rule_removed", lambda data: _("removed the routing rule %(name)s") % data, icon="list")
register(
    "catalogue.rule_switched_off",
    lambda data: _("The routing rule %(name)s switched itself off: %(because)s") % data,
    tone="warn",
    icon="warning",
)

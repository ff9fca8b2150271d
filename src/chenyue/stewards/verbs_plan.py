"""What entries about proposals of re-assignment say."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.stewards.planning.building import REASONS
from chenyue.timeline.verbs import register

register(
    "stewards.plan_asked",
    lambda data: _("A proposal was asked for: %(reason)s") % {"reason": REASONS.get(data["reason"], "")},
    icon="sparkles",
)
register(
    "stewards.plan_applied",
    lambda data: _("%(n)d of %(of)d proposed changes were carried out") % data,
    "done",
    "check",
)
register("stewards.plan_dropped", gettext_lazy("The proposal was thrown away"), "due", "trash")
register("stewards.plan_back", gettext_lazy("The way back was asked for"), icon="arrow-back-up")

"""Sentences of the timeline for what comes in from elsewhere."""

from django.utils.translation import gettext as _

from chenyue.timeline.verbs import register

register(
    "gateway.taken_over",
    lambda data: _("Taken over from the table %(file)s, row %(row)s.") % data,
    icon="upload",
)

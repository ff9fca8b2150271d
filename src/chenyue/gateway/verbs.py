"""Sentences of the timeline for what comes in from elsewhere."""

from django.utils.translation import gettext as _

from chenyue.timeline.verbs import register

register(
    "gateway.taken_over",
    lambda data: _("Taken over from the table %(file)s, row %(row)s.") % data,
    icon="upload",
)
register(
    "gateway.hotline_filed",
    lambda data: _("Table of %(sender)s filed: %(file)s, %(rows)s rows") % data,
    icon="upload",
)
register("gateway.hotline_undone", lambda data: _("Import undone: %(file)s") % data, icon="arrow-back-up")
register(
    "gateway.hotline_answers",
    lambda data: _("%(count)s answers taken out for the sender of %(file)s") % data,
    icon="download",
)

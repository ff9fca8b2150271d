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
register(
    "gateway.archive_made",
    lambda data: _("The whole office taken out: %(rows)s rows, %(files)s files") % data,
    icon="download",
)
register(
    "gateway.archive_arrived",
    lambda data: _("The whole office brought in: %(rows)s rows, %(files)s files, taken out at %(made)s") % data,
    icon="upload",
)
register("gateway.key_given", lambda data: _("Key given to %(name)s (%(owner)s)") % data, icon="key")
register("gateway.key_revoked", lambda data: _("Key of %(name)s (%(owner)s) ended") % data, icon="key")
register(
    "gateway.service_set",
    lambda data: (
        _("Open311 service set: %(name)s") if data["active"] else _("Open311 service closed: %(name)s")
    ) % data,
    icon="world",
)  # fmt: skip
register("gateway.words_published", lambda data: _("Words let be read outside: %(appeal)s") % data, icon="eye")
register("gateway.words_taken_back", lambda data: _("Words no longer read outside: %(appeal)s") % data, icon="eye-off")

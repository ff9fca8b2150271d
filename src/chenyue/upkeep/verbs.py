"""Sentences of the timeline for backups."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register

register("upkeep.folder_chosen", lambda data: _("Backups go to %(folder)s") % data, icon="shield-check")
register("upkeep.code_shown", gettext_lazy("Recovery code of the backups shown"), icon="eye")
register("upkeep.code_put_away", gettext_lazy("Recovery code put away on paper"), icon="lock")
register("upkeep.code_renewed", gettext_lazy("New recovery code for the backups made"), icon="key")
register(
    "upkeep.restored",
    lambda data: _("The office was brought back from the backup of %(made)s: %(rows)d rows, %(files)d files") % data,
    tone="due",
    icon="refresh",
)

"""Sentences of the timeline for backups, and for what is kept how long."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register
from chenyue.upkeep.keeping.words import SAID

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


def _reason(data: dict[str, Any]) -> str:
    return str(data.get("words", ""))


def _named(data: dict[str, Any]) -> dict[str, Any]:
    """With the kind as it is called on the page."""
    kind = str(data["kind"])
    return data | {"kind": SAID[kind].label if kind in SAID else kind}


register(
    "upkeep.keep_asked",
    lambda data: (
        _("Asked that this goes after %(days)d days: %(kind)s; %(rows)d rows and %(files)d files then") % _named(data)
    ),
    icon="history",
    words_for=_reason,
)
register(
    "upkeep.keep_agreed",
    lambda data: _("Agreed: %(kind)s, after %(days)d days") % _named(data),
    tone="due",
    icon="check",
)
register("upkeep.keep_refused", lambda data: _("Not agreed: %(kind)s, after %(days)d days") % _named(data), icon="x")
register("upkeep.keep_stopped", lambda data: _("Nothing goes any more: %(kind)s") % _named(data), icon="hand-stop")
register(
    "upkeep.keep_removed",
    lambda data: (
        _("Removed after %(days)d days: %(kind)s; %(rows)d rows, %(files)d files; batch %(batch)s") % _named(data)
    ),
    icon="trash",
)
register(
    "upkeep.keep_held",
    lambda data: _("Held, nothing of it is removed: %(number)s") % data,
    icon="lock",
    words_for=_reason,
)
register("upkeep.keep_lifted", lambda data: _("No longer held: %(number)s") % data, icon="lock")
register(
    "upkeep.spool_set_aside",
    lambda data: _("Something that was kept while the database was away can't be filed (%(why)s): %(mark)s") % data,
    tone="late", icon="alert-triangle",
)  # fmt: skip
register(
    "upkeep.spool_read",
    lambda data: _("Read what was kept and can't be filed: %(mark)s") % data,
    icon="eye",
    words_for=_reason,
)
register("upkeep.spool_filed", lambda data: _("Filed what had been set aside: %(mark)s") % data, tone="done")
register(
    "upkeep.spool_discarded",
    lambda data: _("Thrown away what was set aside: %(mark)s") % data,
    icon="trash",
    words_for=_reason,
)

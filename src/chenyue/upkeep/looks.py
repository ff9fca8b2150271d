"""The doors in the account menu, how the states of backups look, and the kind of alert."""

from django.utils.translation import gettext_lazy as _

from chenyue.core import chrome, office
from chenyue.notify import alerts
from chenyue.upkeep.backups.telling import KIND, WORD
from chenyue.upkeep.keeping import deciding
from chenyue.upkeep.models import BackupRun

State = BackupRun.State
chrome.door("staff", "backups", _("Backup"), "upkeep:backups", icon="shield-check", order=83, word=WORD, menu=True)
chrome.door(
    "staff", "keeping", _("How long things are kept"), "upkeep:keeping", icon="history", order=87,
    word=deciding.WORD, menu=True,
)  # fmt: skip
chrome.states(
    "backup",
    {
        State.RUNNING: (State.RUNNING.label, "wait", "refresh"),
        State.PROVED: (State.PROVED.label, "done", "circle-check"),
        State.KEPT: (State.KEPT.label, "due", "alert-triangle"),
        State.FAILED: (State.FAILED.label, "late", "x"),
    },
)
alerts.register(KIND, _("Backups that fail"))
office.label(
    {
        "backup_folder": _("Folder of the backups"),
        "backup_hour": _("Hour of the backup"),
        "backup_keep": _("How many backups are kept"),
        "backup_warn_days": _("Days without a proved backup until it's told"),
        "keep_days": _("How long things are kept"),
    }
)

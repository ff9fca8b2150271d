"""What machines are told of the backups: Prometheus, and `manage.py check`."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connection
from django.utils import timezone

from chenyue.core import metrics, office
from chenyue.upkeep.backups import folders, telling
from chenyue.upkeep.models import BackupRun

DAY = 24 * 3600


def age() -> float:
    """Seconds since the newest backup that was brought back and proved began; -1 without one."""
    last = telling.last_proved()
    return (timezone.now() - last.started_at).total_seconds() if last else -1.0


def failing() -> float:
    """1 if the newest backup isn't proved, else 0."""
    newest = BackupRun.objects.exclude(state=BackupRun.State.RUNNING).order_by("-started_at").first()
    return float(newest is not None and newest.state != BackupRun.State.PROVED)


metrics.watch("chenyue_backup_proved_age_seconds", "Since the newest proved backup began; -1: there is none", age)
metrics.watch("chenyue_backup_failing", "1 if the newest backup isn't proved", failing)


@register(Tags.database)
def backups_are_elsewhere(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """A broken disk would take the office and its backups."""
    if not databases or "upkeep_backuprun" not in connection.introspection.table_names():
        return []
    if not office.get("set_up") or office.get("demo") or not folders.beside_the_office(folders.current()):
        return []
    hint = "Plug in another disk and choose it under Set-up → Backup, or: ./manage.py backup --folder /media/…"
    return [Warning("The backups lie on the same disk as the office.", hint=hint, id="chenyue.W007")]


@register(Tags.database)
def backups_are_proved(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """A backup that was never brought back is a hope."""
    if not databases or "upkeep_backuprun" not in connection.introspection.table_names():
        return []
    days, since = int(office.get("backup_warn_days")), telling.office_since()
    old = age()
    if not office.get("set_up") or office.get("demo") or not days or since is None:
        return []
    if old < 0:
        old = (timezone.now() - since).total_seconds()
    if old < days * DAY:
        return []
    hint = "Look at Set-up → Backup, or run ./manage.py backup."
    return [Warning(f"No backup was proved for {int(old // DAY)} days.", hint=hint, id="chenyue.W008")]

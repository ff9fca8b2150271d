"""The hour of the backup, and who is told when none is proved."""

import logging
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from chenyue.core import jobs, office, ticks
from chenyue.core.whose import whose
from chenyue.upkeep.backups import rules, running, telling
from chenyue.upkeep.backups.troubles import SENTENCES
from chenyue.upkeep.models import BackupRun

log = logging.getLogger(__name__)
State = BackupRun.State


@ticks.every(300, "upkeep.backup")
def backup(at: datetime) -> str:
    """Begin one when its hour has come; a machine that was off at that hour makes up for it."""
    if not is_due(at):
        return ""
    begin()
    return "begun"


def is_due(at: datetime) -> bool:
    """Whether one must begin now; at most three statements. Never by itself where many offices share a database."""
    if whose():
        return False
    hour = int(office.get("backup_hour"))
    newest = list(BackupRun.objects.order_by("-started_at")[:1])
    good = BackupRun.objects.filter(state__in=[State.PROVED, State.KEPT]).order_by("-started_at").first()
    failed = newest[0] if newest and newest[0].state == State.FAILED else None
    return rules.is_due(
        timezone.localtime(at),
        hour,
        since=telling.office_since(),
        good=good.started_at if good else None,
        tried=failed.started_at if failed else None,
        costly=failed is not None and failed.trouble in SENTENCES and SENTENCES[failed.trouble].costly,
    )


@jobs.job("upkeep.backup")
def asked(member: int | None = None) -> None:
    """Somebody pressed the button."""
    begin(member)


def begin(member: int | None = None) -> None:
    """Start a backup in a process of its own: the job worker stays free for letters and clocks.

    It outlives the worker, and a second one that is started meanwhile ends at once. Under test (`sync`) none is.
    """
    if running.is_running() or settings.Q_CLUSTER.get("sync"):
        return
    command = [sys.executable, str(Path(settings.ROOT) / "manage.py"), "backup", "--in-background"]
    if member is not None:
        command += ["--member", str(member)]
    with open(os.devnull, "rb") as nothing:
        subprocess.Popen(command, stdin=nothing, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    log.info("backup begun")


@ticks.every(6 * 3600, "upkeep.backup_old")
def watch(at: datetime) -> bool:
    """Tell those responsible, once a day, while none is proved."""
    return telling.tell_if_old(at)

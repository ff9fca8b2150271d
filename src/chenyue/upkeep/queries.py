"""What the page of the backups shows."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from chenyue.core import office
from chenyue.core.whose import whose
from chenyue.upkeep.backups import folders, rules, running, telling
from chenyue.upkeep.backups.troubles import said
from chenyue.upkeep.models import BackupRun

SHOWN = 30  # runs


@dataclass(frozen=True)
class Line:
    """One run, with its sentence."""

    run: BackupRun
    wrong: str
    do: str


@dataclass(frozen=True)
class Kept:
    """One backup on the disk, and what holds it."""

    at: datetime
    name: str
    size: int
    why: list[str]  # names of rules; none: it goes after the next backup


def page(at: datetime) -> dict[str, Any]:
    """All that the page says; four statements."""
    lines = [Line(run, *_said(run)) for run in BackupRun.objects.order_by("-started_at", "-pk")[:SHOWN]]
    proved = next((line.run for line in lines if line.run.state == BackupRun.State.PROVED), None)
    proved = proved or telling.last_proved()
    ended = [line for line in lines if line.run.state != BackupRun.State.RUNNING]
    folder = folders.current()
    return {
        "proved": proved,
        "late": _late(proved, at),
        "last": ended[0] if ended and ended[0].wrong else None,
        "running": running.is_running(),
        "of_many": running.OF_MANY if whose() else "",
        "lines": lines,
        "folder": str(folder) if office.get("backup_folder") else "",
        "same_disk": folders.beside_the_office(folder),
        "sheet": not office.get("backup_handed_out"),
        "handed_out": office.get("backup_handed_out"),
        "hour": office.get("backup_hour"),
        "kept": kept(folder),
        "next": rules.last_turn(timezone.localtime(at), int(office.get("backup_hour"))) + timedelta(days=1),
    }


def _said(run: BackupRun) -> tuple[str, str]:
    return said(run.trouble, run.told) if run.trouble else ("", "")


def _late(proved: BackupRun | None, at: datetime) -> bool:
    days = int(office.get("backup_warn_days"))
    return bool(days) and (proved is None or at - proved.started_at >= timedelta(days=days))


def kept(folder: Path) -> list[Kept]:
    """What lies on the disk now, the newest first."""
    there = folders.named(folder)
    why = rules.kept(there, running.keep())
    found = []
    for at, path in sorted(there.items(), reverse=True):
        with suppress(OSError):  # the disk was pulled out just now
            found.append(Kept(at, path.name, path.stat().st_size, why.get(at, [])))
    return found

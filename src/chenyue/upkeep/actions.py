"""What people decide about backups. Each is written down."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from chenyue.core import jobs, office
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.whose import whose
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.upkeep.backups import code as codes
from chenyue.upkeep.backups import folders, keys
from chenyue.upkeep.backups.keys import Keys
from chenyue.upkeep.backups.reading import Restored
from chenyue.upkeep.backups.running import OF_MANY
from chenyue.upkeep.backups.telling import WORD
from chenyue.upkeep.models import BackupRun

SUBJECT = "office:backups"


def _allowed(by: Actor) -> None:
    if by.kind != "system" and not (by.kind == "member" and may(by.user, WORD)):
        raise NotAllowed()


@transaction.atomic
def choose_folder(*, typed: str, by: Actor, at: datetime) -> Path:
    """Backups go there from now on; empty: into the data folder. Raises Refusal."""
    _allowed(by)
    folder = folders.allowed(typed) if typed.strip() else folders.own()
    if folder == folders.own().resolve() or folder == folders.own():
        office.change(by=by, at=at, backup_folder="")
    else:
        mark = folders.claim(folder)
        office.put(backup_mark=mark)
        office.change(by=by, at=at, backup_folder=str(folder))
    record(subject=SUBJECT, verb="upkeep.folder_chosen", by=by, at=at, data={"folder": str(folder)})
    return folder


@transaction.atomic
def set_rules(*, by: Actor, at: datetime, hour: int, warn_days: int, days: int, weeks: int, months: int) -> None:
    """When, how many stay, and after how long somebody is told."""
    _allowed(by)
    keep = {"days": days, "weeks": weeks, "months": months}
    office.change(by=by, at=at, backup_hour=hour, backup_warn_days=warn_days, backup_keep=keep)


@transaction.atomic
def look_at_code(*, by: Actor, at: datetime) -> None:
    """Write down that somebody looks at the recovery code; it's made if there is none. Raises NotAllowed."""
    _may_look(by)
    keys.ensure()
    record(subject=SUBJECT, verb="upkeep.code_shown", by=by, at=at)


def code_for(by: Actor) -> str:
    """The recovery code for the sheet, as long as nobody has said that it's put away. Raises NotAllowed afterwards."""
    _may_look(by)
    return codes.shown(keys.ensure().code)


def _may_look(by: Actor) -> None:
    _allowed(by)
    if by.kind != "system" and office.get("backup_handed_out"):
        raise NotAllowed()


@transaction.atomic
def put_away(*, by: Actor, at: datetime) -> None:
    """The sheet is printed and lies in a safe place: no page shows the code any more."""
    _allowed(by)
    if not office.get("backup_handed_out"):
        office.put(backup_handed_out=f"{timezone.localtime(at):%Y-%m-%d}")
        record(subject=SUBJECT, verb="upkeep.code_put_away", by=by, at=at)


@transaction.atomic
def renew_code(*, by: Actor, at: datetime) -> None:
    """Another code from now on, for a sheet that was lost or seen; older backups keep asking for the older one."""
    _allowed(by)
    keys.fresh()
    record(subject=SUBJECT, verb="upkeep.code_renewed", by=by, at=at)


def ask_now(*, by: Actor, at: datetime) -> None:
    """Begin a backup at once, beside the pages."""
    _allowed(by)
    if whose():
        raise Refusal(OF_MANY, code="of_many")
    jobs.enqueue("upkeep.backup", member=by.user.pk if by.user else None)


@transaction.atomic
def came_back(*, restored: Restored, name: str, code: str, at: datetime) -> None:
    """An office was brought back here: it says so, goes on with the same code, and knows which backup it came from."""
    keys.keep(Keys(codes.read(code), bytes.fromhex(restored.store)))
    told: dict[str, Any] = {"made": restored.made, "rows": restored.rows, "files": restored.files}
    record(subject=SUBJECT, verb="upkeep.restored", by=SYSTEM, at=at, data=told)
    last = BackupRun.objects.filter(state=BackupRun.State.RUNNING).order_by("-started_at").first()
    if last is not None:  # the one that was being made when this copy was taken
        last.state, last.ended_at, last.name = BackupRun.State.PROVED, at, name
        last.rows, last.files = restored.rows, restored.files
        last.save()

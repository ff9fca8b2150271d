"""One backup from beginning to end: written, brought back and proved, older ones thinned out, told if it failed."""

import fcntl
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import office
from chenyue.core.errors import Refusal
from chenyue.core.whose import whose
from chenyue.gateway import moving
from chenyue.upkeep.backups import folders, keys, proving, rules, telling, writing
from chenyue.upkeep.backups.store import Store
from chenyue.upkeep.backups.troubles import SENTENCES, Trouble
from chenyue.upkeep.models import BackupRun

log = logging.getLogger(__name__)
SCRATCH = "backing-up"
OLDEST_RUN = timedelta(days=800)  # what became of backups longer ago than that is forgotten
DAMAGED = ("changed", "unlike")  # what was written is worth nothing
State = BackupRun.State


OF_MANY = _(
    "Many offices are served by this installation. Whoever runs it backs up their common database and data folder; "
    "see docs/operate.md, “A backup for a city”."
)


class Running(Exception):
    """Another backup of this office is running."""


def run(*, at: datetime, asked_by: str = "") -> BackupRun:
    """Make a backup now, whatever comes of it: the run says so. Raises Running, and Refusal in a city."""
    if whose():
        raise Refusal(OF_MANY, code="of_many")
    with _alone():
        _clear_away(at)
        found = BackupRun.objects.create(started_at=at, asked_by=asked_by, folder=str(folders.current())[:300])
        try:
            _make(found, at)
        except Trouble as trouble:
            _failed(found, trouble)
        except Exception as error:
            log.exception("the backup failed")
            _failed(found, Trouble("fault", reason=type(error).__name__))
        finally:
            shutil.rmtree(_scratch(), ignore_errors=True)
        found.ended_at = timezone.now()
        found.save()
        telling.tell(found)
        return _only_once(found)


@contextmanager
def _alone() -> Iterator[None]:
    with Path(settings.HOME, "backup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Running from error
        yield


def is_running() -> bool:
    """Whether a backup is being made on this machine."""
    with suppress(OSError), Path(settings.HOME, "backup.lock").open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _scratch() -> Path:
    return Path(settings.HOME, SCRATCH)


def _clear_away(at: datetime) -> None:
    """What a backup that was killed has left; whoever holds the lock is the only one who runs."""
    shutil.rmtree(_scratch(), ignore_errors=True)
    BackupRun.objects.filter(state=State.RUNNING).update(state=State.FAILED, trouble="killed", ended_at=at)
    BackupRun.objects.filter(started_at__lt=at - OLDEST_RUN).delete()


def _make(found: BackupRun, at: datetime) -> None:
    if moving.pending():
        raise Trouble("older")
    folder = folders.ready()
    for part in folder.glob("chenyue-*.part"):
        part.unlink(missing_ok=True)
    known = keys.ensure()
    _scratch().mkdir(mode=0o700)
    last = BackupRun.objects.filter(state__in=[State.PROVED, State.KEPT], folder=found.folder).first()
    before = _size(folder, last) if last else 0
    written = writing.write(folder, _scratch(), known, at=at, before=before)
    found.name, found.size, found.rows = written.path.name, written.size, written.rows()
    found.files, found.added, found.state = written.files, written.added, State.KEPT
    found.save()
    _prove(found, written, known.code)
    found.state = State.PROVED
    found.removed = len(thin_out(folder, store_key=known.store))


def _size(folder: Path, last: BackupRun) -> int:
    with suppress(OSError):
        return (folder / last.name).stat().st_size
    return 0


def _prove(found: BackupRun, written: writing.Written, code: str) -> None:
    """Raises Trouble. What can't be read back is taken away, so that nobody trusts it."""
    trial = _scratch() / "trial"
    trial.mkdir(mode=0o700)
    try:
        if writing.vendor() == "sqlite":
            writing.room_for_trial(written)
        proved = proving.prove(written.path, code, trial)
    except Trouble as trouble:
        if trouble.name in DAMAGED:
            written.path.unlink(missing_ok=True)
            found.name, found.state = "", State.FAILED
        raise
    if (proved.get("rows"), proved.get("files")) != (written.rows(), written.files):
        raise Trouble("unlike", where="manifest.json")
    if proved.get("faults"):
        raise Trouble("history", where=str(proved["faults"][0])[:200])


def _failed(found: BackupRun, trouble: Trouble) -> None:
    found.trouble, found.told = trouble.name, trouble.told
    if found.state == State.RUNNING:
        found.state = State.FAILED
    log.warning("backup %s: %s", found.state, trouble.name)


def _only_once(found: BackupRun) -> BackupRun:
    """A disk that is away all week is one line, not a hundred."""
    before = BackupRun.objects.filter(started_at__lt=found.started_at).order_by("-started_at").first()
    same = before is not None and (before.state, before.trouble) == (found.state, found.trouble)
    if before is None or not same or found.state != State.FAILED or SENTENCES[found.trouble].costly:
        return found
    found.tries = before.tries + 1
    found.save(update_fields=["tries"])
    before.delete()
    return found


def keep() -> rules.Keep:
    """How many are kept in this office."""
    said: dict[str, Any] = office.get("backup_keep")
    return rules.Keep(**{name: int(said[name]) for name in ("days", "weeks", "months") if name in said})


def thin_out(folder: Path, *, store_key: bytes | None, dry: bool = False) -> list[Path]:
    """Take away older backups, and files that none of those that stay names; which go. `dry`: only say so."""
    there = folders.named(folder)
    going = [there[at] for at in rules.dropped(there, keep())]
    if dry:
        return going
    for path in going:
        path.unlink(missing_ok=True)
    staying = folders.named(folder)
    if store_key is not None and staying:
        Store(folder, store_key).sweep(min(staying) - timedelta(days=1))
    return going

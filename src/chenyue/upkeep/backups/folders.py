"""Where backups are put: a folder on a disk of its own, known again by a mark that lies in it.

A stick that isn't plugged in leaves an empty folder behind where it was; without the mark, backups would go onto the
office's own disk from then on, and nobody would notice.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import office
from chenyue.core.errors import Refusal
from chenyue.upkeep.backups.troubles import Trouble

MARK = "chenyue-backups.json"
OWN = "backups"  # in the data folder: where they go until a disk is chosen
NAME = "chenyue-{:%Y%m%d-%H%M%S}.backup"  # in UTC; no colon, for disks that Windows formatted
_NAMED = re.compile(r"chenyue-(\d{8}-\d{6})\.backup")
OUTSIDE = ("/media", "/run/media", "/mnt", "/Volumes")  # where systems hang in what is plugged in
SMALLEST = 64 * 1024 * 1024  # bytes: a disk with less room isn't offered
MOUNTS = Path("/proc/self/mountinfo")
README = """这是“晨约”的备份。/ Backups of Chenyue.

chenyue-….backup 是某一刻的全部数据，kept 里是照片和文件，都已加密，缺一不可。
没有恢复码（打印在“恢复单”上）谁也打不开。
恢复：在新电脑上装好晨约，插上这个盘，运行
  ./manage.py restore 本文件夹
再输入恢复码。

chenyue-….backup holds all data of one moment, kept holds photos and papers. Both are encrypted and needed.
To restore: install Chenyue on a new machine, plug this disk in, run  ./manage.py restore THIS_FOLDER
and type the recovery code from the recovery sheet.
"""


@dataclass(frozen=True)
class Disk:
    """A disk that could take the backups."""

    folder: Path  # proposed on it
    free: int  # bytes
    total: int


def current() -> Path:
    """Where backups go now: as chosen, else into the data folder itself."""
    chosen = office.get("backup_folder")
    return Path(chosen) if chosen else own()


def own() -> Path:
    """The folder within the data folder."""
    return Path(settings.HOME, OWN)


def beside_the_office(folder: Path) -> bool:
    """Whether the folder lies on the disk that holds the office: one broken disk would take both."""
    with suppress(OSError):
        return _standing(folder).stat().st_dev == Path(settings.HOME).stat().st_dev
    return False


def _standing(path: Path) -> Path:
    """The nearest folder above that exists."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def allowed(typed: str) -> Path:
    """A folder somebody names on a page. Raises Refusal for one that backups must not go into."""
    path = Path(typed.strip())
    if not path.is_absolute() or "\0" in typed or ".." in path.parts or len(typed) > 250:
        raise Refusal(_("Write the whole path, such as /media/stick/chenyue."), field="folder")
    real, home, root = path.resolve(), Path(settings.HOME).resolve(), Path(settings.ROOT).resolve()
    if real == own().resolve():
        return real
    if real == Path("/") or any(real.is_relative_to(there) or there.is_relative_to(real) for there in (home, root)):
        sentence = _("This folder belongs to the office itself. Choose one on another disk.")
        raise Refusal(sentence, field="folder")
    return path


def claim(folder: Path) -> str:
    """Make the folder ours, and give the mark by which it's known again. Raises Refusal in a person's words."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark = _mark_of(folder) or secrets.token_hex(8)
        known = office.get("backup_mark")
        if _mark_of(folder) not in ("", known) and named(folder):
            sentence = _("There are backups of another office in this folder. Choose an empty one.")
            raise Refusal(sentence, field="folder")
        (folder / "README.txt").write_text(README, encoding="utf-8")
        (folder / MARK).write_text(json.dumps({"mark": mark}), encoding="utf-8")
    except OSError as error:
        sentence = _("Nothing can be written there: %(reason)s. Is the disk plugged in, and may Chenyue write to it?")
        raise Refusal(sentence % {"reason": error.strerror}, field="folder") from error
    return mark


def _mark_of(folder: Path) -> str:
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8")[:1000])
        return str(found["mark"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def ready() -> Path:
    """The folder, if its disk is there and is the right one. Raises Trouble."""
    folder = current()
    if folder == own():
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    try:
        there = _mark_of(folder)
        if not there:
            raise Trouble("absent", folder=str(folder))
        if there != office.get("backup_mark"):
            raise Trouble("other", folder=str(folder))
        probe = folder / f".probe{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Trouble("readonly", folder=str(folder), reason=error.strerror or "") from error
    return folder


def named(folder: Path) -> dict[datetime, Path]:
    """The backups in a folder, by the office's wall clock."""
    found = {}
    with suppress(OSError):
        for path in folder.iterdir():
            said = _NAMED.fullmatch(path.name)
            if said is not None and path.is_file():
                with suppress(ValueError):
                    at = datetime.strptime(said[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
                    found[timezone.localtime(at)] = path
    return found


def file_name(at: datetime) -> str:
    """What the backup of this moment is called."""
    return NAME.format(at.astimezone(UTC))


def free(folder: Path) -> int:
    """Bytes that can still be written there."""
    return shutil.disk_usage(_standing(folder)).free


def disks() -> list[Disk]:
    """What is plugged in and may be written to (Linux); the largest first."""
    found = [disk for mount in _mounts() if (disk := _offered(mount)) is not None]
    return sorted(found, key=lambda disk: -disk.free)


def _offered(mount: Path) -> Disk | None:
    with suppress(OSError):
        if os.access(mount, os.W_OK) and not beside_the_office(mount):
            usage = shutil.disk_usage(mount)
            if usage.free >= SMALLEST:
                return Disk(mount / "chenyue", usage.free, usage.total)
    return None


def _mounts() -> Iterator[Path]:
    with suppress(OSError):
        for line in MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
            fields = line.split(" ")
            if len(fields) > 4:
                path = re.sub(r"\\([0-7]{3})", lambda said: chr(int(said[1], 8)), fields[4])
                if path.startswith(tuple(f"{folder}/" for folder in OUTSIDE)) or path in OUTSIDE:
                    yield Path(path)

"""Writing one backup: a copy of one moment, the files beside it, and what proves that nothing is missing.

about.json          which product, which database, which tables (migrations)
keys.json           the keys of the installation, and the key of the store
database/…          SQLite: the file in parts        tables/NAME/…   PostgreSQL: rows in parts
files/…             lines of JSON: path, bytes, SHA-256 of each file; the contents are in the store
manifest.json       rows of each table, hashes, how many files
"""

import errno
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from chenyue.core.sealed_tar import CHUNK, Writer
from chenyue.gateway.archives import left_out, outgoing, plain
from chenyue.upkeep.backups import folders, packing, postgres, sqlite, store
from chenyue.upkeep.backups.keys import Keys
from chenyue.upkeep.backups.troubles import Trouble

KIND, LAYOUT = "chenyue-backup", 1
LINES = 5000  # files named in one member
RESERVE = 256 * 1024 * 1024  # bytes that stay free on the office's own disk, for the office
SMALL = 16 * 1024 * 1024  # … on a disk of the backups


@dataclass
class Written:
    """What was written, and what the manifest says of it."""

    path: Path
    manifest: dict[str, Any] = field(default_factory=dict)
    files: int = 0
    added: int = 0
    size: int = 0  # bytes, with what was added to the store

    def rows(self) -> int:
        """Of all tables together."""
        counts = self.manifest.get("tables", {}).values()
        return sum(int(said[0] if isinstance(said, list) else said) for said in counts)


def write(folder: Path, scratch: Path, keys: Keys, *, at: datetime, before: int = 0) -> Written:
    """Write the backup of this moment. Raises Trouble; nothing is left then but files that the next one can use.

    `scratch` is an empty folder on the office's own disk, `before` the bytes of the backup before this one.
    """
    path = folder / folders.file_name(at)
    written = Written(path)
    sealed = vendor() == "sqlite"
    needed = sqlite.size() if sealed else postgres.size()
    _room(Path(settings.HOME), needed if sealed else 0, RESERVE, "crowded")
    _room(folder, before * 11 // 10 if before else needed // 2, _reserve(folder), "full")
    about = {"layout": LAYOUT, "made": at.isoformat(timespec="seconds")}
    with _disk_troubles(folder):
        counts = sqlite.snapshot(scratch / "copy.sqlite3") if sealed else {}
        with Writer(path, keys.code, KIND, about, folders.README) as archive:
            _heads(archive, keys)
            if sealed:
                written.manifest = {"database": sqlite.put(archive, scratch / "copy.sqlite3"), "tables": counts}
                (scratch / "copy.sqlite3").unlink()
            else:
                written.manifest = postgres.put(archive)
            written.manifest["files"] = _files(archive, store.Store(folder, keys.store), folder, written, at)
            store.settle(folder)  # the files before what names them
            archive.add("manifest.json", plain.body(written.manifest))
        written.size += path.stat().st_size
        store.settle(folder)  # its name, too
    return written


def room_for_trial(written: Written) -> None:
    """Raises Trouble if the office's own disk can't hold the database once more for a while."""
    _room(Path(settings.HOME), int(written.manifest["database"]["bytes"]), RESERVE, "crowded")


def vendor() -> str:
    """Which database this is."""
    return str(connection.vendor)


def _heads(archive: Writer, keys: Keys) -> None:
    about = {"product": outgoing.product(), "database": vendor(), "migrations": outgoing.migrations()}
    archive.add("about.json", plain.body(about))
    archive.add("keys.json", plain.body({"secrets": dict(settings.SECRETS), "store": keys.store.hex()}))


def _files(archive: Writer, kept: store.Store, folder: Path, written: Written, at: datetime) -> dict[str, Any]:
    """Put into the store what it lacks, and name everything; the sum over all."""
    total, parts = plain.Sum(), 0
    lines: list[str] = []

    def end_part() -> None:
        nonlocal parts
        parts += 1
        archive.add(f"files/{parts:06}.z", zlib.compress("".join(lines).encode(), packing.LEVEL))
        lines.clear()

    for path in plain.files(settings.HOME, left_out.FOLDERS):
        try:
            sha256, size = _hash(path)
            if not kept.holds(sha256, size):
                _room(folder, size, _reserve(folder), "full")
                with path.open("rb") as file:
                    written.size += kept.put(file, sha256)
                written.added += 1
        except FileNotFoundError:  # swept away since its folder was read
            continue
        kept.named(sha256, at)
        name = path.relative_to(settings.HOME).as_posix()
        total.add(name, size, sha256)
        lines.append(line(name, size, sha256))
        written.files += 1
        if len(lines) == LINES:
            end_part()
    if lines:
        end_part()
    return total.said()


def line(name: str, size: int, sha256: str) -> str:
    """How a backup names a file."""
    return json.dumps({"path": name, "bytes": size, "sha256": sha256}, ensure_ascii=False) + "\n"


def _hash(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _reserve(folder: Path) -> int:
    return RESERVE if folders.beside_the_office(folder) else SMALL


def _room(folder: Path, needed: int, reserve: int, name: str) -> None:
    free = folders.free(folder)
    if free < needed + reserve:
        raise Trouble(name, needed=needed + reserve, free=free)


@contextmanager
def _disk_troubles(folder: Path) -> Iterator[None]:
    """What a disk or a database refuses, in the words of `troubles`."""
    try:
        yield
    except DatabaseError as error:
        raise Trouble("database", reason=type(error).__name__) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            full = folders.free(folder) <= folders.free(Path(settings.HOME)) or not folders.beside_the_office(folder)
            place = folder if full else Path(settings.HOME)
            raise Trouble("full" if full else "crowded", needed=SMALL, free=folders.free(place)) from error
        if error.errno == errno.EFBIG:
            raise Trouble("large") from error
        raise Trouble("torn", reason=error.strerror or type(error).__name__) from error

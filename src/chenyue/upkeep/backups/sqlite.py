"""SQLite: a copy of one moment, in parts, and the file again."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from django.db import connection

from chenyue.core.db.sqlite import base
from chenyue.core.sealed_tar import Changed, Writer
from chenyue.upkeep.backups import packing

PART = 4 * 1024 * 1024  # bytes of the database in one member
FOLDER = "database"


def source() -> Path:
    """The office's database file."""
    return Path(str(connection.settings_dict["NAME"]))


def size() -> int:
    """Bytes of the database."""
    return sum(path.stat().st_size for path in (source(), source().with_name(source().name + "-wal")) if path.exists())


def snapshot(target: Path) -> dict[str, int]:
    """A copy of this moment; how many rows each table has in it. Others read and write on meanwhile.

    On a connection of its own: with the write-ahead log a reader holds up nobody. Without it writers would fail
    after their time is over; so they stand in line behind the copy instead.
    """
    in_line = nullcontext() if base.journal_mode() == "wal" else connection.turn()  # type: ignore[attr-defined]
    with in_line, closing(sqlite3.connect(source(), isolation_level=None, timeout=60)) as reading:
        for pragma in base.PRAGMAS:
            reading.execute(pragma)
        reading.execute("VACUUM INTO ?", [str(target)])
    with closing(sqlite3.connect(target)) as copy:
        return counts(copy)


def counts(database: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = [
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
    ]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def put(archive: Writer, copy: Path) -> dict[str, Any]:
    """Add the copy to the archive; what the manifest says of it."""
    digest, total = hashlib.sha256(), 0
    with copy.open("rb") as file:
        for number, part in enumerate(iter(lambda: file.read(PART), b""), 1):
            digest.update(part)
            total += len(part)
            archive.add(f"{FOLDER}/{number:06}.z", zlib.compress(part, packing.LEVEL))
    return {"bytes": total, "sha256": digest.hexdigest()}


class Taking:
    """Writes the file again, part by part, and proves it."""

    def __init__(self, target: Path) -> None:
        self._target, self._file = target, target.open("xb")
        self._digest, self._bytes = hashlib.sha256(), 0

    def take(self, name: str, packed: Iterator[bytes]) -> None:
        """The next part. Raises Changed."""
        for piece in packing.unpacked(name, packed, PART):
            self._digest.update(piece)
            self._bytes += self._file.write(piece)

    def prove(self, manifest: dict[str, Any]) -> None:
        """Everything is as the manifest says: bytes, hash, structure, rows of each table. Raises Changed."""
        self._file.close()
        if manifest.get("database") != {"bytes": self._bytes, "sha256": self._digest.hexdigest()}:
            raise Changed(FOLDER)
        with closing(sqlite3.connect(self._target)) as copy:
            if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise Changed(FOLDER)
            packing.compare(manifest.get("tables"), counts(copy))

    def close(self) -> None:
        """Give up, or be done."""
        self._file.close()

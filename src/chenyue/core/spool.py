"""Writes that wait on this machine's disk while the database is away.

One file each, in the data folder under `spool/`: its name says nothing but two keyed fingerprints, of its idempotency
key and of the receipt that was given for it; what is in it is encrypted with the field key. A file appears whole or
not at all, and is on the disk (file and folder synced) before anybody is told that it's kept. Whoever files it holds
its lock meanwhile; that it happens once, the idempotency key sees to, also after a death between filing and dropping.

    4 bytes   length of the head, sealed
    head      JSON: what was told, and of each file its name and its size in bytes
    chunks    4 bytes of length, then at most 1 MiB of the files, sealed; each bound to the name and to its place
"""

import fcntl
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files import File

from chenyue.core import crypto, metrics

CHUNK = 1024 * 1024  # bytes
LENGTH = 4  # bytes
MOST = 2000  # files that wait
MOST_BYTES = 1024 * 1024 * 1024  # of all that wait
SPARE = 64 * 1024 * 1024  # bytes of the disk that are left free
KEPT, PART, STUCK = ".kept", ".part", ".stuck"


@dataclass(frozen=True)
class SetAside:
    """Something that was kept can't be filed: a person must look. `why`: the kind of the fault, no word of it."""

    mark: str
    why: str
    at: datetime


class Full(Exception):
    """No more is kept: too many wait, or the disk has no room."""


@dataclass(frozen=True)
class Waiting:
    """One write that waits."""

    path: Path

    @property
    def mark(self) -> str:
        """By which people call it: of the keyed fingerprint of its key, telling nothing of what is in it."""
        return self.path.name[:12]

    @property
    def kept_at(self) -> float:
        """When it was kept, seconds since 1970."""
        return self.path.stat().st_mtime


def folder() -> Path:
    """Where this office's writes wait."""
    return Path(settings.HOME) / "spool"


def keep(*, key: str, receipt: str, told: dict[str, Any], files: Sequence[File]) -> bool:  # type: ignore[type-arg]
    """Keep a write under its key; False if that key waits already, and then nothing changes.

    Raises Full, and OSError where the disk refuses; then nothing is kept.
    """
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if by_key(key) is not None:
        return False
    size = sum(file.size for file in files)
    _room(place, size)
    name = f"{_print(key, 'key')}.{_print(receipt, 'receipt')}{KEPT}"
    part = place / f"{name}.{os.getpid()}.{threading.get_ident()}{PART}"
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _write(out, name, {"key": key, "receipt": receipt} | told, files)
            out.flush()
            os.fsync(out.fileno())
        return _appear(part, place / name, key)
    finally:
        part.unlink(missing_ok=True)


def _appear(part: Path, path: Path, key: str) -> bool:
    """Let it appear under its name, unless the same key came in at the same moment."""
    with _alone(path.parent):
        if by_key(key) is not None:
            return False
        part.rename(path)
    at = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)
    return True


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with (place / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _room(place: Path, size: int) -> None:
    held = [entry.stat().st_size for entry in os.scandir(place) if entry.name.endswith(KEPT)]
    if len(held) >= MOST or sum(held) + size > MOST_BYTES or shutil.disk_usage(place).free - size < SPARE:
        raise Full


def _print(value: str, kind: str) -> str:
    return crypto.blind_index(value, f"spool {kind}")


def _write(out: IO[bytes], name: str, told: dict[str, Any], files: Sequence[File]) -> None:  # type: ignore[type-arg]
    head = told | {"files": [[file.name or "", file.size] for file in files]}
    _put(out, crypto.seal(json.dumps(head, ensure_ascii=False).encode(), f"{name} 0"))
    number = 0
    for file in files:
        file.seek(0)
        while piece := file.read(CHUNK):
            number += 1
            _put(out, crypto.seal(piece, f"{name} {number}"))


def _put(out: IO[bytes], sealed: bytes) -> None:
    out.write(len(sealed).to_bytes(LENGTH, "big") + sealed)


def waiting() -> list[Waiting]:
    """All that waits, the oldest first. No statement, and nothing but a look into a folder."""
    try:
        found = [Path(entry.path) for entry in os.scandir(folder()) if entry.name.endswith(KEPT)]
    except FileNotFoundError:
        return []
    return sorted((Waiting(path) for path in found), key=_age)


def _age(one: Waiting) -> tuple[float, str]:
    with suppress(FileNotFoundError):  # filed at this moment by somebody else
        return one.kept_at, one.path.name
    return 0, one.path.name


def by_key(key: str) -> Waiting | None:
    """What waits under this idempotency key."""
    start = _print(key, "key") + "."
    return next((one for one in waiting() if key and one.path.name.startswith(start)), None)


def by_receipt(receipt: str) -> Waiting | None:
    """What waits under this receipt code."""
    end = f".{_print(receipt, 'receipt')}{KEPT}"
    return next((one for one in waiting() if receipt and one.path.name.endswith(end)), None)


def told(one: Waiting) -> dict[str, Any]:
    """What was told, without its files. Raises FileNotFoundError, ValueError where the file was damaged."""
    with one.path.open("rb") as source:
        return _head(source, one.path.with_suffix(KEPT).name)  # sealed under the name with which it was kept


def _head(source: IO[bytes], name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(crypto.unseal(_take(source), f"{name} 0"))
    return found


def _take(source: IO[bytes]) -> bytes:
    length = int.from_bytes(source.read(LENGTH), "big")
    if not 0 < length <= 64 * CHUNK:
        raise ValueError("damaged")
    return source.read(length)


@contextmanager
def held(one: Waiting) -> Iterator[tuple[dict[str, Any], list[File]] | None]:  # type: ignore[type-arg]
    """What was told and its files, for whoever files it; None if another does, or has done, just now.

    Raises ValueError where the file was damaged.
    """
    try:
        source = one.path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with source:
        try:
            fcntl.flock(source, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        if not one.path.exists():
            yield None
            return
        head = _head(source, one.path.name)
        files = _files(source, one.path.name, head["files"])
        try:
            yield head, files
        finally:
            for file in files:
                file.close()


def _files(source: IO[bytes], name: str, about: list[tuple[str, int]]) -> list[File]:  # type: ignore[type-arg]
    found, number = [], 0
    for called, size in about:
        plain, left = SpooledTemporaryFile(max_size=2 * CHUNK, dir=str(folder())), size  # noqa: SIM115 – `held` closes it
        while left > 0:
            number += 1
            piece = crypto.unseal(_take(source), f"{name} {number}")
            plain.write(piece)
            left -= len(piece)
        plain.seek(0)
        file = File(plain, name=called)
        file.size = size
        found.append(file)
    return found


def drop(one: Waiting) -> None:
    """It is filed: it waits no more."""
    one.path.unlink(missing_ok=True)


def set_aside(one: Waiting) -> None:
    """It can't be filed: it is kept beside the others until a person looks at it."""
    one.path.rename(one.path.with_suffix(STUCK))


def stuck() -> int:
    """How many are set aside."""
    return len(aside())


def aside() -> list[Waiting]:
    """All that are set aside on this machine, the oldest first."""
    place = folder()
    found = [Path(entry.path) for entry in os.scandir(place) if entry.name.endswith(STUCK)] if place.is_dir() else []
    return sorted((Waiting(path) for path in found), key=_age)


def aside_by(mark: str) -> Waiting | None:
    """One that is set aside, by its mark."""
    return next((one for one in aside() if one.mark == mark), None)


def wait_again(one: Waiting) -> Waiting:
    """What was set aside waits to be filed once more."""
    path = one.path.with_suffix(KEPT)
    one.path.rename(path)
    return Waiting(path)


def oldest(now: float) -> float:
    """For how many seconds the oldest has been waiting; 0 if none is."""
    found = waiting()
    return max(0.0, now - _age(found[0])[0]) if found else 0.0


def sweep(before: float) -> int:
    """Throw away what was begun and never came to be (a process died) before this moment, seconds since 1970."""
    place, gone = folder(), 0
    for entry in list(os.scandir(place)) if place.is_dir() else []:
        if entry.name.endswith(PART) and entry.stat().st_mtime < before:
            os.unlink(entry.path)
            gone += 1
    return gone


metrics.watch(
    "chenyue_spool_waiting", "Writes kept on this machine's disk for the database", lambda: float(len(waiting()))
)
metrics.watch("chenyue_spool_oldest_seconds", "For how long the oldest of them has waited", lambda: oldest(time.time()))
metrics.watch("chenyue_spool_set_aside", "Those that can't be filed and need a person", lambda: float(stuck()))

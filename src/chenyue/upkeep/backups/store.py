"""Photos and papers beside the backups: each encrypted once, however many backups name it.

    kept/ab/ab…64 hex digits

The name is a keyed print of the contents, so that who holds the disk can't tell which file it is, nor whether it's
one they know. The key of a file is made of the store's key and of its contents' SHA-256; no two contents share one.
A file is cut into chunks of 1 MiB, each encrypted by AES-256-GCM under the chunk's number (12 bytes, from 1) with one
byte bound in that says whether it's the last, and followed by its tag. A file's time is when a backup last named it.
"""

import ctypes
import hashlib
import hmac
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chenyue.core.sealed_tar import CHUNK, TAG, Changed

FOLDER = "kept"
PART = ".part"


class Absent(Changed):
    """A file that a backup names isn't beside it."""


class Store:
    """The files in one backup folder."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._root, self._key = folder / FOLDER, key

    def path(self, sha256: str) -> Path:
        """Where contents of this hash lie, or would lie."""
        name = hmac.new(self._key, b"name:" + sha256.encode(), hashlib.sha256).hexdigest()
        return self._root / name[:2] / name

    def _cipher(self, sha256: str) -> AESGCM:
        return AESGCM(hmac.new(self._key, b"file:" + sha256.encode(), hashlib.sha256).digest())

    def holds(self, sha256: str, size: int) -> bool:
        """Whether the contents are there in their whole length."""
        try:
            return self.path(sha256).stat().st_size == size + TAG * max(1, -(-size // CHUNK))
        except OSError:
            return False

    def put(self, source: IO[bytes], sha256: str) -> int:
        """Encrypt what is read; bytes written. Raises OSError; Changed if it isn't what the hash says."""
        path = self.path(sha256)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(path.name + PART)
        digest, cipher, number, written = hashlib.sha256(), self._cipher(sha256), 0, 0
        try:
            with part.open("wb") as file:
                chunk = source.read(CHUNK)
                while True:
                    following = source.read(CHUNK)
                    digest.update(chunk)
                    number += 1
                    bound = b"\x00" if following else b"\x01"
                    written += file.write(cipher.encrypt(number.to_bytes(12, "big"), chunk, bound))
                    if not following:
                        break
                    chunk = following
            if digest.hexdigest() != sha256:
                raise Changed(path.name)
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
        return written

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """The plain contents, proved against their hash when the last has come. Raises Absent, Changed, OSError."""
        path = self.path(sha256)
        digest, cipher, number = hashlib.sha256(), self._cipher(sha256), 0
        try:
            left, file = path.stat().st_size, path.open("rb")
        except FileNotFoundError as error:
            raise Absent(path.name) from error
        with file:
            forget_cached(file.fileno())
            while True:
                sealed = file.read(min(CHUNK + TAG, left))
                left, number = left - len(sealed), number + 1
                bound = b"\x00" if left else b"\x01"
                try:
                    plain = cipher.decrypt(number.to_bytes(12, "big"), sealed, bound)
                except (InvalidTag, ValueError) as error:
                    raise Changed(path.name) from error
                digest.update(plain)
                yield plain
                if not left:
                    break
        if digest.hexdigest() != sha256:
            raise Changed(path.name)

    def named(self, sha256: str, at: datetime) -> None:
        """Write down that a backup of this moment names the file."""
        os.utime(self.path(sha256), (at.timestamp(), at.timestamp()))

    def sweep(self, before: datetime) -> int:
        """Drop what no backup has named since then, and what was never whole; how many."""
        count = 0
        for path in self._root.glob("*/*"):
            if path.suffix == PART or path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                count += 1
        return count


def settle(folder: Path) -> None:
    """Wait until everything on the disk of this folder is really there: it may be pulled out afterwards."""
    libc = ctypes.CDLL(None)
    found = os.open(folder, os.O_RDONLY)
    try:
        if not hasattr(libc, "syncfs") or libc.syncfs(found):
            os.sync()
    finally:
        os.close(found)


def forget_cached(file: int) -> None:
    """Let what is read next come from the disk itself, not from memory where it was just written (Linux)."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)

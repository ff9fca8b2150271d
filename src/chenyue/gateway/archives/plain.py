"""Small things that both directions share: JSON in one spelling, files and their sum."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any


def body(value: Any) -> bytes:
    """JSON as it stands in an archive."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def files(home: Path, folders: Iterable[str]) -> Iterator[Path]:
    """All files in these folders of the data folder, by name, without whole lists of large folders of folders."""
    for folder in folders:
        yield from _walk(home / folder)


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


class Sum:
    """How many files, how many bytes, and SHA-256 over "path NUL bytes NUL sha256 newline" of each in order."""

    def __init__(self) -> None:
        self._count = self._bytes = 0
        self._digest = hashlib.sha256()

    def add(self, path: str, size: int, sha256: str) -> None:
        """One more file."""
        self._count += 1
        self._bytes += size
        self._digest.update(f"{path}\0{size}\0{sha256}\n".encode())

    def said(self) -> dict[str, Any]:
        """What the manifest says."""
        return {"count": self._count, "bytes": self._bytes, "sha256": self._digest.hexdigest()}


class Hashing:
    """A file that is hashed while somebody reads it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """The next bytes."""
        found = self._file.read(size)
        self.digest.update(found)
        return found

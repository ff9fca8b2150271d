"""Photos kept between two steps of a form, so that nobody has to choose them again.

They wait in the file store under an unguessable name, known only to the form (signed); a tick throws
away what nobody sent within a day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from chenyue.core import ids

FOLDER = "drafts"
SALT = "portal.drafts"
KEEP = timedelta(days=1)
MOST = 9


@dataclass(frozen=True)
class Kept:
    """A file that waits: where, and how its owner called it."""

    path: str
    name: str


def read(signed: str) -> list[Kept]:
    """What a form says it has kept; nothing if that isn't ours, or too old."""
    try:
        found = signing.loads(signed, salt=SALT, max_age=KEEP) if signed else []
    except signing.BadSignature:
        return []
    kept = [Kept(*pair) for pair in found]
    return [k for k in kept if default_storage.exists(k.path)]


def write(kept: Sequence[Kept]) -> str:
    """The hidden field of a form that has kept these."""
    return signing.dumps([[k.path, k.name] for k in kept], salt=SALT, compress=True) if kept else ""


def keep(files: Iterable[UploadedFile]) -> list[Kept]:
    """Put files aside; raises OSError if the disk is full."""
    kept = []
    for file in files:
        file.seek(0)
        path = default_storage.save(f"{FOLDER}/{ids.token()}", file)
        kept.append(Kept(path, (file.name or "")[:120]))
    return kept


def opened(kept: Iterable[Kept]) -> list[File]:  # type: ignore[type-arg]
    """The waiting files, as they were uploaded."""
    files = []
    for k in kept:
        file = File(default_storage.open(k.path), name=k.name)
        files.append(file)
    return files


def drop(kept: Iterable[Kept]) -> None:
    """Throw away what has been sent or refused."""
    for k in kept:
        default_storage.delete(k.path)


def sweep(at: datetime) -> int:
    """Throw away what nobody sent within a day; returns how many."""
    if not default_storage.exists(FOLDER):
        return 0
    gone = 0
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < at - KEEP:
            default_storage.delete(path)
            gone += 1
    return gone

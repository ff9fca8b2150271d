"""Files that are on the disk once they are said to be kept: a power cut takes nothing that a row already names."""

import os
from typing import Any

from django.core.files.storage import FileSystemStorage


class SyncedStorage(FileSystemStorage):
    """Django's storage in a folder; a file and its name are synced before `save` comes back.

    The row that names the file is committed afterwards, and that commit is synced (SQLite: `synchronous=FULL`): without
    this a power cut right after it would leave the row and an empty file.
    """

    def _save(self, name: str, content: Any) -> str:
        kept = str(super()._save(name, content))  # type: ignore[misc]
        path = self.path(kept)
        _sync(path)
        folder = os.path.dirname(path)
        _sync(folder)
        _sync(os.path.dirname(folder))  # the folder of a new month is new itself
        return kept


def _sync(path: str) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

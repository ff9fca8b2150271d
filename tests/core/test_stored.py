"""What a row names is on the disk before the row is."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from chenyue.core import stored


def test_a_file_its_name_and_its_folder_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: dict[str, int] = {}

    def fsync(file: int) -> None:
        path = os.readlink(f"/proc/self/fd/{file}")
        synced[path] = os.fstat(file).st_size

    monkeypatch.setattr(stored.os, "fsync", fsync)
    name = stored.SyncedStorage(location=tmp_path).save("attachments/2026/11/a.jpg", ContentFile(b"a photograph"))
    folder = tmp_path / "attachments" / "2026" / "11"
    assert synced[str(tmp_path / name)] == len(b"a photograph"), "synced once all of it is written"
    assert {str(folder), str(folder.parent)} <= set(synced)


def test_residents_files_are_kept_so() -> None:
    assert isinstance(default_storage, stored.SyncedStorage)

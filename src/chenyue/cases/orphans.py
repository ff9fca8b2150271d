"""Clears files that no row knows: left behind when a process was killed between writing and committing."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from chenyue.cases.models import Attachment

AGE = timedelta(hours=6)  # younger files may belong to a transaction that is still running
ROOT = "attachments"


def clear(at: datetime) -> int:
    """Delete orphaned files; returns how many."""
    gone = 0
    for folder in _folders():
        names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
        known: set[str] = set()
        for field in ("file", "preview"):
            known |= set(Attachment.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
        for path in names - known:
            if default_storage.get_modified_time(path) < at - AGE:
                default_storage.delete(path)
                gone += 1
    return gone


def _folders() -> list[str]:
    if not default_storage.exists(ROOT):
        return []
    years = default_storage.listdir(ROOT)[0]
    return [f"{ROOT}/{year}/{month}" for year in years for month in default_storage.listdir(f"{ROOT}/{year}")[0]]

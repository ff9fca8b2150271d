"""Clears files that no row knows: left behind when a process was killed between writing and committing."""

from datetime import datetime

from chenyue.cases.models import Attachment
from chenyue.core import kept_files

ROOT = "attachments"


def clear(at: datetime) -> int:
    """Delete orphaned files; returns how many."""
    return kept_files.sweep(ROOT, _known, at)


def _known(names: set[str]) -> set[str]:
    known: set[str] = set()
    for field in ("file", "preview"):
        known |= set(Attachment.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return known

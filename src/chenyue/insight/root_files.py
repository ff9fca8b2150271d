"""Photographs before and after of a root-cause project, as kept files of its row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core import ids, kept_files, text
from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.insight import roots
from chenyue.insight.models import RootProject

FOLDER = "roots/%Y/%m"
MOST = 24
STAGES = ("before", "after")


def add(
    *, project: RootProject, stage: str, uploads: Sequence[Any], words: str, by: Actor, at: datetime
) -> RootProject:
    """Keep photographs. Raises Refusal at `attachments` for none, too many, or what is no photograph."""
    if not uploads:
        raise Refusal(_("Choose at least one photograph."), field="attachments", code="required")
    said = " ".join(text.clean(words).split())[:120]
    with kept_files.kept(uploads, folder=FOLDER) as files, transaction.atomic():
        row = roots.locked(project, by)
        if any(one.content_type != kept_files.PHOTO for one in files):
            raise Refusal(_("Only photographs and drawings (JPEG, PNG, WebP)."), field="attachments", code="kind")
        if len(row.files) + len(files) > MOST:
            raise Refusal(_("At most %(n)d pictures.") % {"n": MOST}, field="attachments", code="many")
        row.files = row.files + [
            {
                "token": ids.token(), "stage": stage, "words": said, "path": one.path, "preview": one.preview,
                "name": one.name, "size": one.size, "sha256": one.sha256, "at": at.isoformat(),
            }
            for one in files
        ]  # fmt: skip
        return roots.saved(row, "root.photos", by, at, count=len(files), stage=stage)


def remove(*, project: RootProject, token: str, by: Actor, at: datetime) -> RootProject:
    """Take a photograph away; the file goes at once."""
    with transaction.atomic():
        row = roots.locked(project, by)
        gone = _one(row, token)
        row.files = [file for file in row.files if file["token"] != token]
        roots.saved(row, "root.photo_removed", by, at)
        transaction.on_commit(lambda: kept_files.remove(gone["path"], gone["preview"]))
    return row


def opened(project: RootProject, token: str, *, preview: bool) -> kept_files.Opened:
    """A photograph for sending. Who may see it, the caller has asked."""
    file = _one(project, token)
    return kept_files.opened(file["preview" if preview else "path"], kept_files.PHOTO, file["name"])


def _one(row: RootProject, token: str) -> dict[str, Any]:
    found = [file for file in row.files if file["token"] == token]
    if not found:
        raise NotFound
    return dict(found[0])

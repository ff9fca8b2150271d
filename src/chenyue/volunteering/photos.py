"""Photographs of activities. What everybody may see, a person chooses: faces are somebody's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import kept_files
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.core.ticks import every
from chenyue.volunteering import acts, seeing
from chenyue.volunteering.models import Activity, ActivityPhoto

ROOT = "volunteering"
FOLDER = "volunteering/%Y/%m"


def add(
    activity: Activity, uploads: Sequence[Any], *, words: str = "", public: bool = False, by: Actor, at: datetime
) -> list[ActivityPhoto]:
    """Keep photographs. Raises Refusal at `attachments` for none, or for what isn't a picture; NotAllowed."""
    seeing.check(by, seeing.ORGANISE, activity.unit_id)
    if not uploads:
        raise Refusal(_("Choose at least one photograph."), field="attachments", code="required")
    said = acts.words(words, most=120)
    with kept_files.kept(uploads, folder=FOLDER) as files, transaction.atomic():
        if any(not one.content_type.startswith("image/") for one in files):
            raise Refusal(_("Photographs only."), field="attachments", code="kind")
        rows = ActivityPhoto.objects.bulk_create(
            ActivityPhoto(
                activity=activity, words=said, public=public, path=one.path, preview=one.preview, name=one.name,
                content_type=one.content_type, size=one.size, sha256=one.sha256, at=at, by=by.user,
            )
            for one in files
        )  # fmt: skip
        acts.record(activity.subject, "photo_added", by=by, at=at, data={"count": len(rows), "public": public})
    return rows


def remove(photo: ActivityPhoto, *, by: Actor, at: datetime) -> None:
    """Take a photograph away, file and all; that there was one stays known."""
    seeing.check(by, seeing.ORGANISE, photo.activity.unit_id)
    with transaction.atomic():
        if not ActivityPhoto.objects.filter(pk=photo.pk, removed_at=None).update(removed_at=at, public=False):
            raise Conflict
        acts.record(photo.activity.subject, "photo_removed", by=by, at=at)
        transaction.on_commit(lambda: kept_files.remove(photo.path, photo.preview))


def opened(photo: ActivityPhoto, *, preview: bool = False) -> kept_files.Opened:
    """Open a stored photograph for sending. Who may see it, the caller has asked."""
    small = preview and photo.preview
    handle = default_storage.open(photo.preview if small else photo.path, "rb")
    return kept_files.Opened(handle, kept_files.PHOTO if small else photo.content_type, photo.name)


@every(6 * 3600, "volunteering.photo_orphans")
def clear_orphans(at: datetime) -> int:
    """Delete files of activities that no row knows: a process was killed between writing and committing."""
    return kept_files.sweep(ROOT, _known, at)


def _known(names: set[str]) -> set[str]:
    found: set[str] = set()
    live = ActivityPhoto.objects.filter(removed_at=None)
    for field in ("path", "preview"):
        found |= set(live.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return found

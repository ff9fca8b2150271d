"""Files that come with an appeal or an answer: their rows. How they are read and kept: core.kept_files."""

from collections.abc import Iterable
from datetime import datetime

from chenyue.cases.models import Appeal, Attachment, Case
from chenyue.core import ids
from chenyue.core.kept_files import PHOTO, Opened, Prepared, check, kept, sniff, taken_at

__all__ = ["Opened", "Prepared", "check", "kept", "open_for", "save_rows", "sniff", "taken_at"]


def save_rows(
    prepared: Iterable[Prepared], case: Case, stage: str, at: datetime, appeal: Appeal | None = None
) -> list[Attachment]:
    """The rows of files that are written, in one statement (none for none)."""
    rows = [
        Attachment(
            case=case,
            appeal=appeal,
            stage=Attachment.Stage(stage),
            file=done.path,
            preview=done.preview,
            name=done.name,
            content_type=done.content_type,
            size=done.size,
            sha256=done.sha256,
            latitude=done.latitude,
            longitude=done.longitude,
            token=ids.token(),
            at=at,
        )
        for done in prepared
    ]
    return Attachment.objects.bulk_create(rows) if rows else []


def open_for(attachment: Attachment, *, preview: bool = False) -> Opened:
    """Open a stored file for sending. Who may see it, the caller has asked."""
    small = preview and attachment.preview
    field = attachment.preview if small else attachment.file
    return Opened(field.open("rb"), PHOTO if small else attachment.content_type, attachment.name)

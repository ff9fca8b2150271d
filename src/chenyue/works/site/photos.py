"""Files of a project: photographs before and after, scans, proof of posting, drawings."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.kept_files import PHOTO, Opened, Prepared, kept
from chenyue.timeline.actions import record
from chenyue.works.lifecycle import FileKind
from chenyue.works.models import Project, WorksFile
from chenyue.works.site import permits

FOLDER = "works/%Y/%m"
# What may stand on residents' pages: the works, never what somebody signed or the inside of a home.
MAY_BE_PUBLIC = frozenset({FileKind.BEFORE, FileKind.AFTER, FileKind.PROOF, FileKind.PLAN})


def rows_of(
    files: Iterable[Prepared],
    *,
    project: Project,
    kind: str,
    of: str,
    by: Actor,
    at: datetime,
    words: str = "",
    public: bool = False,
) -> list[WorksFile]:
    """Rows of files that are written on disk; the caller is inside `kept` and has asked who may."""  # fmt: skip
    made = [
        WorksFile(
            project=project, kind=FileKind(kind), of=of, public=public, words=words, path=done.path,
            preview=done.preview, name=done.name, content_type=done.content_type, size=done.size,
            sha256=done.sha256, at=at, by=by.user,
        )
        for done in files
    ]  # fmt: skip
    return WorksFile.objects.bulk_create(made) if made else []


def add_files(
    *,
    project: Project,
    uploads: Sequence[Any],
    kind: str,
    by: Actor,
    at: datetime,
    building: int | None = None,
    home: int | None = None,
    words: str = "",
    public: bool = False,
) -> list[WorksFile]:
    """Keep photographs or drawings of the project, of a building or of a home.

    Raises Refusal at `attachments` for none or for what isn't taken, NotAllowed for who doesn't record there.
    """  # fmt: skip
    places = permits.around(building) if building else permits.places_of(project)
    firm = not public and permits.answers(by, permits.units_of(project))  # what residents see, the office chooses
    permits.only(permits.records(by, places) or firm)
    if not uploads:
        raise Refusal(_("Choose at least one photograph or PDF."), field="attachments", code="required")
    if kind not in MAY_BE_PUBLIC:
        raise Refusal(_("Files of this kind come with what they prove."), field="kind")
    if public and home:
        raise Refusal(_("The state of a home isn't shown to everybody."), field="public")
    of = f"home:{home}" if home else f"building:{building}" if building else ""
    with kept(uploads, folder=FOLDER) as files, transaction.atomic():
        rows = rows_of(files, project=project, kind=kind, of=of, by=by, at=at, words=words, public=public)
        record(
            subject=project.subject, verb="works.photos", by=by, at=at,
            data={"kind": str(kind), "count": len(rows), "of": of},
        )  # fmt: skip
    return rows


@transaction.atomic
def show(*, file: WorksFile, public: bool, by: Actor, at: datetime) -> WorksFile:
    """Let a file stand on residents' pages, or take it from there."""
    permits.only(permits.manages(by))
    row = WorksFile.objects.select_for_update(of=("self",)).select_related("project").get(pk=file.pk)
    if public and (row.kind not in MAY_BE_PUBLIC or row.of.startswith("home:")):
        raise Refusal(_("Signed sheets, defects and the state of a home aren't shown to everybody."), field="public")
    if row.public != public:
        row.public = public
        row.save(update_fields=["public"])
        verb = "works.photo_shown" if public else "works.photo_hidden"
        record(subject=row.project.subject, verb=verb, by=by, at=at, data={"name": row.name})
    return row


def opened(file: WorksFile, *, preview: bool = False) -> Opened:
    """Open a stored file for sending. Who may see it, the caller has asked."""
    small = preview and file.preview
    handle = default_storage.open(file.preview if small else file.path, "rb")
    return Opened(handle, PHOTO if small else file.content_type, file.name)

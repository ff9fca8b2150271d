"""Pictures of a piece: re-encoded, without what a camera adds, each with words for those who don't see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from chenyue.bulletin.models import Piece, PiecePicture
from chenyue.bulletin.pieces import IN_WORK, RELEASE, acting, member_of, writer_of
from chenyue.core import ids, kept_files, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal

FOLDER = "bulletin/%Y/%m"
ROOT = "bulletin"
MOST = 12


def shown(piece: Piece) -> list[PiecePicture]:
    """Its pictures, the first one in front."""
    return list(piece.pictures.filter(removed_at=None).order_by("-first", "order", "pk"))


def add(
    *, piece: Piece, uploads: Sequence[Any], alt: str, credit: str, consent: str, by: Actor, at: datetime
) -> list[PiecePicture]:
    """Keep pictures. Raises Refusal at `attachments` for none, too many, or what is no picture."""
    member = writer_of(piece, by)
    said = " ".join(text.clean(alt).split())
    if not uploads:
        raise Refusal(_("Choose at least one picture."), field="attachments", code="required")
    if not said:
        raise Refusal(_("Say what is to be seen, for those who don't see it."), field="alt", code="alt")
    with kept_files.kept(uploads, folder=FOLDER) as files, acting(piece, by, at) as act:
        if act.piece.state not in IN_WORK:
            raise Conflict
        if any(one.content_type != kept_files.PHOTO for one in files):
            raise Refusal(_("Only photographs and drawings (JPEG, PNG, WebP)."), field="attachments", code="kind")
        there = act.piece.pictures.filter(removed_at=None)
        if there.count() + len(files) > MOST:
            raise Refusal(_("At most %(n)d pictures.") % {"n": MOST}, field="attachments", code="many")
        order = (there.aggregate(last=Max("order"))["last"] or 0) + 1
        rows = [
            PiecePicture(
                piece=act.piece, alt=said[:200], credit=" ".join(text.clean(credit).split())[:60],
                consent=" ".join(text.clean(consent).split())[:120], first=not there and n == 0, order=order + n,
                token=ids.token(), path=one.path, preview=one.preview, name=one.name, content_type=one.content_type,
                size=one.size, sha256=one.sha256, at=at, by=member,
            )
            for n, one in enumerate(files)
        ]  # fmt: skip
        PiecePicture.objects.bulk_create(rows)
        act.say("pictures", count=len(rows))
    return rows


def remove(*, picture: PiecePicture, by: Actor, at: datetime) -> None:
    """Take a picture away, also from what is published (then only who releases). The file goes at once."""
    writer_of(picture.piece, by)
    if picture.piece.state not in IN_WORK:
        member_of(by, RELEASE)
    with acting(picture.piece_id, by, at) as act:
        row = PiecePicture.objects.select_for_update(of=("self",)).get(pk=picture.pk)
        if row.removed_at is not None:
            return
        row.removed_at, was_first, row.first = at, row.first, False
        row.save(update_fields=["removed_at", "first"])
        following = act.piece.pictures.filter(removed_at=None).order_by("order", "pk").first()
        if was_first and following:
            PiecePicture.objects.filter(pk=following.pk).update(first=True)
        act.say("picture_removed")
    kept_files.remove(picture.path, picture.preview)


def put_first(*, picture: PiecePicture, by: Actor, at: datetime) -> None:
    """This one stands on cards and on top."""
    writer_of(picture.piece, by)
    with acting(picture.piece_id, by, at) as act:
        if picture.removed_at is not None:
            raise Conflict
        act.piece.pictures.filter(first=True).update(first=False)
        PiecePicture.objects.filter(pk=picture.pk).update(first=True)


def opened(picture: PiecePicture, *, preview: bool) -> kept_files.Opened:
    """The file under a name that says nothing. Raises NotFound once it was removed."""
    if picture.removed_at is not None:
        raise NotFound
    path = picture.preview if preview and picture.preview else picture.path
    return kept_files.opened(path, picture.content_type, f"{picture.piece.number}-{picture.pk}.jpg")

"""Rows of the table of doors for the bulletin: everybody reads what is published, writers their own, releasers all."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from chenyue.bulletin import pieces
from chenyue.bulletin.models import PiecePicture
from chenyue.bulletin.pieces import Written
from house.doors import Door, everybody, once, only, posted

WRITTEN = Written(column="story", title="水管修好了", text="两栋楼的水管半天就修好了，楼下不再漏水。")
WRITE = ("li", "lin", "zhao", "sun")  # a unit's officers write, too


def began(world: Any) -> Any:
    return pieces.begin(written=WRITTEN, by=world.cast.li.actor(), at=timezone.now() - timedelta(hours=2))


def draft(**more: Any) -> Any:
    """A draft of 李's; her own and the releaser's to see."""
    return lambda world: {"number": began(world).number} | more


def offered(**more: Any) -> Any:
    def made(world: Any) -> dict[str, Any]:
        piece = pieces.offer(piece=began(world), by=world.cast.li.actor(), at=timezone.now() - timedelta(hours=1))
        return {"number": piece.number} | more

    return made


def published(**more: Any) -> Any:
    def made(world: Any) -> dict[str, Any]:
        number = offered()(world)["number"]
        piece = pieces.Piece.objects.get(number=number)
        pieces.release(piece=piece, by=world.cast.zhao.actor(), at=timezone.now() - timedelta(minutes=30))
        return {"number": number} | more

    return made


def retracted(world: Any) -> dict[str, Any]:
    kwargs: dict[str, Any] = published()(world)
    piece = pieces.Piece.objects.get(**kwargs)
    pieces.retract(piece=piece, words="当事人要求", by=world.cast.zhao.actor(), at=timezone.now())
    return kwargs


def picture_of(piece: Any) -> PiecePicture:
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    from chenyue.bulletin import pictures

    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    upload = SimpleUploadedFile("a.png", out.getvalue())
    made = pictures.add(
        piece=piece, uploads=[upload], alt="一段新水管", credit="", consent="", by=piece.made_by.actor(),
        at=timezone.now() - timedelta(minutes=50),
    )  # fmt: skip
    return made[0]


def with_picture(what: str) -> Any:
    def made(world: Any) -> dict[str, Any]:
        piece = began(world)
        return {"number": piece.number, "pk": picture_of(piece).pk, "what": what}

    return made


def of_draft(world: Any) -> dict[str, Any]:
    """A picture that isn't published."""
    return {"token": picture_of(began(world)).token}


def handed_in(world: Any) -> dict[str, Any]:
    at = timezone.now()
    row = pieces.hand_in(written=WRITTEN, resident=world.filed.appeal.reporter, at=at, consent=True)
    return {"code": row.code}


def said(world: Any) -> dict[str, Any]:
    return once(world) | {"words": "写错了"}


BULLETIN: dict[str, Door | list[Door]] = {
    "bulletin:public-list": Door(everybody(200)),
    "bulletin:public": [
        Door(everybody(200), published()),
        Door(everybody(200), retracted),
        Door(everybody(404), draft()),
        Door(everybody(404), {"number": "G2026-9999"}),
    ],
    "bulletin:feed": [Door(everybody(200), {"kind": "rss"}), Door(everybody(404), {"kind": "html"})],
    "bulletin:hand-in": [Door(everybody(200)), posted(everybody(422), data=once)],
    "bulletin:handed-in": [Door(everybody(200), handed_in), Door(everybody(404), {"code": "x" * 30})],
    "bulletin:picture": [
        Door(everybody(404) | {"zhao": 200, "li": 200}, of_draft),
        Door(everybody(404), {"token": "nothing-like-this"}),
    ],
    "bulletin:picture-small": Door(everybody(404) | {"zhao": 200, "li": 200}, of_draft),
    "bulletin:desk": Door(only(*WRITE)),
    "bulletin:new": [Door(only(*WRITE)), posted(only(*WRITE, status=422), data=once)],
    "bulletin:piece": [Door(only("li", "zhao"), draft()), Door(only(*WRITE), published())],
    "bulletin:edit": [
        Door(only("li", "zhao"), draft()),
        Door(only("zhao"), published()),
        posted(only("li", "zhao", status=422), draft(), once),
    ],
    "bulletin:checks": posted(only("li", "zhao", status=303), draft(), once),
    "bulletin:release": [Door(only("zhao"), offered()), posted(only("zhao", status=303), offered(), once)],
    "bulletin:photos": [Door(only("li", "zhao"), draft()), posted(only("li", "zhao", status=422), draft(), once)],
    "bulletin:photo": [
        posted(only("li", "zhao", status=303), with_picture("first"), once),
        posted(only("li", "zhao", status=404), with_picture("nothing"), once),
    ],
    "bulletin:say": [
        Door(only("zhao"), offered(what="give-back")),
        posted(only("zhao", status=422), offered(what="give-back"), once),
        posted(only("zhao", status=303), published(what="retract"), said),
        posted(only("zhao", status=404), offered(what="nothing"), once),
    ],
    "bulletin:do": [
        posted(only("li", "zhao", status=303), draft(what="offer"), once),
        posted(only(*WRITE, status=404), published(what="nothing"), once),
    ],
}

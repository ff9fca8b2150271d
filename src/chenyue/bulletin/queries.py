"""What readers and staff see of the bulletin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from chenyue.bulletin.lifecycle import Column, PieceState
from chenyue.bulletin.models import Piece, PiecePicture, ViewCount
from chenyue.core import text
from chenyue.core.errors import NotFound
from chenyue.core.paging import Order, Page, keyset
from chenyue.core.snapshots import Snapshot
from chenyue.people.models import Member
from chenyue.people.rules import may

SIZE = 20
NEWEST = Order("published_at")
LATEST = Order("made_at")
READABLE = (PieceState.PUBLISHED, PieceState.RETRACTED)
_PICTURES = Prefetch("pictures", PiecePicture.objects.filter(removed_at=None, first=True), to_attr="on_card")


@dataclass(frozen=True)
class Asked:
    """What a reader looks for: a column, a community, words; `archive`: what has expired."""

    column: str = ""
    community: int | None = None
    words: str = ""
    archive: bool = False


def published(today: date, *, archive: bool = False) -> QuerySet[Piece]:
    """What may be read now; in the archive what has expired."""
    gone = Q(expires_on__lt=today)
    return Piece.objects.filter(gone if archive else ~gone | Q(expires_on=None), state=PieceState.PUBLISHED)


def listed(asked: Asked, cursor: str, today: date) -> Page[Any]:
    """A page of pieces, the newest first. Two statements."""
    rows = published(today, archive=asked.archive)
    if asked.column in Column.values:
        rows = rows.filter(column=asked.column)
    if asked.community:
        rows = rows.filter(Q(communities=asked.community) | Q(communities=None))
    for word in text.clean(asked.words).split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(lead__icontains=word) | Q(text__icontains=word))
    return keyset(rows, NEWEST, cursor, SIZE, columns=lambda found: found.prefetch_related(_PICTURES))


def newest(today: date, most: int = 3) -> list[Piece]:
    """What is featured first, then the newest. Two statements."""
    rows = published(today).prefetch_related(_PICTURES)
    return list(rows.order_by("-featured", "-published_at", "-pk")[:most])


def on_start_page(today: date) -> list[Piece]:
    """The newest three, from memory: whoever changes a piece has them read anew."""
    held = _START.get()
    rows = [piece for piece in held if piece.expires_on is None or piece.expires_on >= today]
    return rows[:3]


def _read_start() -> list[Piece]:
    """A few more than are shown: one may expire while they are held."""
    rows = Piece.objects.filter(state=PieceState.PUBLISHED).defer("text", "checks")
    return list(rows.order_by("-featured", "-published_at", "-pk")[:12])


_START: Snapshot[list[Piece]] = Snapshot("bulletin", _read_start)


def one(number: str) -> Piece:
    """A piece that was published, also when it was taken back. Raises NotFound."""
    rows = Piece.objects.select_related("editor").filter(state__in=READABLE, number=number)
    piece = rows.first()
    if piece is None:
        raise NotFound
    return piece


def for_feed(today: date, most: int = 30) -> list[Piece]:
    """The newest with those that were taken back: a reader's program must hear of both."""
    rows = Piece.objects.filter(state__in=READABLE).exclude(expires_on__lt=today)
    return list(rows.select_related("editor").order_by("-published_at", "-pk")[:most])


def count_view(piece: Piece, day: date) -> None:
    """One more reader today; nothing of them is kept. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bulletin_viewcount (piece_id, day, count) VALUES (%s, %s, 1) ON CONFLICT (piece_id, day) "
            "DO UPDATE SET count = bulletin_viewcount.count + 1",
            [piece.pk, day],
        )


def views_of(pieces: Sequence[Piece]) -> dict[int, int]:
    """How often each was opened."""
    rows = ViewCount.objects.filter(piece__in=pieces).values_list("piece").annotate(Sum("count")).order_by()
    return dict(rows)


def visible(member: Member) -> QuerySet[Piece]:
    """What a member of staff sees in work: who releases everything, who writes their own and what is published."""
    if may(member, "bulletin.release"):
        return Piece.objects.all()
    if not may(member, "bulletin.write"):
        return Piece.objects.none()
    own = Q(made_by=member) | Q(sender_member=member)
    return Piece.objects.filter(own | Q(state__in=READABLE))


def for_member(member: Member, number: str) -> Piece:
    """Raises NotFound."""
    rows = visible(member).select_related("editor", "made_by", "case", "sender_member")
    piece = rows.filter(number=number).first()
    if piece is None:
        raise NotFound
    return piece


def desk(member: Member, state: str, cursor: str) -> tuple[Page[Any], dict[str, int]]:
    """A page of pieces in a state (`""`: all that is in work), and how many there are of each. Two statements."""
    rows = visible(member)
    counts = dict(rows.values_list("state").annotate(Count("pk")).order_by())
    chosen = rows.filter(state=state) if state in PieceState.values else rows.exclude(state__in=ENDED)
    found = keyset(chosen, LATEST, cursor, SIZE, columns=lambda found: found.select_related("made_by", "editor"))
    return found, counts


ENDED = (PieceState.PUBLISHED, PieceState.RETRACTED, PieceState.REFUSED)


def by_code(code: str) -> Piece:
    """What a resident handed in. Raises NotFound."""
    piece = Piece.objects.filter(code=code).first() if len(code) > 20 else None
    if piece is None:
        raise NotFound
    return piece

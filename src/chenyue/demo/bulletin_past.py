"""What the demo office published in three months: written, looked over, released by a second person, one to appear."""

from datetime import datetime, timedelta
from random import Random

from chenyue.bulletin import pictures, pieces
from chenyue.bulletin.pieces import Written
from chenyue.demo.office import Office, table
from chenyue.demo.pictures import picture
from chenyue.people.actions import register_resident


def lived(here: Office, now: datetime) -> None:
    """Pieces in the order of their days; one waits for its moment, one for a second person, one was handed in."""
    random = Random(31)
    editor = here.members["zhao"].actor()
    for row in sorted(table("bulletin")["piece"], key=lambda one: -one["days"]):
        writer = here.members[row["writer"]].actor()
        at = now - timedelta(days=max(row["days"], 0.2), minutes=random.randint(5, 200))
        written = Written(
            column=row["column"], title=row["title"], lead=row["lead"], text=row["text"].strip(),
            source=row["source"], author=row.get("author", ""), correspondent=writer.label,
        )  # fmt: skip
        piece = pieces.begin(written=written, by=writer, at=at)
        if code := row.get("picture"):
            drawn = picture(code, "after", random)
            pictures.add(
                piece=piece, uploads=[drawn], alt=f"示意图：{row['title']}", credit="街道绘制", consent="",
                by=writer, at=at,
            )  # fmt: skip
        piece.refresh_from_db()
        pieces.offer(piece=piece, by=writer, at=at + timedelta(minutes=10))
        ahead = now + timedelta(days=-row["days"]) if row["days"] < 0 else None
        pieces.release(
            piece=piece, by=editor, at=at + timedelta(minutes=40), publish_at=ahead, featured=row.get("featured", False)
        )
    _in_work(here, now)


def _in_work(here: Office, now: datetime) -> None:
    waiting = Written(
        column="result", title="河边步道的扶手修好了", lead="老人散步更放心。", text="松动的扶手已全部加固。"
    )
    piece = pieces.begin(written=waiting, by=here.members["lin"].actor(), at=now - timedelta(hours=5))
    pieces.offer(piece=piece, by=here.members["lin"].actor(), at=now - timedelta(hours=4))
    told = Written(
        column="story", title="谢谢送药的小伙子", text="下大雨那天，一个小伙子帮我把药送到家门口，没留名字。想谢谢他。",
    )  # fmt: skip
    sender = register_resident(name="一位退休教师", phone="", at=now - timedelta(hours=20))
    pieces.hand_in(written=told, resident=sender, at=now - timedelta(hours=20), consent=True)

"""A week of an office that briefs tell of, with people in it whom no brief may name."""

from datetime import date, datetime, timedelta
from typing import Any

from cast import NOW, Cast
from chenyue.cases.actions import ReporterData
from chenyue.core.actors import SYSTEM
from chenyue.insight import following
from chenyue.insight.brief import acts, stretches
from chenyue.insight.models import Brief
from stories import answered, filed

MONDAY = date(2026, 11, 23)  # the day before the stories begin
NAME, PHONE, ROOM, WORDS = "何晓芸", "13912345678", "1幢2单元503室", "调解员收了对方的烟酒，偏袒他们一家。"
LATER = NOW + timedelta(days=7)  # the Tuesday after: the week is over


def lived(cast: Cast) -> None:
    """Two ordinary matters and a private one in this week, one on the Monday of the week before."""
    answered(cast, NOW)
    who = ReporterData(name=NAME, phone=PHONE)
    filed(cast, NOW, words=f"我住{ROOM}，楼道的灯坏了三天。", reporter=who)
    filed(cast, NOW, words=WORDS, category_code="1202", reporter=who)
    filed(cast, NOW - timedelta(days=8), words="银杏街的路灯三天不亮了，走路害怕。")
    following.follow(NOW)


def drafted(kind: str = "weekly", day: date = MONDAY, at: datetime = LATER, community: int | None = None) -> Brief:
    """A brief that has been written."""
    row, _fresh = acts.begin(stretch=stretches.of(kind, day), community_id=community, by=SYSTEM, at=at)
    acts.write(row.pk, at)
    row.refresh_from_db()
    return row


def texts(row: Brief) -> dict[str, Any]:
    """Sentences by key, as written."""
    return {key: written for key, written, _changed in row.sentences}

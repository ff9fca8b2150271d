"""Reading hand-overs of the office whose data is being worked with."""

from dataclasses import dataclass
from datetime import datetime

from chenyue.city import register
from chenyue.city.models import HandOver
from chenyue.core.whose import within

NEWEST = 100


@dataclass(frozen=True)
class Line:
    """A hand-over as one office sees it: the other office, its own number and the other's."""

    other: str
    number: str
    there: str
    state: str
    state_word: str
    at: datetime


def sent() -> list[Line]:
    """To other offices, the newest hundred."""
    return _lines("sender")


def came() -> list[Line]:
    """From other offices, the newest hundred."""
    return _lines("receiver")


def _lines(side: str) -> list[Line]:
    here = register.mine()
    if here is None:
        return []
    names = {one.code: one.name for one in register.offices()}
    with within(""):
        rows = list(HandOver.objects.filter(**{side: here.code}).defer("sealed").order_by("-sent_at", "key")[:NEWEST])
    return [_line(row, names, side == "sender") for row in rows]


def _line(row: HandOver, names: dict[str, str], ours: bool) -> Line:
    other = row.receiver if ours else row.sender
    number, there = (row.number, row.taken_as) if ours else (row.taken_as, row.number)
    return Line(names.get(other, other), number, there, row.state, str(HandOver.State(row.state).label), row.sent_at)

"""Roads that many tests walk a part of: told, dispatched, answered."""

from datetime import datetime, timedelta
from typing import Any

from cast import NOW, Cast

WORDS = "振兴路公交站旁边那个污水井一直往外冒黑水，人行道上都没法走了。"


def filed(cast: Cast, at: datetime = NOW, **more: Any) -> Any:
    """An appeal by the portal, with 陈's telephone unless told otherwise."""
    from chenyue.cases.actions import ReporterData, file_appeal
    from chenyue.core.actors import Actor

    told: dict[str, Any] = {
        "words": WORDS,
        "channel": "web",
        "by": Actor("resident"),
        "at": at,
        "place_id": cast.place("金桂苑1幢").pk,
        "reporter": ReporterData(name=cast.chen.name, phone=cast.chen.phone),
        "consent_contact": True,
    }
    return file_appeal(**(told | more))


def dispatched(cast: Cast, filed_: Any, at: datetime = NOW, unit: str = "drainage") -> Any:
    """李 gives it to a unit, whose officer takes it on."""
    from chenyue.cases.actions import move
    from chenyue.cases.lifecycle import Move

    lead = cast.units[unit].pk
    case = move(
        case=filed_.case.pk, move=Move.DISPATCH, by=cast.li.actor(), at=at + timedelta(minutes=10), lead_id=lead,
        assist_ids=[],
    )  # fmt: skip
    return move(case=case, move=Move.ACCEPT, by=cast.lin.actor(), at=at + timedelta(minutes=20))


def answered(cast: Cast, at: datetime = NOW, filed_: Any = None, told: str = "井已疏通，路面冲洗干净了。") -> Any:
    """A case on which 林 has answered an hour after it was told."""
    from chenyue.cases.actions import move
    from chenyue.cases.lifecycle import Move

    case = dispatched(cast, filed_ or filed(cast, at), at)
    return move(case=case, move=Move.ANSWER, by=cast.lin.actor(), at=at + timedelta(hours=1), done="疏通", told=told)

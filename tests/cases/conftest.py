"""A case in any state, made through the one door by the cast."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

import cast as players
from chenyue.cases.actions import ReporterData, file_appeal, move
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Case

WORDS = "振兴路公交站边上的市政井冒黑水，污水漫到人行道上了。"
ROAD_SEWER = "0103"  # of the starter catalogue: led by drainage alone


@dataclass
class Story:
    """The cast, and the moves they make; `at(hours)` counts from the beginning of the story."""

    cast: players.Cast

    def at(self, hours: float = 0, days: float = 0) -> datetime:
        return players.at(hours, days)

    def file(self, words: str = WORDS, hours: float = 0, **more: Any) -> Case:
        data = {"channel": "web", "by": self.cast.li.actor(), "at": self.at(hours), "category_code": ROAD_SEWER} | more
        return file_appeal(words=words, **data).case

    def go(self, case: Case, name: Move, by: str, hours: float = 1, **details: Any) -> Case:
        return move(case=case, move=name, by=getattr(self.cast, by).actor(), at=self.at(hours), **details)

    def dispatch(self, case: Case, *assists: str, hours: float = 0.5) -> Case:
        units = self.cast.units
        return self.go(
            case, Move.DISPATCH, "li", hours, lead_id=units["drainage"].pk, assist_ids=[units[a].pk for a in assists]
        )

    def handling(self, *assists: str, **more: Any) -> Case:
        case = self.dispatch(self.file(**more), *assists)
        return self.go(case, Move.ACCEPT, "lin", 0.7)

    def answered(self, **more: Any) -> Case:
        return self.go(self.handling(**more), Move.ANSWER, "lin", 2, told="井已疏通。", done="派车疏通")

    def in_state(self, state: State) -> Case:
        """A case in this state, by the shortest way."""
        return {
            State.RECEIVED: self.file,
            State.ASSIGNED: lambda: self.dispatch(self.file()),
            State.HANDLING: self.handling,
            State.WAITING: lambda: self.go(
                self.handling(), Move.SUSPEND, "lin", 1, reason="等配件", until=self.at(days=2)
            ),
            State.ANSWERED: self.answered,
            State.CLOSED: self._closed,
            State.DECLINED: lambda: self.go(
                self.file(), Move.DECLINE, "li", reason="法院已受理", told="请向法院提出。", route_away="诉讼"
            ),
            State.JOINED: lambda: self.go(self.file(), Move.JOIN, "li", into=self.file()),
        }[state]()

    def _closed(self) -> Case:
        from chenyue.followup.models import Callback

        case = self.answered()
        Callback.objects.filter(case=case).update(state=Callback.State.TRIED)
        return self.go(case, Move.CLOSE, "li", 3)


@pytest.fixture
def story(cast: players.Cast) -> Story:
    return Story(cast)


@pytest.fixture
def chen(cast: players.Cast) -> ReporterData:
    return ReporterData(name=cast.chen.name, phone=cast.chen.phone, email=cast.chen.email)


Maker = Callable[[], Case]

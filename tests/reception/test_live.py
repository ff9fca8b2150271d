"""Live pages: one poller for all watchers, keys that end, and no call that a slow reader misses."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from cast import Cast
from chenyue.core import server
from chenyue.reception import frames, live
from chenyue.reception.models import Sitting, Venue
from chenyue.reception.queue import actions
from helpers import count
from reception.queue_stage import SEVEN, minutes, opened, sitting, ticket, venue

TUESDAY = date(2026, 11, 24)
WALL = live.Key(live.SCREEN, 1, "mark")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PACE", 0.0)


@dataclass
class Reader:
    """Somebody at an event stream: keeps what was sent, and leaves when `enough` says so."""

    enough: Callable[["Reader"], bool]
    closing: bool = False
    busy: Callable[[], bool] = lambda: False  # while it is, nothing is taken
    got: list[tuple[str, Any]] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def event(self, name: str, data: str) -> None:
        while self.busy():
            await asyncio.sleep(0.01)
        self.got.append((name, json.loads(data)))
        if self.enough(self):
            self.left.set()

    def frames(self) -> list[Any]:
        return [data for name, data in self.got if name == "frame"]


class Office:
    """What the poller asks: how often, and what it is told."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.built: list[int] = []
        self.stamp, self.mark, self.fails = 0, "mark", 0

    def ask(self, venues: list[int], at: Any) -> dict[int, live.News]:
        self.asked.append(venues)
        if self.fails:
            self.fails -= 1
            raise DatabaseError("away")
        return {pk: live.News(self.stamp, self.mark, TUESDAY) for pk in venues}

    def build(self, venue_id: int, at: Any) -> dict[str, Any]:
        self.built.append(venue_id)
        return {live.SCREEN: {"n": self.stamp}, live.LINE: {"n": self.stamp}}


def watching(
    office: Office, readers: list[Reader], then: Callable[[live.Hub], Awaitable[None]], key: Any = WALL
) -> None:
    """Let these readers watch while `then` happens."""

    async def run() -> None:
        hub = live.Hub(office.ask, office.build)

        async def one(reader: Reader) -> None:
            channel = hub.join(key, reader)  # type: ignore[arg-type]
            try:
                following = asyncio.ensure_future(channel.follow(reader))  # type: ignore[arg-type]
                leaving = asyncio.ensure_future(reader.left.wait())
                await asyncio.wait([following, leaving], return_when=asyncio.FIRST_COMPLETED)
                following.cancel()
                leaving.cancel()
            finally:
                hub.leave(channel)

        async with asyncio.timeout(20):
            await asyncio.gather(*(one(reader) for reader in readers), then(hub))
            while hub._task is not None and not hub._task.done():
                await asyncio.sleep(0)
        assert hub.channels == {} and hub.watchers == 0

    asyncio.run(run())


async def nothing(hub: live.Hub) -> None:
    return None


def test_all_watchers_of_a_venue_cost_one_question_and_one_reading() -> None:
    office = Office()
    readers = [Reader(lambda r: bool(r.frames())) for _n in range(50)]
    watching(office, readers, nothing)
    assert all(r.frames() == [{"n": 0}] for r in readers)
    assert set(map(tuple, office.asked)) == {(1,)}
    assert office.built == [1]


def test_a_change_reaches_everybody_and_no_change_nobody() -> None:
    office = Office()

    async def change(hub: live.Hub) -> None:
        while len(office.asked) < 4:
            await asyncio.sleep(0.01)
        assert office.built == [1]
        office.stamp = 1

    readers = [Reader(lambda r: {"n": 1} in r.frames()) for _n in range(5)]
    watching(office, readers, change)
    assert all(r.frames() == [{"n": 0}, {"n": 1}] for r in readers)
    assert office.built == [1, 1]


def test_who_reads_slowly_gets_the_newest_frame_and_keeps_nobody_waiting() -> None:
    office = Office()
    fast = Reader(lambda r: {"n": 3} in r.frames())
    slow = Reader(lambda r: {"n": 3} in r.frames(), busy=lambda: {"n": 3} not in fast.frames())

    async def changes(hub: live.Hub) -> None:
        for stamp in (1, 2, 3):
            while not fast.frames() or fast.frames()[-1]["n"] != stamp - 1:
                await asyncio.sleep(0.01)
            office.stamp = stamp

    watching(office, [fast, slow], changes)
    assert [f["n"] for f in fast.frames()] == [0, 1, 2, 3]
    assert slow.frames()[-1] == {"n": 3} and len(slow.frames()) < 4


def test_a_key_that_has_ended_sends_its_watchers_away() -> None:
    office = Office()

    async def renew(hub: live.Hub) -> None:
        while not office.built:
            await asyncio.sleep(0.01)
        office.mark = "another link"

    reader = Reader(lambda r: False)
    watching(office, [reader], renew)
    assert reader.got[-1] == ("gone", {})


def test_a_database_that_is_away_is_survived_and_no_beat_is_sent_meanwhile() -> None:
    office = Office()
    office.fails = 1
    reader = Reader(lambda r: bool(r.frames()))
    watching(office, [reader], nothing)
    assert [name for name, _data in reader.got] == ["frame"]
    assert len(office.asked) >= 2


def test_a_server_that_stops_lets_everybody_go() -> None:
    office = Office()
    reader = Reader(lambda r: False)

    async def stop(hub: live.Hub) -> None:
        while not reader.frames():
            await asyncio.sleep(0.01)
        reader.closing = True

    watching(office, [reader], stop)
    assert [name for name, _data in reader.got][-1] != "gone"


# Keys


def test_keys_open_what_they_were_made_for(db: None) -> None:
    one, other = venue("一"), venue("二")
    news = live.News(0, live.mark_of(one.screen_token), TUESDAY)
    key = live.read_key(live.key_of_screen(one))
    assert key and key.venue_id == one.pk and live.opens(key, news)
    stolen = live.read_key(live.key_of_screen(other))
    assert stolen and not live.opens(stolen, news)
    line = live.read_key(live.key_of_line(one.pk, TUESDAY))
    assert line and line.kind == live.LINE and live.opens(line, news)
    assert not live.opens(line, live.News(0, news.mark, TUESDAY + timedelta(days=1)))
    assert live.read_key("made:up") is None
    assert live.read_key("") is None
    assert not live.opens(line, None)


# What is read


def news_of(*venues: Venue, after: float = 0) -> Any:
    return frames.news([v.pk for v in venues], minutes(after))


def test_news_are_one_statement_for_any_number_of_venues(cast: Cast) -> None:
    rooms = [venue(name) for name in ("一", "二", "三")]
    for room in rooms:
        sitting(where=room)
    assert count(lambda: news_of(rooms[0])) == count(lambda: news_of(*rooms)) == 1
    assert set(news_of(*rooms)) == {room.pk for room in rooms}


def test_every_change_of_a_queue_is_news(cast: Cast) -> None:
    where = opened(cast)
    seen = [news_of(where.venue)[where.venue_id].stamp]

    def changed() -> bool:
        seen.append(news_of(where.venue)[where.venue_id].stamp)
        return bool(seen[-1] != seen[-2])

    assert not changed()
    taken = ticket(cast, where)
    assert changed()
    actions.call_next(sitting=where, window=1, by=cast.li.actor(), at=minutes(0))
    assert changed()
    actions.recall(ticket=taken, by=cast.li.actor(), at=minutes(0))
    assert changed()
    assert news_of(where.venue, after=1)[where.venue_id].stamp != seen[-1]  # waits change by themselves


def test_the_sitting_that_runs_is_shown_before_one_that_comes(cast: Cast) -> None:
    room = venue()
    evening = sitting(SEVEN + timedelta(hours=12), room)
    assert frames.shown_sitting(room, minutes(-60)) == evening
    morning = opened(cast, where=room)
    assert frames.shown_sitting(room, minutes(10)) == morning
    actions.close_sitting(sitting=morning, by=cast.li.actor(), at=minutes(91))
    assert frames.shown_sitting(room, minutes(92)) == evening
    Sitting.objects.filter(pk=evening.pk).delete()
    assert frames.shown_sitting(room, minutes(92)) == morning


def build(where: Sitting, after: float = 0) -> Any:
    return frames.build(where.venue_id, minutes(after))


def test_no_call_is_missed_by_who_reads_every_twelve(cast: Cast) -> None:
    where = opened(cast)
    for n in range(12):
        ticket(cast, where, n / 10)
    labels = []
    for n in range(12):
        found = actions.call_next(sitting=where, window=1, by=cast.li.actor(), at=minutes(2 + n))
        assert found is not None
        labels.append(found.label)
        actions.finish(ticket=found, by=cast.li.actor(), at=minutes(2.5 + n))
    calls = build(where, 15)[live.SCREEN]["calls"]
    assert [c["label"] for c in reversed(calls)] == labels
    assert len({c["id"] for c in calls}) == 12


def test_a_call_that_was_undone_is_gone_and_a_second_call_is_a_new_one(cast: Cast) -> None:
    where, by = opened(cast), cast.li.actor()
    ticket(cast, where)
    called = actions.call_next(sitting=where, window=1, by=by, at=minutes(1))
    assert called is not None
    first = build(where, 1)[live.SCREEN]["calls"]
    actions.recall(ticket=called, by=by, at=minutes(2))
    twice = build(where, 2)[live.SCREEN]["calls"]
    assert len(twice) == 2 and twice[0]["again"] and twice[0]["id"] > first[0]["id"]
    actions.undo(ticket=called, by=by, at=minutes(3))
    assert len(build(where, 3)[live.SCREEN]["calls"]) == 1


def test_the_cost_of_a_frame_does_not_grow_with_the_queue(cast: Cast) -> None:
    where = opened(cast)
    ticket(cast, where)
    build(where)
    one = count(lambda: build(where))
    for n in range(5):
        ticket(cast, where, n / 10)
    build(where)
    assert count(lambda: build(where)) == one <= 6


# The real stream


@pytest.mark.django_db(transaction=True)
def test_a_call_reaches_the_real_stream(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    at = timezone.localtime().replace(hour=12, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: at)
    where = opened(cast, at - timedelta(minutes=5))
    actions.take_ticket(sitting=where, by=cast.li.actor(), at=at)
    seen: list[Any] = []

    async def run() -> None:
        done = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await done.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            body = message.get("body", b"").decode()
            if "event: frame" not in body:
                return
            seen.append(json.loads(body.partition("data: ")[2]))
            if len(seen) == 1:
                call = asyncio.to_thread(actions.call_next, sitting=where.pk, window=2, by=cast.li.actor(), at=at)
                await call
            elif seen[-1]["calls"]:
                done.set()

        query = f"key={live.key_of_screen(where.venue)}".encode()
        scope = {"type": "http", "method": "GET", "path": live.PATH, "query_string": query, "headers": []}
        async with asyncio.timeout(20):
            await server.Front(None)(scope, receive, send)  # type: ignore[arg-type]
            await asyncio.to_thread(close_all)

    def close_all() -> None:
        from django.db import connections

        connections.close_all()

    asyncio.run(run())
    assert seen[0]["calls"] == []
    assert [(c["label"], c["window"]) for c in seen[-1]["calls"]] == [("A001", 2)]

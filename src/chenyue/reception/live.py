"""Live pages of reception: one poller reads for all watchers, and everybody gets the same frame.

Each half second one statement asks, for all venues that somebody watches, whether their queue has changed
(`Sitting.epoch`). Only then is a venue read anew, once, and its frame is sent to whoever watches it. Nothing is read
or computed per watcher. A frame carries the newest calls with their numbers, so that a watcher who was slow, or away
while the server was started again, still announces each of them.

A watcher shows a signed key that a page of ours gave: that of a calling screen ends when its link is renewed, that of
a ticket with its day.
"""

import asyncio
import json
import logging
import resource
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary

from django.core import signing
from django.utils import timezone

from chenyue.core.server import Scope, Viewer, stream
from chenyue.core.whose import carried, whose
from chenyue.reception.models import Venue

log = logging.getLogger(__name__)

PATH = "/live/reception"
PACE = 0.5  # seconds between two looks at the queues
BEAT = 10.0  # seconds after which a watcher hears that nothing has changed
PATIENCE = 15.0  # seconds that a watcher may take to read a frame
MOST = 4000  # watchers of one process; further ones ask from time to time instead
SPARE = 400  # open files that are kept for everybody else
SALT = "reception.watch"
SCREEN, LINE = "screen", "line"  # what is shown on the wall; what the holder of a ticket may know


@dataclass(frozen=True)
class Key:
    """What somebody may watch: a venue as a screen (while `mark` is its link's), or its line on one day."""

    kind: str
    venue_id: int
    mark: str


@dataclass(frozen=True)
class News:
    """How a venue stands now: `stamp` differs when its frames have to be read anew; `mark` is its link's."""

    stamp: Any
    mark: str
    day: date


Asked = Callable[[list[int], datetime], Mapping[int, News]]
Built = Callable[[int, datetime], Mapping[str, dict[str, Any]]]


def mark_of(screen_token: str) -> str:
    """A fingerprint of a screen's link."""
    from django.utils.crypto import salted_hmac

    return salted_hmac(SALT, screen_token).hexdigest()[:16]


def key_of_screen(venue: Venue) -> str:
    """The key of a calling screen or kiosk; it ends when the venue's link is renewed."""
    return signing.dumps([SCREEN, venue.pk, mark_of(venue.screen_token)], salt=SALT)


def key_of_line(venue_id: int, day: date) -> str:
    """The key of who holds a ticket of that day."""
    return signing.dumps([LINE, venue_id, day.isoformat()], salt=SALT)


def read_key(text: str) -> Key | None:
    """What a key opens; None for anything we didn't sign."""
    try:
        kind, venue_id, mark = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Key(kind, venue_id, mark)


def opens(key: Key, news: News | None) -> bool:
    """Whether a key is still good."""
    if news is None:
        return False
    return key.mark == (news.mark if key.kind == SCREEN else news.day.isoformat())


class Channel:
    """What all watchers with the same key read. Belongs to one event loop."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.watchers = 0
        self.frame, self.frames = "", 0  # the newest, and how many there were
        self.beat, self.beats = "", 0
        self.stamp: Any = None
        self.ended = ""  # "gone": the key is no longer good; "closing": the server stops
        self._news = asyncio.Event()

    def publish(self, frame: str) -> None:
        """Give every watcher this frame."""
        self.frame, self.frames = frame, self.frames + 1
        self._wake()

    def tell_time(self, beat: str) -> None:
        """Say that what they have is still right."""
        self.beat, self.beats = beat, self.beats + 1
        self._wake()

    def end(self, why: str) -> None:
        """Send everybody away."""
        self.ended = why
        self._wake()

    def _wake(self) -> None:
        waiting, self._news = self._news, asyncio.Event()
        waiting.set()

    async def follow(self, viewer: Viewer) -> None:
        """Send one watcher what comes, until it ends. Who doesn't read within `PATIENCE` is let go."""
        frames, beats = 0, self.beats
        while not self.ended:
            waiting = self._news
            async with asyncio.timeout(PATIENCE):
                if self.frames != frames:
                    frames, beats = self.frames, self.beats
                    await viewer.event("frame", self.frame)
                elif self.beats != beats:
                    beats = self.beats
                    await viewer.event("beat", self.beat)
            if waiting is self._news:
                await waiting.wait()
        if self.ended == "gone":
            await viewer.event("gone", "{}")


class Hub:
    """The poller of one event loop and its channels. It runs while somebody watches."""

    def __init__(self, ask: Asked, build: Built) -> None:
        self.channels: dict[Key, Channel] = {}
        self.watchers = 0
        self._ask, self._build = ask, build
        self._task: asyncio.Task[None] | None = None
        self._viewer: Viewer | None = None

    def join(self, key: Key, viewer: Viewer) -> Channel:
        """One more watcher."""
        channel = self.channels.setdefault(key, Channel(key))
        channel.watchers += 1
        self.watchers += 1
        self._viewer = viewer
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._run())
        return channel

    def leave(self, channel: Channel) -> None:
        """One fewer."""
        channel.watchers -= 1
        self.watchers -= 1
        if channel.watchers == 0 and self.channels.get(channel.key) is channel:
            del self.channels[channel.key]

    async def _run(self) -> None:
        # One thread with one connection to the database, whatever the number of watchers.
        with ThreadPoolExecutor(1, "live") as thread:
            loop, failed, spoken = asyncio.get_running_loop(), 0, 0.0
            while self.channels:
                began = loop.time()
                if self._viewer is not None and self._viewer.closing:
                    self._end_all()
                    break
                try:
                    await self._look(loop, thread)
                    if began - spoken >= BEAT:
                        spoken = began
                        self._beat()
                    failed = 0
                except Exception as error:  # the database may be away for a while: watchers hear no beat, and say so
                    failed += 1
                    log.warning("live pages wait: %s", error, exc_info=failed == 1)
                await asyncio.sleep(max(0.05, PACE * min(2**failed, 16) - (loop.time() - began)))
            await loop.run_in_executor(thread, _close_connections)
        # Somebody may have come while the thread ended.
        self._task = asyncio.ensure_future(self._run()) if self.channels else None

    async def _look(self, loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor) -> None:
        at = timezone.now()
        venues = sorted({key.venue_id for key in self.channels})
        found = await loop.run_in_executor(thread, carried(lambda: _fresh(lambda: self._ask(venues, at))))
        stale: set[int] = set()
        for key, channel in list(self.channels.items()):
            news = found.get(key.venue_id)
            if not opens(key, news):
                del self.channels[key]
                channel.end("gone")
            elif news is not None and channel.stamp != news.stamp:
                stale.add(key.venue_id)
        for venue_id in sorted(stale):
            stamp = found[venue_id].stamp
            frames = await loop.run_in_executor(thread, carried(self._build), venue_id, at)
            self._publish(venue_id, stamp, {kind: json.dumps(f, ensure_ascii=False) for kind, f in frames.items()})

    def _publish(self, venue_id: int, stamp: Any, frames: Mapping[str, str]) -> None:
        for key, channel in self.channels.items():
            if key.venue_id == venue_id:
                channel.stamp = stamp
                channel.publish(frames[key.kind])

    def _beat(self) -> None:
        beat = json.dumps({"at": timezone.now().isoformat()})
        for channel in self.channels.values():
            channel.tell_time(beat)

    def _end_all(self) -> None:
        for channel in list(self.channels.values()):
            channel.end("closing")
        self.channels.clear()


def _fresh(act: Callable[[], Any]) -> Any:
    """Do it with a connection that is neither broken nor too old, as a request would have."""
    from django.db import close_old_connections

    close_old_connections()
    return act()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Hub]]" = WeakKeyDictionary()  # by office


def hub() -> Hub:
    """The hub of the running event loop and of this office."""
    from chenyue.reception import frames

    here = _hubs.setdefault(asyncio.get_running_loop(), {})
    if whose() not in here:
        here[whose()] = Hub(frames.news, frames.build)
    return here[whose()]


def asked_key(scope: Scope) -> Key | None:
    """The key in the address of a stream."""
    given: Iterable[str] = parse_qs(scope["query_string"].decode("ascii", "ignore")).get("key", [])
    return read_key(next(iter(given), ""))


def _room() -> int:
    """How many may watch: never so many that nobody else gets in."""
    files, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if files == resource.RLIM_INFINITY else min(MOST, max(SPARE, files - SPARE))


@stream(PATH)
async def watch(scope: Scope, viewer: Viewer) -> None:
    """Frames of a venue: `frame` when its queue changes, `beat` while it doesn't, `gone` when the key has ended."""
    key = asked_key(scope)
    if key is None:
        await viewer.event("gone", "{}")
        return
    all_of_them = hub()
    if sum(one.watchers for one in _hubs[asyncio.get_running_loop()].values()) >= _room():
        await viewer.event("busy", "{}")
        return
    channel = all_of_them.join(key, viewer)
    try:
        await channel.follow(viewer)
    except TimeoutError:
        log.info("a watcher of reception doesn't read")
    finally:
        all_of_them.leave(channel)

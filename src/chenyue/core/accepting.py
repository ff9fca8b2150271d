"""Which of several web processes takes the next connection: one that holds no more than any other.

All of them wait at one listening socket, and the kernel wakes them all. Whoever is quickest would take all eight
connections of a proxy that keeps them for hours, while the other core stands idle.
"""

import asyncio
import logging
import mmap
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)

BACKLOG = 512  # connections that wait until somebody takes them
PAUSE = 0.001  # seconds between two looks of one who holds more than another
LOOKS = 10  # then it takes the connection all the same: the other one is busy, or dead
FULL = 1.0  # seconds of rest after no connection could be taken, for want of open files


class Shares:
    """How many connections each of `count` processes holds, in memory that they have in common once forked."""

    def __init__(self, count: int) -> None:
        self._row = struct.Struct(f"={count}i")
        self._held = mmap.mmap(-1, self._row.size)

    def tell(self, number: int, held: int) -> None:
        """Say what process `number` holds now."""
        struct.pack_into("=i", self._held, 4 * number, held)

    def least(self) -> int:
        """The fewest that any process holds."""
        return int(min(self._row.unpack(self._held)))


class Acceptor:
    """Takes connections from a listening socket for one process; belongs to the running event loop."""

    def __init__(
        self,
        listening: socket.socket,
        take: Callable[[socket.socket], Awaitable[Any]],
        held: Callable[[], int],
        shares: Shares,
        number: int,
    ) -> None:
        """`take` serves a connection from then on; `held` says how many are being served."""
        self._loop = asyncio.get_running_loop()
        self._listening, self._take, self._held = listening, take, held
        self._shares, self._number = shares, number
        self._coming: set[asyncio.Future[Any]] = set()
        self._waiting: asyncio.TimerHandle | None = None
        listening.setblocking(False)
        self.tell()
        self._loop.add_reader(listening, self._ready)

    def tell(self) -> int:
        """Say to the other processes how many connections there are here; gives the number."""
        held = self._held() + len(self._coming)
        self._shares.tell(self._number, held)
        return held

    def close(self) -> None:
        """Take no more."""
        self._loop.remove_reader(self._listening)
        if self._waiting is not None:
            self._waiting.cancel()

    def _ready(self) -> None:
        if self.tell() > self._shares.least():
            self._rest(PAUSE, LOOKS)
        else:
            self._accept()

    def _rest(self, seconds: float, looks: int = 0) -> None:
        self._loop.remove_reader(self._listening)
        self._waiting = self._loop.call_later(seconds, self._look, looks)

    def _look(self, looks: int) -> None:
        self._waiting = None
        if looks and self.tell() > self._shares.least():
            self._rest(PAUSE, looks - 1)
            return
        self._loop.add_reader(self._listening, self._ready)
        self._accept()

    def _accept(self) -> None:
        """One connection, if there still is one: another process may have been quicker."""
        try:
            connection, _address = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            log.error("no connection can be taken: %s", error)
            self._rest(FULL)
            return
        connection.setblocking(False)
        coming = asyncio.ensure_future(self._take(connection))
        self._coming.add(coming)
        coming.add_done_callback(self._came)
        self.tell()

    def _came(self, coming: asyncio.Future[Any]) -> None:
        self._coming.discard(coming)
        if not coming.cancelled() and (error := coming.exception()) is not None:
            log.warning("a connection broke at once: %s", error)

"""What is sent to us is taken in whole before a thread works on it.

Django runs on a few threads. A thread that reads from the line itself waits for a telephone in a lift, or
for somebody who sends a letter a minute on purpose: a dozen of those would keep everybody else out.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

SMALL = 256 * 1024  # bytes kept in memory; a form without photographs is smaller
UPLOADS = 16  # larger ones on their way at the same time; further ones wait their turn
PATIENCE = 20.0  # seconds until the next piece must have come
SLOWEST = 4 * 1024  # bytes a second, over all of it; a telephone at the edge of the net does more
PIECE = 256 * 1024
HEAD = 64 * 1024  # bytes of an address and all headers; browsers and proxies send a few thousand

_turns: asyncio.Semaphore | None = None


def head_too_long(scope: Message) -> bool:
    """Whether the head of a request is longer than any that a browser sends."""
    size = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
    return size + sum(len(name) + len(value) for name, value in scope["headers"]) > HEAD


async def whole(scope: Message, receive: Receive) -> Receive | None:
    """A `receive` that gives the body from here; None if it didn't come in time or its sender left."""
    length = int(dict(scope["headers"]).get(b"content-length") or 0)
    if not length:
        return receive
    if length <= SMALL:
        kept = await _take(receive, length)
    else:
        async with _turn():
            kept = await _take(receive, length)
    return None if kept is None else _again(kept, receive)


def _turn() -> asyncio.Semaphore:
    global _turns
    if _turns is None or getattr(_turns, "_loop", None) not in (None, asyncio.get_running_loop()):
        _turns = asyncio.Semaphore(UPLOADS)
    return _turns


async def _take(receive: Receive, length: int) -> IO[bytes] | None:
    clock = asyncio.get_running_loop().time
    until = clock() + PATIENCE + length / SLOWEST
    kept = tempfile.SpooledTemporaryFile(max_size=SMALL)  # noqa: SIM115 – closed by who reads it, or here
    more = True
    while more:
        try:
            message = await asyncio.wait_for(receive(), max(0.0, min(PATIENCE, until - clock())))
        except TimeoutError:
            message = {"type": "http.disconnect"}
        if message["type"] == "http.disconnect":
            kept.close()
            return None
        kept.write(message.get("body", b""))
        more = bool(message.get("more_body"))
    kept.seek(0)
    return kept


def _again(kept: IO[bytes], receive: Receive) -> Receive:
    async def give() -> Message:
        if kept.closed:
            return await receive()
        piece = kept.read(PIECE)
        more = len(piece) == PIECE
        if not more:
            kept.close()
        return {"type": "http.request", "body": piece, "more_body": more}

    give.kept = kept  # type: ignore[attr-defined]  # for who reads it as a file
    return give

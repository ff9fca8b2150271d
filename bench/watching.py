"""The watchers of `bench.watchers`, in a process of their own: many event streams, read as a browser reads them.

python -m bench.watching PORT WATCHERS SCREENS KEYS
Says "ready" when each has its first frame; on end of input, writes for each watcher when it first saw each number.
"""

import asyncio
import contextlib
import json
import sys
import time
from urllib.parse import quote

Seen = dict[str, float]


def labels(kind: str, data: str) -> frozenset[str]:
    """The numbers that a frame calls out: those on the wall, or those called in the line."""
    frame = json.loads(data)
    return frozenset(call["label"] for call in frame["calls"]) if kind == "screen" else frozenset(frame["called"])


class Watcher:
    """One page: it connects, reads, and connects again after a moment when the line breaks."""

    known: dict[tuple[str, str], frozenset[str]] = {}  # one reading for all who got the same frame

    def __init__(self, port: int, kind: str, key: str) -> None:
        self.port, self.kind, self.key = port, kind, key
        self.seen: Seen = {}
        self.first = asyncio.Event()

    async def run(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                await self._read()
            await asyncio.sleep(1)

    async def _read(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        asked = f"GET /live/reception?key={quote(self.key)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        writer.write(asked.encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"data: {") and b'"state"' in line:
                    self._take(line[6:].decode())
        finally:
            writer.close()

    def _take(self, data: str) -> None:
        at, key = time.time(), (self.kind, data)
        if key not in self.known:
            self.known[key] = labels(*key)
        for label in self.known[key]:
            self.seen.setdefault(label, at)
        self.first.set()


async def main() -> None:
    port, count, screens, keys = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
    watchers = [Watcher(port, kind := "screen" if n < screens else "line", keys[kind]) for n in range(count)]
    tasks = [asyncio.ensure_future(watcher.run()) for watcher in watchers]
    await asyncio.wait_for(asyncio.gather(*(watcher.first.wait() for watcher in watchers)), 60)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for task in tasks:
        task.cancel()
    print(json.dumps([watcher.seen for watcher in watchers]), flush=True)


if __name__ == "__main__":
    asyncio.run(main())

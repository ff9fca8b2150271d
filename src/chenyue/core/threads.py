"""Django's WSGI on a few threads: a request goes to a thread once, and its answer comes back once.

a2wsgi makes the environment; between loop and thread it passes each part of an answer by itself (the head, each
piece, the end), and each passing waits for the other side. A page is small: here it comes back in one piece. Only
what is long (a file) is taken from the thread piece by piece, as quickly as its reader takes it.
"""

import asyncio
import contextvars
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any

from a2wsgi.wsgi import build_environ

LARGE = 1024 * 1024  # bytes of an answer that are held before the rest is sent piece by piece


@dataclass
class Answer:
    """What a thread has worked out: the head, the beginning or all of the body, and where the rest comes from."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        """WSGI's `start_response`. Django never writes by the function that is given back."""
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
        return self._written

    def _written(self, piece: bytes) -> None:
        raise TypeError("answers are iterated, not written")


class Threads:
    """An ASGI application that runs a WSGI application on `workers` threads."""

    def __init__(self, app: Any, workers: int) -> None:
        self.app = app
        self.executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="django")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        body = await _body(receive)
        # A context for this request alone: what is set in it (the language, the request's id) stays with it.
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self.executor, context.run, self._answer, scope, body)
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            more = answer.rest is not None
            await send({"type": "http.response.body", "body": answer.body, "more_body": more})
            while more:
                piece = await loop.run_in_executor(self.executor, context.run, _piece, answer.rest)
                more = piece is not None
                await send({"type": "http.response.body", "body": piece or b"", "more_body": more})
        finally:
            if answer.rest is not None:
                await loop.run_in_executor(self.executor, context.run, answer.close)

    def _answer(self, scope: Any, body: IO[bytes]) -> Answer:
        answer = Answer()
        environ = build_environ(scope, body)  # type: ignore[arg-type]
        found = self.app(environ, answer.start)
        answer.close = getattr(found, "close", answer.close)
        try:
            pieces = iter(found)
            held, size = [], 0
            for piece in pieces:
                held.append(piece)
                size += len(piece)
                if size >= LARGE:
                    answer.rest = pieces
                    break
            answer.body = b"".join(held)
        finally:
            body.close()
            if answer.rest is None:
                answer.close()
        return answer


def _piece(rest: Iterator[bytes] | None) -> bytes | None:
    return next(rest, None) if rest is not None else None


async def _body(receive: Any) -> IO[bytes]:
    """The body as a file; as it was kept (see `bodies`), or taken from the line."""
    kept: IO[bytes] | None = getattr(receive, "kept", None)
    if kept is not None:
        return kept
    body, more = io.BytesIO(), True
    while more:
        message = await receive()
        body.write(message.get("body", b""))
        more = message["type"] == "http.request" and bool(message.get("more_body"))
    body.seek(0)
    return body

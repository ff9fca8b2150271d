"""The one-machine server: event streams go to async handlers, everything else to Django on threads."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any

from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

from chenyue.core import bodies

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Stream = Callable[[Scope, "Viewer"], Awaitable[None]]

THREADS = 4  # of all web processes together, two at least in each: while one waits, the other answers
MAX_BODY = 60 * 1024 * 1024  # bytes; nine photographs from a telephone are half of it
MAX_DRAIN = 1024 * 1024 * 1024  # of a body that is too large, so that its sender gets to read the answer
STREAMS = "/live/"
# What Django's middleware says of every page, for the answers that don't come from there.
CAREFUL = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_streams: dict[str, Stream] = {}
_entering: list[Callable[[Scope], Awaitable[bool]]] = []


def stream(path: str) -> Callable[[Stream], Stream]:
    """Register an async handler of an event stream; `path` is under `/live/`."""
    if not path.startswith(STREAMS):
        raise ValueError(f"an event stream lives under {STREAMS}: {path}")

    def register(handler: Stream) -> Stream:
        _streams[path] = handler
        return handler

    return register


def on_entering(asked: Callable[[Scope], Awaitable[bool]]) -> None:
    """Ask this before a stream is opened: whether there is anything at the name it was asked for by."""
    _entering.append(asked)


class Viewer:
    """One reader of an event stream."""

    def __init__(self, receive: Receive, send: Send, closing: Callable[[], bool]) -> None:
        self._receive = receive
        self._send = send
        self._closing = closing

    @property
    def closing(self) -> bool:
        """Whether the server stops: a handler ends then."""
        return self._closing()

    async def event(self, name: str, data: str) -> None:
        """Send one frame. `data` has no line breaks (JSON has none)."""
        frame = f"event: {name}\ndata: {data}\n\n".encode()
        await self._send({"type": "http.response.body", "body": frame, "more_body": True})

    async def gone(self) -> None:
        """Wait until the reader has left."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


class Front:
    """The ASGI application in front of Django."""

    def __init__(self, django: App) -> None:
        self.django = django
        self.closing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif bodies.head_too_long(scope):
            await _answer(scope, send, LONG_HEAD)
        elif scope["path"].startswith(STREAMS):
            await self._stream(scope, receive, send)
        elif await self._fits(scope, receive, send):
            whole = await bodies.whole(scope, receive)
            if whole is None:
                await _answer(scope, send, TOO_SLOW)
            else:
                await self.django(scope, whole, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = _streams.get(scope["path"])
        there = handler is not None and all([await asked(scope) for asked in _entering])
        if handler is None or not there or scope["method"] != "GET":
            await _answer(scope, send, NOT_FOUND)
            return
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            *CAREFUL,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        viewer = Viewer(receive, send, lambda: self.closing)
        await _until_one_ends(handler(scope, viewer), viewer.gone())
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _fits(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Whether the body may be read; answers with a sentence if it may not."""
        headers = dict(scope["headers"])
        if b"transfer-encoding" in headers:
            await _answer(scope, send, NO_LENGTH)
            return False
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) <= MAX_BODY:
            return True
        await _drain(receive)
        await _answer(scope, send, TOO_LARGE)
        return False


async def _until_one_ends(*tasks: Awaitable[None]) -> None:
    import asyncio

    running = [asyncio.ensure_future(task) for task in tasks]
    done, rest = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        task.result()


async def _drain(receive: Receive) -> None:
    """Read and drop a body: a browser that is still sending shows a broken connection, not our sentence."""
    read = 0
    while read < MAX_DRAIN:
        message = await receive()
        read += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


def _language(scope: Scope) -> str:
    from django.core.handlers.asgi import ASGIRequest

    return get_language_from_request(ASGIRequest(dict(scope), None))  # type: ignore[arg-type]


NOT_FOUND, TOO_SLOW, NO_LENGTH, TOO_LARGE, LONG_HEAD = 404, 408, 411, 413, 431


def _sentences(status: int) -> tuple[str, str]:
    """Heading and sentence of a page that the front gives by itself, in the language that is active."""
    if status == TOO_SLOW:
        return _("Sending took too long"), _(
            "It took too long until everything had arrived. Go back and send it again: your words are there."
        )
    if status == NO_LENGTH:
        sentence = _("The length of what you send is not stated. Please send it again with a browser.")
        return _("This can't be taken in"), sentence
    megabytes = MAX_BODY // 1024 // 1024
    return _("This is too large"), _(
        "All files together may be up to %(megabytes)d MB, and these are larger. Nothing was sent. "
        "Go back: your words are still there. Take fewer or smaller photos, or a shorter video."
    ) % {"megabytes": megabytes}


def _page(scope: Scope, status: int) -> bytes:
    """The page of a refusal, in the reader's language and below it in the other one: no office has been asked yet."""
    from django.template.loader import render_to_string

    mine = _language(scope)
    with override("zh-hans" if mine.startswith("en") else "en"):
        _heading, other = _sentences(status)
    with override(mine):
        heading, sentence = _sentences(status)
        frame = {"language": mine, "text_size": "", "theme": ""}
        context = {"heading": heading, "sentence": sentence, "added": other, "status": status, "frame": frame}
        return render_to_string("core/front.html", context).encode()


async def _answer(scope: Scope, send: Send, status: int) -> None:
    import asyncio

    page = b"" if status in {NOT_FOUND, LONG_HEAD} else await asyncio.to_thread(_page, scope, status)
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'"),
        (b"connection", b"close"),
        *CAREFUL,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page})


@stream("/live/ping")
async def ping(scope: Scope, viewer: Viewer) -> None:
    """Tells that the stream works: one frame at once, then one every fifteen seconds."""
    import asyncio

    beat = 0
    while not viewer.closing:
        if beat % 30 == 0:
            await viewer.event("ping", str(beat // 30))
        beat += 1
        await asyncio.sleep(0.5)


@cache
def django_application() -> Any:
    """Django with its middleware; made before the web processes are forked, so that they share it."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def make_front() -> Front:
    """Django behind the front, on its threads."""
    from django.conf import settings

    from chenyue.core.threads import Threads

    return Front(Threads(django_application(), workers=max(2, THREADS // settings.WEB)))

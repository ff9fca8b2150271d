"""The front of the one-machine server: streams, limits, threads that keep their connections."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from chenyue.core import server
from chenyue.core.threads import Threads


def ask(
    app: Any,
    path: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: list[bytes] | None = None,
    stop_after: Callable[[list[Any]], bool] | None = None,
) -> list[dict[str, Any]]:
    """Send one request through an ASGI application; all messages it answered."""

    async def run() -> list[dict[str, Any]]:
        chunks = list(body or [b""])
        sent: list[dict[str, Any]] = []
        enough = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if chunks:
                chunk = chunks.pop(0)
                return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}
            await enough.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if stop_after and stop_after(sent):
                enough.set()

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "scheme": "http",
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 1),
            "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()],
        }
        await app(scope, receive, send)
        return sent

    return asyncio.run(run())


def text(messages: list[dict[str, Any]]) -> str:
    return b"".join(m.get("body", b"") for m in messages).decode()


async def django(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"django"})


def test_a_stream_sends_its_first_frame_at_once_and_ends_with_its_reader() -> None:
    sent = ask(server.Front(django), "/live/ping", stop_after=lambda sent: len(sent) > 1)
    assert dict(sent[0]["headers"])[b"content-type"] == b"text/event-stream"
    assert text(sent) == "event: ping\ndata: 0\n\n"


def test_a_stream_ends_when_the_server_stops() -> None:
    front = server.Front(django)
    front.closing = True
    assert ask(front, "/live/ping")[-1]["more_body"] is False


def test_an_unknown_stream_is_not_found() -> None:
    assert ask(server.Front(django), "/live/nothing")[0]["status"] == 404


def test_streams_live_in_one_place() -> None:
    with pytest.raises(ValueError, match="/live/"):
        server.stream("/elsewhere")


def test_everything_else_is_for_django() -> None:
    assert text(ask(server.Front(django), "/tell/")) == "django"


def test_too_large_a_body_is_answered_with_a_sentence_and_never_read_into_memory() -> None:
    said = str(200 * 1024 * 1024)
    sent = ask(server.Front(django), "/tell/", method="POST", headers={"Content-Length": said}, body=[b"x" * 1024] * 50)
    assert sent[0]["status"] == 413
    assert dict(sent[0]["headers"])[b"x-content-type-options"] == b"nosniff"
    assert "60 MB" in text(sent)


@pytest.mark.parametrize(("length", "status"), [("10", 200), ("-1", 413), ("1e3", 413), (str(server.MAX_BODY), 200)])
def test_lengths(length: str, status: int) -> None:
    sent = ask(server.Front(django), "/", method="POST", headers={"Content-Length": length})
    assert sent[0]["status"] == status


def test_a_body_of_unstated_length_is_refused() -> None:
    sent = ask(server.Front(django), "/", method="POST", headers={"Transfer-Encoding": "chunked"})
    assert sent[0]["status"] == 411


@pytest.mark.django_db(transaction=True)
def test_threads_keep_their_database_connections(settings: Any) -> None:
    """Reconnecting per request would cost more than the request."""
    made: list[Any] = []

    def note(**kwargs: Any) -> None:
        made.append(kwargs["connection"])

    connection_created.connect(note)
    app = Threads(get_wsgi_application(), workers=2)
    try:
        for _ in range(12):
            sent = ask(server.Front(app), "/readyz")
            assert sent[0]["status"] == 200
        assert len(made) <= 2
    finally:
        connection_created.disconnect(note)
        from django.db import connections

        for _ in range(2):
            app.executor.submit(connections.close_all)
        app.executor.shutdown(wait=True)

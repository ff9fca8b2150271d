"""Whoever sends slowly, or not to the end, keeps no thread from anybody else."""

import asyncio
from typing import Any

import pytest

from chenyue.core import bodies, server


def send_through(pieces: list[bytes], length: int, *, then_wait: bool = False) -> tuple[list[Any], list[bytes]]:
    """What was answered, and what reached Django."""
    reached: list[bytes] = []
    sent: list[Any] = []

    async def django(scope: Any, receive: Any, send: Any) -> None:
        whole = b""
        while True:
            message = await receive()
            whole += message.get("body", b"")
            if not message.get("more_body"):
                break
        reached.append(whole)

    async def run() -> None:
        rest = list(pieces)

        async def receive() -> dict[str, Any]:
            if rest:
                piece = rest.pop(0)
                return {"type": "http.request", "body": piece, "more_body": bool(rest) or then_wait}
            await asyncio.Event().wait()
            return {}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/tell/", "query_string": b"", "scheme": "http"}
        scope |= {"headers": [(b"content-length", str(length).encode())]}
        await server.Front(django)(scope, receive, send)

    asyncio.run(run())
    return sent, reached


def test_a_body_that_does_not_arrive_never_reaches_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.01)
    sent, reached = send_through([b"words="], 5000, then_wait=True)
    assert sent[0]["status"] == 408
    assert reached == []


def test_a_body_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.0)
    monkeypatch.setattr(bodies, "SLOWEST", 10**12)
    sent, reached = send_through([b"a"] * 50, 50)
    assert sent[0]["status"] == 408
    assert reached == []


@pytest.mark.parametrize("size", [1, bodies.SMALL, bodies.PIECE, bodies.PIECE * 2 + 7])
def test_what_arrives_reaches_django_as_it_was_sent(size: int) -> None:
    body = bytes(n % 251 for n in range(size))
    pieces = [body[i : i + 65536] for i in range(0, size, 65536)]
    sent, reached = send_through(pieces, size)
    assert reached == [body]
    assert sent == []

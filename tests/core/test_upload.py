"""A body or a head that is too large, against the real server: told so, and memory doesn't grow with it."""

import re
import resource
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from django.urls import reverse

from cast import client_of
from chenyue.core import heads, server

MEGABYTE = 1024 * 1024


@pytest.fixture
def port() -> Iterator[int]:
    """A real web server with the front, on a free port."""
    listening = socket.create_server(("127.0.0.1", 0))
    told = {"http": heads.Protocol, "log_config": None, "access_log": False, "lifespan": "off"}
    serving = uvicorn.Server(uvicorn.Config(server.make_front(), **told))
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    serving.should_exit = True
    thread.join(10)
    listening.close()


def send(port: int, megabytes: int, language: str) -> str:
    """Send that many megabytes as a browser does: all of it, then read the answer."""
    with socket.create_connection(("127.0.0.1", port), 60) as wire:
        head = f"POST /tell/ HTTP/1.1\r\nHost: localhost\r\nAccept-Language: {language}\r\nContent-Length: "
        wire.sendall(f"{head}{megabytes * MEGABYTE}\r\n\r\n".encode())
        piece = bytes(MEGABYTE)
        for _piece in range(megabytes):
            wire.sendall(piece)
        got = b""
        while part := wire.recv(65536):
            got += part
    return got.decode()


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.parametrize(("language", "lang"), [("zh-CN", "zh-hans"), ("en", "en")])
def test_two_hundred_megabytes_get_their_sentence(port: int, language: str, lang: str) -> None:
    send(port, 61, language)  # templates are loaded now
    before = peak()
    got = send(port, 200, language)
    head, page = got.split("\r\n\r\n", 1)
    assert "413" in head.split("\r\n")[0]
    assert peak() - before < 40
    assert f'lang="{lang}"' in page
    assert "60 MB" in page and len(re.findall("60 MB", page)) == 2  # in the reader's language, and in the other
    assert "stylesheet" in page and "style=" not in page and "<script" not in page


@pytest.mark.django_db
def test_the_size_is_said_at_the_field_before_sending() -> None:
    page = client_of().get(reverse("portal:tell")).content.decode()
    assert 'data-most="20971520"' in page
    assert f'data-body="{server.MAX_BODY - MEGABYTE}"' in page
    assert "data-large=" in page and "data-all=" in page


@pytest.mark.parametrize("count", [1, 400])
def test_a_head_that_never_ends_is_cut_off(port: int, count: int) -> None:
    """One long header, or many."""
    line = b"x-long: " + b"x" * (MEGABYTE // count) + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), 60) as wire:
        wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        with pytest.raises(OSError, match=r"reset|[Bb]roken"):
            wire.sendall(line * 64 * count)


@pytest.mark.parametrize(("long", "status"), [(10, b"200"), (60_000, b"200"), (66_000, b"431")])
def test_a_head_has_a_size(port: int, long: int, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), 60) as wire:
        for _twice in range(2 if status == b"200" else 1):
            wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nx-long: " + b"x" * long + b"\r\n\r\n")
            assert wire.recv(65536).split()[1] == status

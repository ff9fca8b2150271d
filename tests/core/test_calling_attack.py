"""Calling out: never into the network inside, whatever a name says, and never more than was asked for."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chenyue.core import calling

INSIDE = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://10.0.0.5/", "https://172.16.3.4/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/", "https://0.0.0.0/", "https://[::1]/", "https://[::]/", "https://[fe80::1]/",
    "https://[fc00::1]/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://224.0.0.1/", "https://localhost/", "https://LOCALHOST./", "https://db/", "https://a.local/",
    "http://example.org/",
]  # fmt: skip
BROKEN = [
    "", "example.org", "ftp://example.org/", "https://", "https://example.org:0/", "https://example.org:99999/",
    "https://u:p@example.org/", "https://u@example.org/", "https://@example.org/", "https://example.org/#x",
    "https://exam\nple.org/", "https://example.org/ /", "https://example.org\\@127.0.0.1/", "https://[::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside(address: str) -> None:
    with pytest.raises(calling.NotCalled) as refused:
        calling.checked(address)
    assert refused.value.code == "guard"


@pytest.mark.parametrize("address", BROKEN)
def test_nothing_broken(address: str) -> None:
    with pytest.raises(calling.NotCalled) as refused:
        calling.checked(address)
    assert refused.value.code == "address"


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:10.0.0.1"], []])
def test_a_name_that_leads_inside(monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in answers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: rows)
    with pytest.raises(calling.NotCalled) as refused:
        calling.call("GET", "https://rebinding.example.org/")
    assert refused.value.code == ("guard" if answers else "unreachable")


@pytest.fixture
def server() -> Iterator[Any]:
    """A machine inside, which the operator may name."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found = self.rfile.read(int(self.headers["Content-Length"] or 0))
            seen.append((self.path, self.headers["Host"], found))
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", "/secret")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 5000 if self.path == "/long" else b'{"ok": 1}')

        def log_message(self, *_args: Any) -> None:
            """Tests print nothing."""

    seen: list[Any] = []
    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.seen = seen  # type: ignore[attr-defined]
    threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


def test_the_operator_may_name_a_host(server: Any, settings: Any) -> None:
    here = f"http://127.0.0.1:{server.server_port}"
    with pytest.raises(calling.NotCalled):
        calling.post_json(here, {})
    settings.OUTBOUND_HOSTS = [f"127.0.0.1:{server.server_port}"]
    answer = calling.post_json(f"{here}/a", {"words": "漏水"})
    assert (answer.status, answer.json()) == (200, {"ok": 1})
    [(path, host, body)] = server.seen
    assert (path, host) == ("/a", f"127.0.0.1:{server.server_port}")
    assert body.decode() == '{"words":"漏水"}'


def test_a_named_name_goes_where_it_was_looked_up_once(server: Any, settings: Any, monkeypatch: Any) -> None:
    settings.OUTBOUND_HOSTS = ["sms.example.org"]
    asked: list[Any] = []

    def lookup(host: str, port: int, **_more: Any) -> Any:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with monkeypatch.context() as patched:
        real = socket.getaddrinfo
        patched.setattr(
            socket,
            "getaddrinfo",
            lambda h, p, *a, **k: lookup(h, p) if "." in h and h[0] == "s" else real(h, p, *a, **k),
        )
        answer = calling.call("POST", f"http://sms.example.org:{server.server_port}/x")
    assert answer.good
    assert asked == ["sms.example.org"]
    assert server.seen[0][1] == f"sms.example.org:{server.server_port}"


def test_redirects_are_not_followed_and_answers_are_bounded(server: Any, settings: Any) -> None:
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    here = f"http://127.0.0.1:{server.server_port}"
    assert calling.call("POST", f"{here}/moved").status == 302
    with pytest.raises(calling.NotCalled) as refused:
        calling.call("POST", f"{here}/long", most=1000)
    assert refused.value.code == "long"
    assert [path for path, _h, _b in server.seen] == ["/moved", "/long"]

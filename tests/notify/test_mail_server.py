"""The office's mail server: reached at the address that was looked at, known by the certificate of its name."""

import smtplib
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from chenyue.core import calling
from chenyue.notify.channels import email
from chenyue.notify.channels.held import Setup
from chenyue.notify.channels.register import Outgoing

pytestmark = pytest.mark.django_db
NAME = "mail.example.test"  # a name that nobody ever has (RFC 6761)


class _Handler(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in iter(lambda: self.rfile.readline(4000), b""):
            said = line.decode().strip().upper()
            self.server.said.append(said)  # type: ignore[attr-defined]
            if said == "DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline(4000).strip() != b".":
                    pass
            self.wfile.write(b"221 bye\r\n" if said == "QUIT" else b"250 good\r\n")


@pytest.fixture
def server() -> Iterator[Any]:
    """Takes whatever it is given."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as found:
        found.daemon_threads = True
        found.said = []  # type: ignore[attr-defined]
        threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield found
        found.shutdown()


def setup(port: int, security: str = "none") -> Setup:
    """The channel's settings as an administrator types them."""
    values = {"host": NAME, "port": port, "security": security, "user": "", "password": "", "sender": "a@example.org"}
    return Setup("email", on=True, values=values)


def test_a_letter_goes_to_the_address_that_was_looked_at(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "resolve", lambda _parts: "127.0.0.1")  # and a moment later the name means another
    out = Outgoing(key="m-1", template="case-answered", address="chen@example.org", title="答复", body="井盖已更换。")
    assert email.send(out, setup(server.server_address[1])) == email.mark_of("m-1")
    assert "DATA" in server.said


def test_the_certificate_must_be_one_of_the_name(server: Any) -> None:
    named: list[Any] = []

    class Context:
        def wrap_socket(self, plain: Any, server_hostname: str) -> Any:
            named.append(server_hostname)
            return plain

    found = email.Server(host=NAME, port=server.server_address[1], use_ssl=True)
    found.there = "127.0.0.1"
    with found.connection_class(NAME, server.server_address[1], context=Context(), timeout=5) as held:
        assert isinstance(held, smtplib.SMTP_SSL) and held.noop()[0] == 250
    assert named == [NAME]

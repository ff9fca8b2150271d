"""A browser without a screen: one person's cookies, one connection, and answers as they come over the wire."""

import contextlib
import http.client
import socket
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PATIENCE = 60.0
MOST = 30_000_000  # bytes of an answer that are read


@dataclass(frozen=True)
class Address:
    """Where the office is served."""

    secure: bool
    host: str
    port: int

    @classmethod
    def read(cls, url: str) -> "Address":
        """Of `https://host:port`."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        return cls(secure, parts.hostname or "127.0.0.1", parts.port or (443 if secure else 80))

    @property
    def origin(self) -> str:
        """As a browser writes it."""
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}"


@dataclass
class Answer:
    """What came back."""

    who: str
    path: str
    method: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    anonymous: bool = False

    def header(self, name: str) -> str:
        """All values of a header, as one."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def kind(self) -> str:
        """The type of its content, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """Its content as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def html(self) -> bool:
        """Whether a browser shows it as a page."""
        return self.kind == "text/html"


@dataclass
class Visitor:
    """Somebody with cookies; `anonymous` has none at first."""

    name: str
    at: Address
    cookies: dict[str, str] = field(default_factory=dict)
    anonymous: bool = False
    line: http.client.HTTPConnection | None = None

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One request; a line that was closed meanwhile is opened anew, once."""
        sent = {"Host": f"{self.at.host}:{self.at.port}", "Accept-Language": "zh-CN"} | (headers or {})
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        for last in (False, True):
            try:
                return self._once(path, method, body, sent)
            except (OSError, http.client.HTTPException):
                self.close()
                if last:
                    raise
        raise AssertionError

    def _once(self, path: str, method: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self.line is None:
            if self.at.secure:
                secure = ssl.create_default_context()
                self.line = http.client.HTTPSConnection(self.at.host, self.at.port, timeout=PATIENCE, context=secure)
            else:
                self.line = http.client.HTTPConnection(self.at.host, self.at.port, timeout=PATIENCE)
        self.line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self.line.putheader(name, value)
        if body is not None:
            self.line.putheader("Content-Length", str(len(body)))
        self.line.endheaders(body)
        reply = self.line.getresponse()
        found = Answer(self.name, path, method, reply.status, reply.getheaders(), reply.read(MOST), self.anonymous)
        self._keep(found)
        if reply.will_close:
            self.close()
        return found

    def _keep(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key.strip()] = rest.partition(";")[0]

    def close(self) -> None:
        """Hang up."""
        if self.line is not None:
            self.line.close()
        self.line = None


def raw(at: Address, request: bytes) -> bytes:
    """What comes back to these very bytes, up to its first 64 KB; empty if the line is only closed."""
    found = b""
    with contextlib.suppress(OSError), socket.create_connection((at.host, at.port), timeout=10) as line:
        if at.secure:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=at.host)  # noqa: PLW2901
        with contextlib.suppress(OSError):
            line.sendall(request)
        while len(found) < 65536:
            piece = line.recv(65536)
            if not piece:
                break
            found += piece
            if b"\r\n\r\n" in found and b"connection: close" not in found.lower():
                break
    return found


def status(answer: bytes) -> int:
    """The status of a raw answer; 0 if there was none."""
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
